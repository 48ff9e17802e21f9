import "server-only";
import type pg from "pg";
import type { AccountScope } from "@/domain/access/scope";
import { controlCatalogue } from "@/domain/posture/queries";
import { pool } from "@/lib/db";
import { Where } from "@/lib/http/where";
import type { Place } from "../place";
import type { ClusterEvidence } from "../rollup";
import { type EvidenceRow, stateReader } from "./state";

/** A cluster of a place, as pages name it. */
export interface PlacedCluster extends ClusterEvidence {
  name: string;
  accountName: string;
  lastScanAt: Date | null;
}

/** Clusters of a place that are not gone and that the scope sees, as `c`. */
export function placeWhere(scope: Pick<AccountScope, "accountIds">, place: Place): Where {
  const where = new Where().and(`c."goneAt" IS NULL`);
  if (scope.accountIds !== null) where.and(`c."accountId" = ANY(${where.bind(scope.accountIds)}::uuid[])`);
  if (place.scope === "account") where.and(`c."accountId" = ${where.bind(place.id)}::uuid`);
  if (place.scope === "cluster") where.and(`c.id = ${where.bind(place.id)}::uuid`);
  return where;
}

/** What the last scans found, a short text for each cluster: the roll-ups are read, never the findings. `only` these controls are known then. */
export async function readEvidence(
  scope: Pick<AccountScope, "accountIds">,
  place: Place,
  only: ReadonlySet<string> | null = null,
  db: pg.Pool | pg.PoolClient = pool(),
): Promise<PlacedCluster[]> {
  const where = placeWhere(scope, place);
  const wanted = where.bind(only === null ? null : [...only]);
  const [controls, { rows }] = await Promise.all([
    controlCatalogue(),
    db.query<EvidenceRow & { name: string; accountName: string; lastScanAt: Date | null }>(
      `SELECT c.id, c."accountId", c.distribution, c.name, a.name AS "accountName", c."lastScanAt",
         r.rollup,
         (SELECT string_agg(k, ',') FROM jsonb_object_keys(CASE jsonb_typeof(s.stats->'controls') WHEN 'object' THEN s.stats->'controls' ELSE '{}' END) k
          WHERE ${wanted}::text[] IS NULL OR k = ANY(${wanted})) AS judged,
         (SELECT string_agg(k, ',') FROM jsonb_object_keys(CASE jsonb_typeof(s.stats->'unlisted') WHEN 'object' THEN s.stats->'unlisted' ELSE '{}' END) k) AS unlisted
       FROM "Cluster" c JOIN "Account" a ON a.id = c."accountId" LEFT JOIN "Scan" s ON s.id = c."lastScanId"
       LEFT JOIN (
         SELECT r."clusterId", string_agg(r."controlId" || CASE WHEN r.unhealthy > 0 THEN 'u' WHEN r."notEvaluated" > 0 THEN 'e' WHEN r.healthy > 0 THEN 'h' ELSE 'n' END, ',') AS rollup
         FROM "ControlRollup" r WHERE r."clusterId" IN (SELECT c.id FROM "Cluster" c WHERE ${where.sql}) AND (${wanted}::text[] IS NULL OR r."controlId" = ANY(${wanted}))
         GROUP BY 1) r ON r."clusterId" = c.id
       WHERE ${where.sql} ORDER BY c.name, c.id`,
      where.values,
    ),
  ]);
  return rows.map(({ rollup, judged, unlisted, ...cluster }) => ({
    ...cluster,
    stateOf: stateReader({ distribution: cluster.distribution, rollup, judged, unlisted }, controls),
  }));
}
