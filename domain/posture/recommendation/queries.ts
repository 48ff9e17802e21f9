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
 * The condition on `r."clusterId"` of a long roll-up by cluster, or of findings. All but the few that are gone are told by these: the
 * clusters are not joined, which is a third of the time.
 */
export function rollupWhere(scope: AccountScope, filter: ClusterSide): Where {
  const chosen = clusterWhere(scope, filter);
  const everything = scope.accountIds === null && chosen.values.length === 0;
  return new Where(chosen.values).and(
    everything
      ? `r."clusterId" <> ALL(ARRAY(SELECT c.id FROM "Cluster" c WHERE c."goneAt" IS NOT NULL))`
      : `r."clusterId" = ANY(ARRAY(SELECT c.id FROM "Cluster" c WHERE ${chosen.sql}))`,
  );
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

/**
 * What exemptions put into the roll-ups' amounts, by control: mitigated ones into healthy or not evaluated, waivers into not applicable. SQL
 * of a table, over clusters of `where`, a condition on `r."clusterId"`.
 */
const exemptedSql = (where: Where): string =>
  `SELECT r."controlId", count(*) AS exempted, count(*) FILTER (WHERE r.exemption = 'mitigated' AND r."notRechecked" IS NULL) AS healthy,
     count(*) FILTER (WHERE r.exemption = 'mitigated' AND r."notRechecked" IS NOT NULL) AS "notEvaluated",
     count(*) FILTER (WHERE r.exemption = 'waiver') AS "notApplicable"
   FROM "Finding" r WHERE r."exemptionId" IS NOT NULL AND r.state = 'open' AND ${where.sql} GROUP BY 1`;

/** Assessments by control, with what is exempted told apart: of one moment, since a scan that commits moves both. */
export async function sumsByControl(scope: AccountScope, filter: ClusterSide): Promise<ControlSums[]> {
  const where = rollupWhere(scope, filter);
  const { rows } = await pool().query<ControlSums>(
    `SELECT r."controlId", (r.healthy - coalesce(e.healthy, 0))::int AS healthy, r.unhealthy::int AS unhealthy, coalesce(e.exempted, 0)::int AS exempted,
       (r."notEvaluated" - coalesce(e."notEvaluated", 0))::int AS "notEvaluated", (r."notApplicable" - coalesce(e."notApplicable", 0))::int AS "notApplicable",
       r.clusters::int AS clusters
     FROM (SELECT r."controlId", sum(r.healthy) AS healthy, sum(r.unhealthy) AS unhealthy, sum(r."notEvaluated") AS "notEvaluated",
         sum(r."notApplicable") AS "notApplicable", count(*) FILTER (WHERE r.unhealthy > 0) AS clusters
       FROM "ControlRollup" r WHERE ${where.sql} GROUP BY 1) r
     LEFT JOIN (${exemptedSql(where)}) e ON e."controlId" = r."controlId"`,
    where.values,
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
