import "server-only";
import type pg from "pg";
import type { AccountScope } from "@/domain/access/scope";
import { controlCatalogue } from "@/domain/posture/queries";
import { pool } from "@/lib/db";
import { Where } from "@/lib/http/where";
import type { Place } from "../place";
import type { ClusterEvidence } from "../rollup";
import { type EvidenceRow, StateReader } from "./state";

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

/** What the last scans found, a short text for each cluster: neither roll-ups nor findings are read. */
export async function readEvidence(
  scope: Pick<AccountScope, "accountIds">,
  place: Place,
  db: pg.Pool | pg.PoolClient = pool(),
): Promise<PlacedCluster[]> {
  const where = placeWhere(scope, place);
  const [controls, { rows }] = await Promise.all([
    controlCatalogue(),
    db.query<EvidenceRow & { name: string; accountName: string; lastScanAt: Date | null }>(
      `SELECT c.id, c."accountId", c.distribution, c.name, a.name AS "accountName", c."lastScanAt",
         coalesce(s.states, '') AS states, coalesce(s.judged, '') AS judged, coalesce(s.unlisted, '') AS unlisted
       FROM "Cluster" c JOIN "Account" a ON a.id = c."accountId" LEFT JOIN "ControlStates" s ON s."clusterId" = c.id
       WHERE ${where.sql} ORDER BY c.name, c.id`,
      where.values,
    ),
  ]);
  const reader = new StateReader(controls);
  return rows.map(({ states, judged, unlisted, ...cluster }) => ({
    ...cluster,
    stateOf: reader.read({ distribution: cluster.distribution, states, judged, unlisted }),
  }));
}
