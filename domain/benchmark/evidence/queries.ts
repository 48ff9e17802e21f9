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
  /** What controls say as if no exemption held. */
  bareStateOf: (controlId: string) => ControlState;
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
    db.query<EvidenceRow & Pick<PlacedCluster, "name" | "accountName" | "version" | "lastScanAt">>(
      `SELECT c.id, c."accountId", c.distribution, c.name, a.name AS "accountName", c.version, c."lastScanAt",
         coalesce(s.states, '') AS states, coalesce(s.judged, '') AS judged, coalesce(s.unlisted, '') AS unlisted
       FROM "Cluster" c JOIN "Account" a ON a.id = c."accountId" LEFT JOIN "ControlStates" s ON s."clusterId" = c.id
       WHERE ${where.sql} ORDER BY c.name, c.id`,
      where.values,
    ),
  ]);
  const reader = new StateReader(controls);
  return rows.map(({ states, judged, unlisted, ...cluster }) => {
    const read = reader.read({ distribution: cluster.distribution, states, judged, unlisted });
    return { ...cluster, stateOf: read[place.exemptions ?? "with"], bareStateOf: read.without };
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
  // What is exempted is told apart, and is unhealthy where one looks as if there were no exemption.
  const back = where.bind(place.exemptions === "without" ? 1 : 0);
  const { rows } = await pool().query<ControlCounts>(
    `SELECT r."controlId", sum(r.healthy - r."liftHealthy")::int AS healthy, sum(r.unhealthy + ${back}::int * x.exempted)::int AS unhealthy,
       sum(r."notEvaluated" - r."liftNotEvaluated")::int AS "notEvaluated",
       sum(r."notApplicable" - r."liftNotApplicable")::int AS "notApplicable", sum(x.exempted)::int AS exempted
     FROM "ControlRollup" r JOIN "Cluster" c ON c.id = r."clusterId"
       CROSS JOIN LATERAL (SELECT r."liftHealthy" + r."liftNotApplicable" + r."liftNotEvaluated" AS exempted) x
     WHERE (${wanted}::text[] IS NULL OR r."controlId" = ANY(${wanted})) AND ${where.sql} GROUP BY 1`,
    where.values,
  );
  return new Map(rows.map((row) => [row.controlId, row]));
}
