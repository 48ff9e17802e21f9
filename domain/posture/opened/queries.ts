import type pg from "pg";

/** A finding that a scan opened and that is open still. `exemption`: what holds for it now; null when nothing does. */
export interface StillOpen {
  controlId: string;
  severity: number;
  kind: string;
  namespace: string;
  name: string;
  owner: string | null;
  exemption: string | null;
}

/**
 * What is left of the findings of a severity that a scan opened at a moment, as they are now; null when nothing is stored of their opening
 * any more. For whoever tells of them later: who may see them was decided where they are told.
 */
export async function stillOpen(
  pool: pg.Pool,
  { scanId, at, severity }: { scanId: string; at: Date; severity: number },
): Promise<StillOpen[] | null> {
  const { rows } = await pool.query<StillOpen & { state: string }>(
    `SELECT f."controlId", f."severity", f."kind", f."namespace", f."name", f."owner", f."exemption", f."state"
     FROM "FindingTransition" t JOIN "Finding" f ON f."id" = t."findingId"
     WHERE t."at" = $2 AND t."scanId" = $1 AND t."severity" = $3 AND t."change" <> 'resolved'
     ORDER BY f."namespace", f."kind", f."name", f."apiGroup", f."controlId"`,
    [scanId, at, severity],
  );
  return rows.length === 0 ? null : rows.filter(({ state }) => state === "open");
}
