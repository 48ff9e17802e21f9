import { orNull, toldScore } from "@/lib/hundredths";
import type { Mover } from "./schema";

/** What MOVER_COLUMNS select. */
export interface MoverRecord {
  moverScanId: string | null;
  moverAccountId: string | null;
  moverAccount: string | null;
  moverClusterId: string | null;
  moverCluster: string | null;
  joined: boolean | null;
  accountScore: number | null;
  weight: number | null;
  weightBefore: number | null;
}

/** `weightOf` the groups of a stored point. */
const weight = (groups: string): string =>
  `(SELECT sum((g.value->>'healthy')::int + (g.value->>'unhealthy')::int + (g.value->>'out')::int)::int FROM jsonb_each(${groups}) g WHERE (g.value->>'max')::float8 > 0)`;

/** Beside "ScorePoint" p, with MOVER_TABLES. */
export const MOVER_COLUMNS = `s.id AS "moverScanId", o.id AS "moverAccountId", o.name AS "moverAccount", m.id AS "moverClusterId", m.name AS "moverCluster",
  (SELECT f."scanId" FROM "ScorePoint" f WHERE f.scope = 'cluster' AND f."scopeId" = m.id ORDER BY f.at, f.id LIMIT 1) = s.id AS joined,
  w.score AS "accountScore", w.weight, coalesce(w."weightBefore", 0) AS "weightBefore"`;

/**
 * The scan that moved "ScorePoint" p, its cluster and account, and what the account weighed before and after. One transaction writes
 * the account's point and the fleet's, whose moments differ by milliseconds: the hour only keeps the search within the index.
 */
export const MOVER_TABLES = `LEFT JOIN "Scan" s ON s.id = p."scanId" LEFT JOIN "Account" o ON o.id = s."accountId" LEFT JOIN "Cluster" m ON m.id = s."clusterId"
  LEFT JOIN LATERAL (SELECT now.score, ${weight("now.groups")} AS weight,
      (SELECT ${weight("was.groups")} FROM "ScorePoint" was WHERE was.scope = 'account' AND was."scopeId" = o.id AND was.at < now.at ORDER BY was.at DESC, was.id DESC LIMIT 1) AS "weightBefore"
    FROM "ScorePoint" now WHERE p.scope = 'fleet' AND p.ledger @> '[{"step": "weights"}]' AND now.scope = 'account' AND now."scopeId" = o.id AND now."scanId" = p."scanId"
      AND now.at BETWEEN p.at - interval '1 hour' AND p.at + interval '1 hour' ORDER BY now.at DESC, now.id DESC LIMIT 1) w ON true`;

/** Null when the scan is not kept any more. */
export function moverOf(row: MoverRecord): Mover | null {
  if (row.moverScanId === null || row.moverAccountId === null) return null;
  const moved = row.weight === null || row.weightBefore === null ? 0 : row.weight - row.weightBefore;
  return {
    scanId: row.moverScanId,
    account: { id: row.moverAccountId, name: row.moverAccount ?? "" },
    cluster: row.moverClusterId === null ? null : { id: row.moverClusterId, name: row.moverCluster ?? "" },
    joined: row.joined === true,
    weight: moved === 0 ? null : { heavier: moved > 0, score: orNull(row.accountScore, toldScore) },
  };
}
