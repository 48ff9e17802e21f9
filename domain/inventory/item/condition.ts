import type { AccountScope } from "@/domain/access/scope";
import { containing, Where } from "@/lib/http/where";
import { isSystemSql } from "../system-namespace";
import type { ItemFacet, ItemFilter, ItemPart } from "./schema";

/** What the inventory lists of "Resource": the condition of the indexes Resource_item_*. */
export const LISTED = `r."item" IS NOT NULL`;
/** `workload` or `pod`; the column's own definition says which. */
export const RESOURCE_TYPE = `r."item"`;

/** The condition on a namespace that the chosen parts make; null when they leave nothing out. `column` is SQL. */
export function partSql(column: string, parts: readonly ItemPart[]): string | null {
  const [part, ...more] = new Set(parts);
  return part === undefined || more.length > 0 ? null : `${part === "system" ? "" : "NOT "}(${isSystemSql(column)})`;
}

/** The half of the inventory that a part of the filter rules out is not asked for. */
export const asksImages = (filter: ItemFilter, but?: ItemFacet): boolean =>
  (but === "type" || filter.type.length === 0 || filter.type.includes("image")) &&
  (but === "kind" || filter.kind.length === 0 || filter.kind.includes("Image"));
export const asksResources = (filter: ItemFilter, but?: ItemFacet): boolean =>
  filter.digest.length === 0 &&
  (but === "type" || filter.type.length === 0 || filter.type.some((type) => type !== "image")) &&
  (but === "kind" || filter.kind.length === 0 || filter.kind.some((kind) => kind !== "Image"));

/**
 * The one translation of a filter to SQL: over "Resource" r, or over "RunningImage" i. `shared` lets both halves of one statement bind into one
 * list of values.
 */
export function itemWhere(
  half: "resource" | "image",
  scope: AccountScope,
  filter: ItemFilter,
  shared: unknown[],
  but?: ItemFacet,
): Where {
  const t = half === "resource" ? "r" : "i";
  const where = new Where(shared);
  if (half === "resource") {
    where.and(LISTED);
    const types = but === "type" ? [] : filter.type.filter((type) => type !== "image");
    if (types.length === 1) where.and(`${RESOURCE_TYPE} = ${where.bind(types[0])}`);
    if (but !== "kind") where.any(`r."kind"`, filter.kind, "text");
  }
  const chosen: [ItemFacet, string, readonly string[]][] = [
    ["account", `"accountId" = ANY(?::uuid[])`, filter.account],
    ["distribution", "distribution = ANY(?::text[])", filter.distribution],
  ];
  const clusters = chosen.flatMap(([facet, sql, values]) =>
    facet === but || values.length === 0 ? [] : [sql.replace("?", where.bind(values))],
  );
  if (scope.accountIds !== null) clusters.push(`"accountId" = ANY(${where.bind(scope.accountIds)}::uuid[])`);
  if (clusters.length > 0) where.and(`${t}."clusterId" IN (SELECT id FROM "Cluster" WHERE ${clusters.join(" AND ")})`);
  if (but !== "cluster") where.any(`${t}."clusterId"`, filter.cluster, "uuid");
  if (but !== "namespace") where.any(`${t}."namespace"`, filter.namespace, "text");
  const part = but === "part" ? null : partSql(`${t}."namespace"`, filter.part);
  if (part !== null) where.and(part);
  if (filter.workload.length > 0) {
    const pairs = filter.workload.map((one) => {
      const [kind = "", name = ""] = one.split("/");
      return `(${where.bind(kind)}, ${where.bind(name)})`;
    });
    where.and(`(${t}."ownerKind", ${t}."ownerName") IN (${pairs.join(", ")})`);
  }
  if (half === "image") where.any(`i."digest"`, filter.digest, "text");
  const text = half === "resource" ? `lower(r."name")` : `lower(i."image" || ' ' || i."digest")`;
  return where.when(filter.q === null ? null : containing(filter.q), (q) => `${text} LIKE ${q}`);
}
