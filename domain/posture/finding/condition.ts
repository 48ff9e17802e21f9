import type { AccountScope } from "@/domain/access/scope";
import type { SortColumn } from "@/lib/http/keyset";
import { Where } from "@/lib/http/where";
import { SEVERITY_RANK } from "../schema";
import { LAST_SEEN } from "./row";
import type { FINDING_SORTS, FindingFacet, FindingFilter, FindingState } from "./schema";
import { addText } from "./text";

/** The order of each sort of the list. All have an index that ends in `id`, but `cluster`, whose few names come first. */
export const SORT_COLUMNS: Readonly<Record<(typeof FINDING_SORTS)[number], SortColumn>> = {
  severity: { sql: `f."severity"`, type: "int" },
  firstSeen: { sql: `f."firstSeenAt"`, type: "timestamptz" },
  name: { sql: `f."name"`, type: "text" },
  namespace: { sql: `f."namespace"`, type: "text" },
  control: { sql: `f."controlId"`, type: "text" },
  cluster: { sql: `c."name"`, type: "text" },
};

/** States as SQL; null when every state is meant. Not re-checked findings are open ones. */
export function stateSql(states: readonly FindingState[]): string | null {
  const open = states.length === 0 || states.includes("open");
  const resolved = states.includes("resolved");
  if (open) return resolved ? null : `f."state" = 'open'`;
  const unchecked = `f."state" = 'open' AND f."notRechecked" IS NOT NULL`;
  if (!states.includes("not-rechecked")) return `f."state" = 'resolved'`;
  return resolved ? `f."state" = 'resolved' OR (${unchecked})` : unchecked;
}

/** The tables that a filter's conditions are over. */
export const findingTables = ({ lastSeenAfter, lastSeenBefore }: FindingFilter): string =>
  `"Finding" f${lastSeenAfter === null && lastSeenBefore === null ? "" : ` JOIN "Cluster" c ON c.id = f."clusterId"`}`;

function withinScope(where: Where, column: string, { accountIds }: AccountScope): void {
  if (accountIds?.length === 0) where.and("false");
  else where.any(column, accountIds ?? [], "uuid");
}

/** Says of the joined cluster what was said of its findings: in the order of clusters, those of other accounts are not walked through. */
export function withinClusters(where: Where, scope: AccountScope, filter: FindingFilter): void {
  withinScope(where, `c."accountId"`, scope);
  where.any(`c."accountId"`, filter.account, "uuid").any(`c."id"`, filter.cluster, "uuid");
}

/**
 * The one translation of a filter to SQL, over the tables of `findingTables`: list, counts and export share it, so they cannot disagree. `but` leaves a facet's
 * own condition out.
 */
export function findingWhere(scope: AccountScope, filter: FindingFilter, but?: FindingFacet): Where {
  const where = new Where();
  const use = <T>(facet: FindingFacet, values: readonly T[]): readonly T[] => (facet === but ? [] : values);
  withinScope(where, `f."accountId"`, scope);
  const state = but === "state" ? null : stateSql(filter.state);
  if (state !== null) where.and(state);
  where
    .any(
      `f."severity"`,
      use("severity", filter.severity).map((severity) => SEVERITY_RANK[severity]),
      "int",
    )
    .any(`f."scoreGroup"`, use("group", filter.group), "text")
    .any(`f."controlId"`, use("control", filter.control), "text")
    .any(`f."accountId"`, use("account", filter.account), "uuid")
    .any(`f."clusterId"`, use("cluster", filter.cluster), "uuid")
    .any(`f."namespace"`, use("namespace", filter.namespace), "text")
    .any(`f."kind"`, use("kind", filter.kind), "text")
    .any(`f."owner"`, use("owner", filter.owner), "text");
  const distributions = use("distribution", filter.distribution);
  if (distributions.length > 0)
    where.and(
      `f."clusterId" IN (SELECT id FROM "Cluster" WHERE distribution = ANY(${where.bind(distributions)}::text[]))`,
    );
  if (but !== "reopened" && filter.reopened !== null) where.and(`f."reopened" ${filter.reopened ? ">" : "="} 0`);
  if (filter.exempted !== null)
    where.and(`f."state" = 'open' AND f."exemptionId" IS ${filter.exempted ? "NOT NULL" : "NULL"}`);
  if (filter.exemption.length > 0) where.and(`f."state" = 'open'`).any(`f."exemptionId"`, filter.exemption, "uuid");
  where
    .when(filter.firstSeenAfter, (at) => `f."firstSeenAt" >= ${at}::timestamptz`)
    .when(filter.firstSeenBefore, (at) => `f."firstSeenAt" < ${at}::timestamptz`)
    .when(filter.lastSeenAfter, (at) => `${LAST_SEEN} >= ${at}::timestamptz`)
    .when(filter.lastSeenBefore, (at) => `${LAST_SEEN} < ${at}::timestamptz`);
  if (filter.q !== null) addText(where, filter.q);
  return where;
}
