import "server-only";
import type { AccountScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import type { Page } from "@/lib/http/answer";
import type { ExportRows } from "@/lib/http/export";
import { cut, keyset, type SortColumn } from "@/lib/http/keyset";
import { openSnapshot } from "@/lib/http/snapshot";
import { phaseFrom, podImages } from "../pod";
import type { Distribution, Provider } from "../schema";
import { asksImages, asksResources, itemWhere, RESOURCE_TYPE } from "./condition";
import type { InventoryItem, ITEM_SORTS, ItemFilter, ItemQuery, ItemType } from "./schema";

interface ItemRecord {
  id: string;
  type: ItemType;
  kind: string;
  apiGroup: string;
  namespace: string;
  name: string;
  clusterId: string;
  clusterName: string;
  distribution: Distribution;
  accountId: string;
  accountName: string;
  provider: Provider;
  ownerKind: string;
  ownerName: string;
  container: string | null;
  digest: string | null;
  pods: number | null;
  node: string | null;
  phase: string | null;
  running: string | null;
  /** Images in a pod's own words, where its status tells of none. */
  written: unknown[] | null;
  firstSeenAt: Date | null;
  changedAt: Date | null;
  open: number | null;
  worst: number | null;
}

/** What only a pod's row says. A workload's document is large and says none of it: only a pod's is opened. `r` is "Resource". */
const podColumns = (
  r: string,
): string => `CASE ${r}.kind WHEN 'Pod' THEN NULLIF(${r}.doc->'spec'->>'nodeName', '') END AS node, ${r}.phase, ${r}.running,
      CASE WHEN ${r}.kind = 'Pod' AND coalesce(${r}.running, '[]') = '[]' THEN jsonb_path_query_array(${r}.doc, '$.spec.containers[*].image') END AS written`;
const NO_POD = "NULL::text AS node, NULL::text AS phase, NULL::text AS running, NULL::jsonb AS written";
const HALVES = {
  resource: {
    columns: `r.id, ${RESOURCE_TYPE} AS type, r.kind, r."apiGroup", r.namespace, r.name, r."clusterId", r."ownerKind", r."ownerName",
      NULL::text AS container, NULL::text AS digest, NULL::int AS pods, r."firstSeenAt", r."changedAt"`,
    from: `"Resource" r`,
    sort: { name: "r.name", namespace: "r.namespace", kind: "r.kind" },
    id: "r.id",
  },
  image: {
    columns: `i.id, 'image' AS type, 'Image' AS kind, '' AS "apiGroup", i.namespace, i.image AS name, i."clusterId", i."ownerKind", i."ownerName",
      i.container, i.digest, i.pods, NULL::timestamptz AS "firstSeenAt", NULL::timestamptz AS "changedAt"`,
    from: `"RunningImage" i`,
    sort: { name: "i.image", namespace: "i.namespace", kind: "'Image'::text" },
    id: "i.id",
  },
} as const;

/** Both halves of the inventory as one statement: each ordered and cut by its own index, then merged. */
function statement(
  scope: AccountScope,
  query: ItemFilter & Pick<ItemQuery, "sort">,
  cursor: string | null,
  limit: number | null,
) {
  const values: unknown[] = [];
  const halves = (["resource", "image"] as const).flatMap((half) => {
    if (!(half === "resource" ? asksResources(query) : asksImages(query))) return [];
    const { columns, from, sort, id } = HALVES[half];
    const where = itemWhere(half, scope, query, values);
    const sorts = Object.fromEntries(
      Object.entries(sort).map(([name, sql]) => [name, { sql, type: "text" }]),
    ) as Record<(typeof ITEM_SORTS)[number], SortColumn>;
    const order = keyset(where, query.sort, sorts, cursor, id);
    const cut = limit === null ? "" : `LIMIT ${limit}`;
    // Rows of a file are all needed; of a page, many more may be sorted than are shown, and are opened only then.
    const pod = limit !== null ? "" : half === "resource" ? `${podColumns("r")}, ` : `${NO_POD}, `;
    return [
      `(SELECT ${columns}, ${pod}${order.place} AS place FROM ${from} WHERE ${where.sql} ORDER BY ${order.orderBy} ${cut})`,
    ];
  });
  const way = query.sort.startsWith("-") ? "DESC" : "ASC";
  const none = `(SELECT ${HALVES.image.columns}, ${limit === null ? `${NO_POD}, ` : ""}'' AS place FROM "RunningImage" i WHERE false)`;
  const items = `SELECT * FROM (${halves.length === 0 ? none : halves.join("\nUNION ALL\n")}) u ORDER BY place ${way}, id ${way} ${limit === null ? "" : `LIMIT ${limit}`}`;
  const [pod, from] =
    limit === null ? ["", ""] : [`${podColumns("p")}, `, `LEFT JOIN "Resource" p ON p.id = u.id AND u.kind = 'Pod'`];
  const text = `SELECT u.*, ${pod}c.name AS "clusterName", c.distribution, c."accountId", a.name AS "accountName", a.provider, f.open, f.worst
    FROM (${items}) u JOIN "Cluster" c ON c.id = u."clusterId" JOIN "Account" a ON a.id = c."accountId" ${from}
    LEFT JOIN LATERAL (SELECT count(*)::int AS open, max(severity)::int AS worst FROM "Finding" f WHERE f."clusterId" = u."clusterId" AND f.namespace = u.namespace
      AND f.kind = u.kind AND f.name = u.name AND f."apiGroup" = u."apiGroup" AND f.state = 'open') f ON u.type = 'workload'
    ORDER BY u.place ${way}, u.id ${way}`;
  return { text, values };
}

const WORST = ["low", "medium", "high", "critical"] as const;

function itemOf(row: ItemRecord): InventoryItem {
  const own = row.type !== "image" && row.ownerKind === row.kind && row.ownerName === row.name;
  return {
    id: row.id,
    type: row.type,
    kind: row.kind,
    apiGroup: row.apiGroup,
    namespace: row.namespace,
    name: row.name,
    cluster: { id: row.clusterId, name: row.clusterName, distribution: row.distribution },
    account: { id: row.accountId, name: row.accountName, provider: row.provider },
    workload: own ? null : { kind: row.ownerKind, name: row.ownerName },
    container: row.container,
    digest: row.digest === "" ? null : row.digest,
    pods: row.pods,
    images: row.kind === "Pod" ? podImages(row.running, row.written ?? []) : null,
    node: row.node,
    phase: phaseFrom(row.phase),
    open: row.open,
    worst: row.worst === null ? null : (WORST[row.worst] ?? null),
    firstSeenAt: row.firstSeenAt?.toISOString() ?? null,
    changedAt: row.changedAt?.toISOString() ?? null,
  };
}

/** One page of the inventory. Throws CursorError. */
export async function itemPage(scope: AccountScope, query: ItemQuery): Promise<Page<InventoryItem>> {
  const { text, values } = statement(scope, query, query.cursor, query.size + 1);
  const { rows } = await pool().query<ItemRecord & { place: string }>(text, values);
  const page = cut(rows, query.size, query.sort);
  return { items: page.rows.map(itemOf), next: page.next, asOf: new Date().toISOString(), notes: [] };
}

/** Every item of a filter, of one moment. */
export async function exportItems(
  scope: AccountScope,
  query: ItemFilter & Pick<ItemQuery, "sort">,
): Promise<ExportRows<InventoryItem>> {
  const { text, values } = statement(scope, query, null, null);
  const rows = await openSnapshot<ItemRecord>(
    pool(),
    text,
    `SELECT count(*)::int AS total, now() AS at FROM (${text}) t`,
    values,
  );
  async function* items(): AsyncGenerator<InventoryItem[]> {
    for await (const batch of rows.batches) yield batch.map(itemOf);
  }
  return { ...rows, batches: items() };
}
