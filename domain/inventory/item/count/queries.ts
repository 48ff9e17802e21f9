import "server-only";
import type { AccountScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import { Where } from "@/lib/http/where";
import { isSystemSql } from "../../system-namespace";
import { asksImages, asksResources, itemWhere, partSql, RESOURCE_TYPE } from "../condition";
import type { ItemFacet, ItemFilter, ItemPart } from "../schema";

/** Most items that are counted one by one. Beyond it counts are lower bounds and say so. */
export const MOST_COUNTED = 10_000;

export interface Cell {
  value: string;
  clusterId: string | null;
  amount: number;
}

const ROLLUP_VALUE: Readonly<Record<ItemFacet | "total", string>> = {
  total: "''",
  type: "type",
  part: `CASE WHEN ${isSystemSql("namespace")} THEN 'system' ELSE 'own' END`,
  kind: "kind",
  namespace: "namespace",
  account: "''",
  distribution: "''",
  cluster: "''",
};
const isOfCluster = (facet: ItemFacet | "total"): boolean =>
  facet === "account" || facet === "distribution" || facet === "cluster";

/** Counts of a facet from the roll-ups, exact; facets of clusters come by cluster, whose own conditions the caller looks at. */
export async function countFromRollup(
  facet: ItemFacet | "total",
  filter: ItemFilter,
  clusters: readonly string[] | null,
): Promise<Cell[]> {
  const where = new Where();
  if (facet !== "type") where.any("type", filter.type, "text");
  if (facet !== "kind") where.any("kind", filter.kind, "text");
  if (facet !== "namespace") where.any("namespace", filter.namespace, "text");
  const part = facet === "part" ? null : partSql("namespace", filter.part);
  if (part !== null) where.and(part);
  if (clusters !== null && !isOfCluster(facet)) where.and(`"clusterId" = ANY(${where.bind(clusters)}::uuid[])`);
  const byNamespace = facet === "namespace" || facet === "part" || filter.namespace.length > 0 || part !== null;
  const table = byNamespace ? "ItemByNamespace" : "ItemByKind";
  const cluster = isOfCluster(facet) ? `"clusterId"` : "NULL::uuid";
  const { rows } = await pool().query<Cell>(
    `SELECT ${ROLLUP_VALUE[facet]} AS value, ${cluster} AS "clusterId", sum(amount)::int AS amount FROM "${table}" WHERE ${where.sql} GROUP BY 1, 2`,
    where.values,
  );
  return rows;
}

export interface KindCell {
  type: string;
  kind: string;
  clusterId: string;
  amount: number;
}

/** Items of the chosen parts by type, kind and cluster, exact: the namespaces' roll-up read once, of which facets are folded. */
export async function countKinds(parts: readonly ItemPart[]): Promise<KindCell[]> {
  const { rows } = await pool().query<KindCell>(
    `SELECT type, kind, "clusterId", sum(amount)::int AS amount FROM "ItemByNamespace" WHERE ${partSql("namespace", parts) ?? "true"} GROUP BY 1, 2, 3`,
  );
  return rows;
}

/** What `countFromRollup` answers for a facet that no namespace is needed for. */
export function foldKinds(
  cells: readonly KindCell[],
  facet: Exclude<ItemFacet, "namespace" | "part"> | "total",
  filter: ItemFilter,
  clusters: readonly string[] | null,
): Cell[] {
  const within = clusters === null || isOfCluster(facet) ? null : new Set(clusters);
  const passes = ({ type, kind, clusterId }: KindCell): boolean =>
    (facet === "type" || filter.type.length === 0 || filter.type.some((each) => each === type)) &&
    (facet === "kind" || filter.kind.length === 0 || filter.kind.includes(kind)) &&
    (within === null || within.has(clusterId));
  return cells.filter(passes).map((cell) => ({
    value: facet === "type" ? cell.type : facet === "kind" ? cell.kind : "",
    clusterId: isOfCluster(facet) ? cell.clusterId : null,
    amount: cell.amount,
  }));
}

/** Facets that one walk over the counted items tells apart: few groups each. Names are many, so they have a walk of their own. */
const WALKS: readonly (readonly (ItemFacet | "total")[])[] = [
  ["total", "type", "part", "kind"],
  ["account", "distribution", "cluster"],
  ["namespace"],
];
const counted = (facet: ItemFacet | "total"): string =>
  isOfCluster(facet) ? `"clusterId"::text` : ROLLUP_VALUE[facet];

/** Counts items one by one, at most MOST_COUNTED + 1 of each half: by value and cluster. `but` is the facet whose own condition is left out. */
export async function countOneByOne(
  scope: AccountScope,
  filter: ItemFilter,
  facets: readonly (ItemFacet | "total")[],
  but?: ItemFacet,
): Promise<(Cell & { facet: ItemFacet | "total" })[]> {
  const values: unknown[] = [];
  const limit = `LIMIT ${MOST_COUNTED + 1}`;
  const halves: string[] = [];
  if (asksResources(filter, but))
    halves.push(
      `(SELECT ${RESOURCE_TYPE} AS type, r.kind, r.namespace, r."clusterId" FROM "Resource" r WHERE ${itemWhere("resource", scope, filter, values, but).sql} ${limit})`,
    );
  if (asksImages(filter, but))
    halves.push(
      `(SELECT 'image', 'Image', i.namespace, i."clusterId" FROM "RunningImage" i WHERE ${itemWhere("image", scope, filter, values, but).sql} ${limit})`,
    );
  if (halves.length === 0) return [];
  const walks = WALKS.map((walk) => walk.filter((facet) => facets.includes(facet))).filter((walk) => walk.length > 0);
  const walked = walks.map((walk, at) => {
    const groups = new Set(walk.filter((facet) => facet !== "total").map(counted));
    const by = groups.size === 0 ? "" : `GROUP BY ${[...groups].join(", ")}`;
    return `SELECT ${at} AS walk, ARRAY[${walk.map(counted).join(", ")}]::text[] AS words, count(*)::int AS amount FROM counted ${by}`;
  });
  const { rows } = await pool().query<{ walk: number; words: string[]; amount: number }>(
    `WITH counted (type, kind, namespace, "clusterId") AS MATERIALIZED (${halves.join(" UNION ALL ")}) ${walked.join(" UNION ALL ")}`,
    values,
  );
  return rows.flatMap(({ walk, words, amount }) =>
    (walks[walk] ?? []).map((facet, at) => {
      const word = words[at] ?? "";
      return isOfCluster(facet)
        ? { facet, value: "", clusterId: word, amount }
        : { facet, value: word, clusterId: null, amount };
    }),
  );
}
