import "server-only";
import type { AccountScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import { Where } from "@/lib/http/where";
import { SCORE_GROUPS, type ScoreGroup } from "../schema";
import type { Totals } from "../score";
import type { RecommendationFilter } from "./schema";

const isScoreGroup = (id: string): id is ScoreGroup => Object.hasOwn(SCORE_GROUPS, id);

type ClusterSide = Pick<RecommendationFilter, "account" | "distribution" | "cluster">;

/** Clusters that are not gone, that the scope sees and that the filter counts, as `c`. */
function clusterWhere(scope: AccountScope, filter: ClusterSide): Where {
  const where = new Where().and(`c."goneAt" IS NULL`);
  if (scope.accountIds !== null) where.and(`c."accountId" = ANY(${where.bind(scope.accountIds)}::uuid[])`);
  return where
    .any(`c."accountId"`, filter.account, "uuid")
    .any("c.distribution", filter.distribution, "text")
    .any("c.id", filter.cluster, "uuid");
}

/**
 * Roll-ups by control, as a table `r` to add up: those of accounts, a tenth as many, unless the filter chooses among the clusters of an account.
 * `clusters` of a row: in how many something is unhealthy.
 */
export function rollupsOf(scope: AccountScope, filter: ClusterSide): { sql: string; values: unknown[] } {
  if (filter.distribution.length === 0 && filter.cluster.length === 0) {
    const where = new Where();
    if (scope.accountIds !== null) where.and(`"accountId" = ANY(${where.bind(scope.accountIds)}::uuid[])`);
    where.any(`"accountId"`, filter.account, "uuid");
    return { sql: `(SELECT * FROM "AccountControlRollup" WHERE ${where.sql}) r`, values: where.values };
  }
  const { sql, values } = clusterWhere(scope, filter);
  const chosen = `"clusterId" = ANY(ARRAY(SELECT c.id FROM "Cluster" c WHERE ${sql}))`;
  return { sql: `(SELECT *, (unhealthy > 0)::int AS clusters FROM "ControlRollup" WHERE ${chosen}) r`, values };
}

export interface ControlSums {
  controlId: string;
  /** Evaluated healthy: not what an exemption counts so. */
  healthy: number;
  unhealthy: number;
  /** Open findings that an exemption holds for; no other amount counts them. */
  exempted: number;
  notEvaluated: number;
  notApplicable: number;
  clusters: number;
}

/** Assessments by control, with what is exempted told apart. */
export async function sumsByControl(scope: AccountScope, filter: ClusterSide): Promise<ControlSums[]> {
  const rollups = rollupsOf(scope, filter);
  const { rows } = await pool().query<ControlSums>(
    `SELECT r."controlId", sum(r.healthy - r."liftHealthy")::int AS healthy, sum(r.unhealthy)::int AS unhealthy,
       sum(r."liftHealthy" + r."liftNotApplicable" + r."liftNotEvaluated")::int AS exempted, sum(r."notEvaluated" - r."liftNotEvaluated")::int AS "notEvaluated",
       sum(r."notApplicable" - r."liftNotApplicable")::int AS "notApplicable", sum(r.clusters)::int AS clusters
     FROM ${rollups.sql} GROUP BY 1`,
    rollups.values,
  );
  return rows;
}

/** Resources by account and score group: the sums that scores are made of. */
export async function totalsByAccount(scope: AccountScope, filter: ClusterSide): Promise<Map<string, Totals>> {
  const where = clusterWhere(scope, filter);
  const { rows } = await pool().query<{
    accountId: string;
    scoreGroup: string;
    healthy: number;
    unhealthy: number;
    out: number;
  }>(
    `SELECT c."accountId", g."scoreGroup", sum(g.healthy)::int AS healthy, sum(g.unhealthy)::int AS unhealthy, sum(g.out)::int AS out
     FROM "GroupRollup" g JOIN "Cluster" c ON c.id = g."clusterId" WHERE ${where.sql} GROUP BY 1, 2`,
    where.values,
  );
  const byAccount = new Map<string, Totals>();
  for (const { accountId, scoreGroup, ...counts } of rows)
    if (isScoreGroup(scoreGroup)) byAccount.set(accountId, { ...byAccount.get(accountId), [scoreGroup]: counts });
  return byAccount;
}

/** Resources by account and control that only this control keeps unhealthy in its group. */
export async function soleByAccount(
  scope: AccountScope,
  filter: ClusterSide,
): Promise<{ accountId: string; controlId: string; resources: number }[]> {
  const where = clusterWhere(scope, filter);
  const { rows } = await pool().query<{ accountId: string; controlId: string; resources: number }>(
    `SELECT c."accountId", s."controlId", sum(s.resources)::int AS resources FROM "SoleFailure" s JOIN "Cluster" c ON c.id = s."clusterId"
     WHERE ${where.sql} GROUP BY 1, 2`,
    where.values,
  );
  return rows;
}
