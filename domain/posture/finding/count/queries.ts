import "server-only";
import type { AccountScope } from "@/domain/access/scope";
import type { Places } from "@/domain/inventory/cluster/directory";
import { pool } from "@/lib/db";
import { Where } from "@/lib/http/where";
import { SEVERITY_RANK } from "../../schema";
import { findingWhere } from "../condition";
import type { FindingFacet, FindingFilter } from "../schema";
import type { Source, Sums } from "./plan";

/** Most findings that are counted one by one. Beyond it counts are lower bounds and say so. */
export const MOST_COUNTED = 10_000;

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

/**
 * Counts findings one by one, at most MOST_COUNTED + 1 of them: a row per facet and value, and one of neither with the total. `but` is the facet
 * whose own condition is left out.
 */
export async function countOneByOne(
  scope: AccountScope,
  filter: FindingFilter,
  facets: readonly FindingFacet[],
  but?: FindingFacet,
): Promise<{ facet: number; value: string | null; amount: number }[]> {
  const where = findingWhere(scope, filter, but);
  const columns = [...new Set(facets.map((facet) => COUNTED[facet]))];
  const { rows } = await pool().query<{ facet: number; value: string | null; amount: number }>(
    `WITH counted AS MATERIALIZED (SELECT ${["severity", "state", `"notRechecked"`, `"scoreGroup"`, `"controlId"`, `"accountId"`, `"clusterId"`, "namespace", "kind", "owner", "reopened"].join(", ")}
       FROM "Finding" f WHERE ${where.sql} LIMIT ${MOST_COUNTED + 1})
     SELECT -1 AS facet, NULL AS value, count(*)::int AS amount FROM counted
     ${columns.map((column, at) => `UNION ALL SELECT ${at}, ${column}, count(*)::int FROM counted GROUP BY 2`).join("\n")}`,
    where.values,
  );
  return rows.flatMap((row) => {
    if (row.facet < 0) return [row];
    // Two facets may be read from one column.
    return facets.flatMap((facet, at) => (COUNTED[facet] === columns[row.facet] ? [{ ...row, facet: at }] : []));
  });
}
