import "server-only";
import type { AccountScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import type { NamedPlace } from "../../report/queries";
import type { Attested } from "../../schema";

/** What counts now, as it is printed. */
export interface LiveAttestation {
  requirement: string;
  /** Name of the account or cluster; empty for the fleet. */
  place: string;
  state: Attested;
  evidence: string;
  link: string | null;
  by: string;
  until: Date;
}

/**
 * What counts now of one benchmark at a place: what was said of it, of what lies in it, and of what it lies in; by requirement, at most
 * `most`, and how many more there are.
 */
export async function attestedAt(
  scope: AccountScope,
  benchmarkId: string,
  { place, accountId }: NamedPlace,
  most: number,
): Promise<{ items: LiveAttestation[]; more: number }> {
  const { rows } = await pool().query<LiveAttestation & { total: number }>(
    `SELECT t."requirementId" AS requirement, coalesce(c.name, a.name, '') AS place, t.state, t.evidence, t.link, t.by, t.until, count(*) OVER ()::int AS total
     FROM "Attestation" t LEFT JOIN "Cluster" c ON t.scope = 'cluster' AND c.id = t."scopeId" LEFT JOIN "Account" a ON t.scope = 'account' AND a.id = t."scopeId"
     WHERE t."benchmarkId" = $2 AND t."endedAt" IS NULL AND t.until > now() AND (t.scope = 'fleet' OR $1::uuid[] IS NULL OR t."accountId" = ANY($1))
       AND (t.scope = 'fleet' OR $3::uuid IS NULL OR t."accountId" = $3) AND (t.scope <> 'cluster' OR $4::uuid IS NULL OR t."scopeId" = $4)
     ORDER BY t."requirementId", t.scope DESC, t.id LIMIT $5`,
    [scope.accountIds, benchmarkId, accountId, place.scope === "cluster" ? place.id : null, most],
  );
  const items = rows.map(({ total: _all, ...row }) => row);
  return { items, more: Math.max(0, (rows[0]?.total ?? 0) - rows.length) };
}
