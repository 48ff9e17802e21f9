import "server-only";
import type pg from "pg";
import type { AccountScope } from "@/domain/access/scope";
import { controlCatalogue } from "@/domain/posture/queries";
import { pool } from "@/lib/db";
import { Where } from "@/lib/http/where";
import type { Place } from "../place";
import type { ClusterEvidence, ControlState } from "../rollup";
import { type EvidenceRow, StateReader } from "./state";

/** A cluster of a place, as pages name it. */
export interface PlacedCluster extends ClusterEvidence {
  name: string;
  accountName: string;
  /** Its Kubernetes, as its cloud tells it. */
  version: string | null;
  lastScanAt: Date | null;
  /** Reads what controls say as if no exemption held. */
  bareEvidence: () => (controlId: string) => ControlState;
}

/** Clusters of a place that are not gone and that the scope sees, as `c`. */
export function placeWhere(scope: Pick<AccountScope, "accountIds">, place: Place): Where {
  const where = new Where().and(`c."goneAt" IS NULL`);
  if (scope.accountIds !== null) where.and(`c."accountId" = ANY(${where.bind(scope.accountIds)}::uuid[])`);
  if (place.scope === "account") where.and(`c."accountId" = ${where.bind(place.id)}::uuid`);
  if (place.scope === "cluster") where.and(`c.id = ${where.bind(place.id)}::uuid`);
  return where;
}

/** What the last scans found, a short text for each cluster: neither roll-ups nor findings are read, of what is exempted an index only. */
export async function readEvidence(
  scope: Pick<AccountScope, "accountIds">,
  place: Place,
  db: pg.Pool | pg.PoolClient = pool(),
): Promise<PlacedCluster[]> {
  const where = placeWhere(scope, place);
  const [controls, { rows }] = await Promise.all([
    controlCatalogue(),
    db.query<EvidenceRow & Pick<PlacedCluster, "name" | "accountName" | "version" | "lastScanAt">>(
      `SELECT c.id, c."accountId", c.distribution, c.name, a.name AS "accountName", c.version, c."lastScanAt",
         coalesce(s.states, '') AS states, coalesce(s.judged, '') AS judged, coalesce(s.unlisted, '') AS unlisted,
         coalesce(x.exempted, '') AS exempted
       FROM "Cluster" c JOIN "Account" a ON a.id = c."accountId" LEFT JOIN "ControlStates" s ON s."clusterId" = c.id
       LEFT JOIN LATERAL (SELECT string_agg(DISTINCT f."controlId", ',') AS exempted FROM "Finding" f
         WHERE f."clusterId" = c.id AND f."exemptionId" IS NOT NULL AND f.state = 'open') x ON true
       WHERE ${where.sql} ORDER BY c.name, c.id`,
      where.values,
    ),
  ]);
  const reader = new StateReader(controls);
  return rows.map(({ states, judged, unlisted, exempted, ...cluster }) => {
    const row = { distribution: cluster.distribution, states, judged, unlisted, exempted };
    const stateOf = reader.read(row, place.exemptions);
    const bareEvidence = () => (exempted === "" ? stateOf : reader.read(row, "without"));
    return { ...cluster, stateOf, bareEvidence };
  });
}

/** Resources of a place by what a control says of them. */
export interface ControlCounts {
  controlId: string;
  healthy: number;
  unhealthy: number;
  notEvaluated: number;
  notApplicable: number;
  /** Those that an exemption holds for; without exemptions they are unhealthy. */
  exempted: number;
}

/** Resources by control over the clusters of a place; of all controls where none are named. `distributions`: empty for all. */
export async function readControlCounts(
  scope: Pick<AccountScope, "accountIds">,
  place: Place,
  distributions: readonly string[],
  controls: readonly string[] | null,
): Promise<Map<string, ControlCounts>> {
  const where = placeWhere(scope, place).any("c.distribution", distributions, "text");
  const wanted = where.bind(controls);
  // What an exemption does to the roll-up is taken back where one looks as if there were none.
  const back = where.bind(place.exemptions === "without" ? 1 : 0);
  const { rows } = await pool().query<ControlCounts>(
    `SELECT u."controlId", sum(u.healthy)::int AS healthy, sum(u.unhealthy)::int AS unhealthy, sum(u."notEvaluated")::int AS "notEvaluated",
       sum(u."notApplicable")::int AS "notApplicable", sum(u.exempted)::int AS exempted
     FROM (SELECT "clusterId", "controlId", healthy, unhealthy, "notEvaluated", "notApplicable", 0 AS exempted FROM "ControlRollup"
       UNION ALL
       SELECT f."clusterId", f."controlId", -${back}::int * (f.exemption = 'mitigated' AND f."notRechecked" IS NULL)::int, ${back}::int,
         -${back}::int * (f.exemption = 'mitigated' AND f."notRechecked" IS NOT NULL)::int, -${back}::int * (f.exemption = 'waiver')::int, 1
       FROM "Finding" f WHERE f."exemptionId" IS NOT NULL AND f.state = 'open') u
     JOIN "Cluster" c ON c.id = u."clusterId" WHERE (${wanted}::text[] IS NULL OR u."controlId" = ANY(${wanted})) AND ${where.sql} GROUP BY 1`,
    where.values,
  );
  return new Map(rows.map((row) => [row.controlId, row]));
}
