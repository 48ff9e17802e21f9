import "server-only";
import type { AccountScope } from "@/domain/access/scope";
import type { Places } from "@/domain/inventory/cluster/directory";
import { pool } from "@/lib/db";
import { Where } from "@/lib/http/where";
import { SEVERITY_RANK } from "../../schema";
import { findingTables, findingWhere } from "../condition";
import type { FindingFacet, FindingFilter } from "../schema";
import { beginnings, isShort } from "../text";
import type { Source, Sums } from "./plan";

/** Most findings that are counted one by one. Beyond it counts are lower bounds and say so. */
export const MOST_COUNTED = 5_000;

type Rollup = Exclude<Source, "findings">;
const TABLE: Readonly<Record<Rollup, string>> = {
  severity: "FindingBySeverity",
  control: "FindingByControl",
  namespace: "FindingByNamespace",
};
const SUMS = `sum("open")::int AS open, sum("unchecked")::int AS unchecked, sum("resolved")::int AS resolved`;

/** What a roll-up's row is about, besides its cluster. */
export interface Content {
  severity: number;
  controlId?: string;
  scoreGroup?: string;
  kind?: string;
  again?: boolean;
}
const CONTENT: Record<Rollup, string> = {
  severity: `"severity"`,
  control: `"severity", "controlId", "scoreGroup", "kind", "again"`,
  namespace: `"severity"`,
};
const COLUMNS: Record<Rollup, string> = { ...CONTENT, namespace: `"severity", "namespace", "owner"` };

/** The rows to add up, as a table: sums of accounts where all of an account counts, else those of clusters. */
function rowsOf(from: Rollup, where: Where, { accounts, clusters }: Places): string {
  const within = (table: string, column: string, ids: readonly string[] | null): string =>
    `SELECT ${COLUMNS[from]}, "open", "unchecked", "resolved" FROM "${table}"${ids === null ? "" : ` WHERE "${column}" = ANY(${where.bind(ids)}::uuid[])`}`;
  if (accounts !== null && accounts.length === 0) return `(${within(TABLE[from], "clusterId", clusters)}) r`;
  const whole = within(`Account${TABLE[from]}`, "accountId", accounts);
  return clusters?.length === 0
    ? `(${whole}) r`
    : `(${whole} UNION ALL ${within(TABLE[from], "clusterId", clusters)}) r`;
}

/** Sums by content over these places; of a roll-up by namespace only what the filter says of names. A few hundred rows at most. */
export async function sumsByContent(from: Rollup, filter: FindingFilter, places: Places): Promise<(Content & Sums)[]> {
  const where = from === "namespace" ? nameWhere(filter) : new Where();
  const table = rowsOf(from, where, places);
  const { rows } = await pool().query<Content & Sums>(
    `SELECT ${CONTENT[from]}, ${SUMS} FROM ${table} WHERE ${where.sql} GROUP BY ${CONTENT[from]}`,
    where.values,
  );
  return rows;
}

const nameWhere = (filter: FindingFilter, but?: FindingFacet): Where =>
  new Where()
    .any(`"namespace"`, but === "namespace" ? [] : filter.namespace, "text")
    .any(`"owner"`, but === "owner" ? [] : filter.owner, "text");

function contentWhere(filter: FindingFilter, from: Rollup, but?: FindingFacet): Where {
  const where = from === "namespace" ? nameWhere(filter, but) : new Where();
  where.any(
    `"severity"`,
    filter.severity.map((severity) => SEVERITY_RANK[severity]),
    "int",
  );
  if (from !== "control") return where;
  return where
    .any(`"scoreGroup"`, filter.group, "text")
    .any(`"controlId"`, filter.control, "text")
    .any(`"kind"`, filter.kind, "text")
    .when(filter.reopened, (again) => `"again" = ${again}::boolean`);
}

/** Sums by cluster over what the filter says of content. A row per cluster. */
export async function sumsByCluster(from: Rollup, filter: FindingFilter): Promise<[string, number, number, number][]> {
  const where = contentWhere(filter, from);
  const { rows } = await pool().query<[string, number, number, number]>({
    rowMode: "array",
    text: `SELECT "clusterId", ${SUMS} FROM "${TABLE[from]}" WHERE ${where.sql} GROUP BY 1`,
    values: where.values,
  });
  return rows;
}

export type NameFacet = "namespace" | "owner";

/**
 * Sums by namespace and by owner in one walk over the roll-up, each value with the facet it is of. `but` is the facet whose own condition is
 * left out.
 */
export async function sumsByName(
  facets: readonly NameFacet[],
  filter: FindingFilter,
  places: Places,
  but?: NameFacet,
): Promise<({ facet: NameFacet; name: string } & Sums)[]> {
  const where = contentWhere(filter, "namespace", but);
  const table = rowsOf("namespace", where, places);
  const columns = facets.map((facet) => `"${facet}"`);
  const [first = "NULL"] = columns;
  const { rows } = await pool().query<{ facet: NameFacet; name: string } & Sums>(
    `SELECT CASE GROUPING(${first}) WHEN 0 THEN '${facets[0]}' ELSE '${facets.at(-1)}' END AS facet, coalesce(${columns.join(", ")}) AS name, ${SUMS}
     FROM ${table} WHERE ${where.sql} GROUP BY GROUPING SETS (${columns.map((column) => `(${column})`).join(", ")})`,
    where.values,
  );
  return rows;
}

const COUNTED: Readonly<Record<FindingFacet, string>> = {
  severity: "severity::text",
  state: `state || CASE WHEN state = 'open' AND "notRechecked" IS NOT NULL THEN '+' ELSE '' END`,
  group: `"scoreGroup"`,
  control: `"controlId"`,
  account: `"accountId"::text`,
  distribution: `"clusterId"::text`,
  cluster: `"clusterId"::text`,
  namespace: "namespace",
  kind: "kind",
  owner: `coalesce(owner, '')`,
  reopened: "(reopened > 0)::text",
};

/** Facets that one walk over the counted findings tells apart: few groups each. Names are many, so each has a walk of its own. */
const WALKS: readonly (readonly FindingFacet[])[] = [
  ["severity", "state", "group", "control", "kind", "reopened"],
  ["account", "distribution", "cluster"],
  ["namespace"],
  ["owner"],
];
const PICKED = `f."severity", f."state", f."notRechecked", f."scoreGroup", f."controlId", f."accountId", f."clusterId", f."namespace", f."kind", f."owner", f."reopened"`;

/**
 * Findings that a short text finds, each range of names read in its index's order: a planner that knows how few are counted would rather
 * read the table from its start, where there may be none.
 */
function begunSql(scope: AccountScope, filter: FindingFilter, q: string, but?: FindingFacet) {
  const where = findingWhere(scope, { ...filter, q: null }, but);
  const ranges = beginnings(where, q).map(
    ({ sql, order }) =>
      `(SELECT ${PICKED} FROM ${findingTables(filter)} WHERE ${where.sql} AND (${sql}) ORDER BY ${order} LIMIT ${MOST_COUNTED + 1})`,
  );
  return { sql: ranges.join(" UNION ALL "), values: where.values };
}

/** The findings to count. Those of an owner are a few in each of many clusters: their roll-up says in which namespaces. */
function countedSql(
  scope: AccountScope,
  filter: FindingFilter,
  but?: FindingFacet,
): { sql: string; values: unknown[] } {
  const where = findingWhere(scope, filter, but);
  const { account, cluster, namespace, control, owner, q } = filter;
  const placed = scope.accountIds !== null || [account, cluster, namespace, control].some((all) => all.length > 0);
  if (isShort(q) && !placed) return begunSql(scope, filter, q, but);
  if (placed || q !== null || owner.length === 0 || but === "owner") {
    // Findings of a namespace lie close together or far apart: in the order of its index they are found either way.
    const order = namespace.length === 1 && but !== "namespace" && q === null ? ` ORDER BY f."id"` : "";
    return { sql: `SELECT ${PICKED} FROM ${findingTables(filter)} WHERE ${where.sql}${order}`, values: where.values };
  }
  const owned = new Where(where.values).any(`"owner"`, owner, "text");
  const sql = `SELECT f.* FROM (SELECT DISTINCT "clusterId", "namespace" FROM "FindingByNamespace" WHERE ${owned.sql}) n
    CROSS JOIN LATERAL (SELECT ${PICKED} FROM ${findingTables(filter)} WHERE f."clusterId" = n."clusterId" AND f."namespace" = n."namespace" AND ${where.sql} OFFSET 0) f`;
  return { sql, values: where.values };
}

/**
 * Counts findings one by one, at most MOST_COUNTED + 1 of them: `all` and each facet's values. `but` is the facet whose own condition is left
 * out. Errors: those of the database.
 */
export async function countOneByOne(
  scope: AccountScope,
  filter: FindingFilter,
  facets: readonly FindingFacet[],
  but?: FindingFacet,
): Promise<{ all: number; values: { facet: FindingFacet; value: string; amount: number }[] }> {
  const counted = countedSql(scope, filter, but);
  const walks = WALKS.map((walk) => walk.filter((facet) => facets.includes(facet))).filter((walk) => walk.length > 0);
  const walked = walks.map((walk, at) => {
    const columns = walk.map((facet) => COUNTED[facet]);
    return `UNION ALL SELECT ${at}, ARRAY[${columns.join(", ")}], count(*)::int FROM counted GROUP BY ${[...new Set(columns)].join(", ")}`;
  });
  // Knowing the limit the planner reads the table from its start and hopes to have enough soon, where an index knows the text.
  const limit = filter.q === null || isShort(filter.q) ? MOST_COUNTED + 1 : `(SELECT ${MOST_COUNTED + 1})`;
  const { rows } = await pool().query<{ walk: number; words: string[] | null; amount: number }>(
    `WITH counted AS MATERIALIZED (${counted.sql} LIMIT ${limit})
     SELECT -1 AS walk, NULL::text[] AS words, count(*)::int AS amount FROM counted
     ${walked.join("\n")}`,
    counted.values,
  );
  return {
    all: rows.find(({ walk }) => walk < 0)?.amount ?? 0,
    values: rows.flatMap(({ walk, words, amount }) =>
      (walks[walk] ?? []).map((facet, at) => ({ facet, value: words?.[at] ?? "", amount })),
    ),
  };
}
