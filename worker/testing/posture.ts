import type pg from "pg";

/** What the fleet is said to be: what a failed look at a cluster must not make better. */
export interface Posture {
  /** Open findings with whether the last scan could check them again, by id. */
  open: Map<string, string | null>;
  /** Counts of each control of each cluster: `cluster control` to healthy, unhealthy, notApplicable, notEvaluated. */
  counts: Map<string, [number, number, number, number]>;
  /** Latest score of each account and of the fleet. */
  scores: Map<string, number | null>;
}

export async function readPosture(pool: pg.Pool): Promise<Posture> {
  const findings = await pool.query<{ id: string; notRechecked: string | null }>(
    `SELECT "id", "notRechecked" FROM "Finding" WHERE "state" = 'open' ORDER BY "id"`,
  );
  const rollups = await pool.query<{ key: string; counts: [number, number, number, number] }>(
    `SELECT "clusterId" || ' ' || "controlId" AS key, ARRAY["healthy", "unhealthy", "notApplicable", "notEvaluated"] AS counts
     FROM "ControlRollup" ORDER BY 1`,
  );
  const points = await pool.query<{ key: string; score: number | null }>(
    `SELECT DISTINCT ON ("scope", "scopeId") "scope" || coalesce("scopeId"::text, '') AS key, "score" FROM "ScorePoint"
     WHERE "scope" IN ('account', 'fleet') ORDER BY "scope", "scopeId", "at" DESC, "id" DESC`,
  );
  return {
    open: new Map(findings.rows.map((row) => [row.id, row.notRechecked])),
    counts: new Map(rollups.rows.map((row) => [row.key, row.counts])),
    scores: new Map(points.rows.map((row) => [row.key, row.score])),
  };
}

/** How `now` looks better than `before` did; empty when it does not. */
export function improvements(before: Posture, now: Posture): string[] {
  const better: string[] = [];
  for (const id of before.open.keys()) if (!now.open.has(id)) better.push(`finding ${id} is not open any more`);
  for (const [key, [healthy]] of now.counts) {
    const [was] = before.counts.get(key) ?? [0];
    if (healthy > was) better.push(`${key}: healthy ${was} became ${healthy}`);
  }
  for (const [key, score] of now.scores) {
    const was = before.scores.get(key) ?? 0;
    if ((score ?? 0) > was + 1e-9) better.push(`score of ${key}: ${was} became ${score}`);
  }
  return better;
}
