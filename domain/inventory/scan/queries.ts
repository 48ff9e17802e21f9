import "server-only";
import { z } from "zod";
import type { AccountScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import type { Counts, Page } from "@/lib/http/answer";
import type { ExportRows } from "@/lib/http/export";
import { Facet } from "@/lib/http/facet";
import { cut, keyset } from "@/lib/http/keyset";
import { openSnapshot } from "@/lib/http/snapshot";
import { Where } from "@/lib/http/where";
import { parseReasons, SCAN_FIGURES } from "../queries";
import {
  progressSchema,
  SCAN_FACETS,
  SCAN_KINDS,
  SCAN_STATES,
  type ScanFacet,
  type ScanFilter,
  type ScanItem,
  type ScanQuery,
} from "./schema";

/** Most scans that are counted one by one. */
const MOST_COUNTED = 10_000;
const SORT_COLUMNS = { queued: { sql: `s."queuedAt"`, type: "timestamptz" } } as const;

function scanWhere(scope: AccountScope, filter: ScanFilter, but?: ScanFacet): Where {
  const where = new Where();
  if (scope.accountIds !== null) where.and(`s."accountId" = ANY(${where.bind(scope.accountIds)}::uuid[])`);
  for (const facet of ["status", "kind", "trigger"] as const)
    if (facet !== but) where.any(`s.${facet}`, filter[facet], "text");
  if (but !== "account") where.any(`s."accountId"`, filter.account, "uuid");
  if (but !== "cluster") where.any(`s."clusterId"`, filter.cluster, "uuid");
  if (filter.distribution.length > 0)
    where.and(
      `s."clusterId" IN (SELECT id FROM "Cluster" WHERE distribution = ANY(${where.bind(filter.distribution)}::text[]))`,
    );
  return where
    .when(filter.after, (at) => `s."queuedAt" >= ${at}::timestamptz`)
    .when(filter.before, (at) => `s."queuedAt" < ${at}::timestamptz`);
}

interface ScanRecord {
  id: string;
  kind: string;
  trigger: string;
  status: string;
  reasons: unknown;
  stats: unknown;
  queuedAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  clusterId: string | null;
  clusterName: string | null;
  accountId: string;
  accountName: string;
}
const COLUMNS = `s.id, s.kind, s.trigger, s.status, s.reasons, ${SCAN_FIGURES} AS stats, s."queuedAt", s."startedAt", s."finishedAt", s."clusterId",
  c.name AS "clusterName", s."accountId", a.name AS "accountName"`;
const TABLES = `"Scan" s JOIN "Account" a ON a.id = s."accountId" LEFT JOIN "Cluster" c ON c.id = s."clusterId"`;
const amount = z.number().int().nullable().catch(null).default(null);
const statsSchema = z
  .object({ evaluated: amount, opened: amount, resolved: amount, progress: progressSchema.nullable().default(null) })
  .catch({ evaluated: null, opened: null, resolved: null, progress: null });

function scanOf(row: ScanRecord): ScanItem {
  return {
    id: row.id,
    kind: z.enum(SCAN_KINDS).catch("cluster").parse(row.kind),
    trigger: row.trigger,
    status: z.enum(SCAN_STATES).catch("failed").parse(row.status),
    reasons: parseReasons(row.reasons),
    queuedAt: row.queuedAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
    ...statsSchema.parse(row.stats),
    cluster: row.clusterId === null ? null : { id: row.clusterId, name: row.clusterName ?? "" },
    account: { id: row.accountId, name: row.accountName },
  };
}

/** One page of scans. Throws CursorError. */
export async function scanPage(scope: AccountScope, query: ScanQuery): Promise<Page<ScanItem>> {
  const where = scanWhere(scope, query);
  const order = keyset(where, query.sort, SORT_COLUMNS, query.cursor, "s.id");
  const { rows } = await pool().query<ScanRecord & { place: string }>(
    `SELECT ${COLUMNS}, ${order.place} AS place FROM ${TABLES} WHERE ${where.sql} ORDER BY ${order.orderBy} LIMIT ${where.bind(query.size + 1)}`,
    where.values,
  );
  const page = cut(rows, query.size, query.sort);
  return { items: page.rows.map(scanOf), next: page.next, asOf: new Date().toISOString(), notes: [] };
}

/** Counts by one facet over `counted`. Names are joined to what was counted, by key: a fleet has as many clusters as values. */
function countedBy(facet: ScanFacet): string {
  const by = (column: string, table: string) =>
    `SELECT '${facet}', g.id::text, n.name, g.amount FROM (SELECT "${column}" AS id, count(*)::int AS amount FROM counted GROUP BY 1) g JOIN "${table}" n ON n.id = g.id`;
  if (facet === "account") return by("accountId", "Account");
  if (facet === "cluster") return by("clusterId", "Cluster");
  return `SELECT '${facet}', ${facet}, NULL, count(*)::int FROM counted GROUP BY 2`;
}

/** How many scans match, and by facet; the newest 10,000 are counted, and the answer says when there are more. */
export async function scanCounts(
  scope: AccountScope,
  filter: ScanFilter & { facets?: readonly ScanFacet[]; within?: string | null },
): Promise<Counts> {
  const wanted = filter.facets === undefined || filter.facets.length === 0 ? SCAN_FACETS : filter.facets;
  const counted = async (facets: readonly ScanFacet[], but?: ScanFacet) => {
    const where = scanWhere(scope, filter, but);
    const { rows } = await pool().query<{
      facet: ScanFacet | null;
      value: string;
      label: string | null;
      amount: number;
    }>(
      `WITH counted AS MATERIALIZED (SELECT status, kind, trigger, "accountId", "clusterId" FROM "Scan" s WHERE ${where.sql} ORDER BY s."queuedAt" DESC, s.id DESC LIMIT ${MOST_COUNTED + 1})
       SELECT NULL AS facet, '' AS value, NULL AS label, count(*)::int AS amount FROM counted
       ${facets.map((facet) => `UNION ALL ${countedBy(facet)}`).join("\n")}`,
      where.values,
    );
    return rows;
  };
  const restricted = wanted.filter((facet) => filter[facet].length > 0);
  const free = wanted.filter((facet) => filter[facet].length === 0);
  const [base, ...own] = await Promise.all([counted(free), ...restricted.map((facet) => counted([facet], facet))]);
  const total = base.find((row) => row.facet === null)?.amount ?? 0;
  const facets: Counts["facets"] = {};
  const [capped, more]: [string[], string[]] = [[], []];
  for (const name of wanted) {
    const rows = free.includes(name) ? base : (own[restricted.indexOf(name)] ?? []);
    if ((rows.find((row) => row.facet === null)?.amount ?? 0) > MOST_COUNTED) capped.push(name);
    const facet = new Facet();
    const labels = new Map<string, string>();
    for (const row of rows.filter((one) => one.facet === name && one.value !== "")) {
      facet.add(row.value, row.amount);
      labels.set(row.value, row.label ?? row.value);
    }
    const shown = facet.values((value) => labels.get(value) ?? value, filter[name], filter.within ?? null);
    facets[name] = shown.values;
    if (shown.more) more.push(name);
  }
  const exact = total <= MOST_COUNTED;
  return {
    total: Math.min(total, MOST_COUNTED),
    exact,
    facets,
    capped,
    more,
    asOf: new Date().toISOString(),
    notes: [],
  };
}

/** Every scan of a filter, of one moment. */
export async function exportScans(
  scope: AccountScope,
  query: ScanFilter & Pick<ScanQuery, "sort">,
): Promise<ExportRows<ScanItem>> {
  const where = scanWhere(scope, query);
  const { orderBy } = keyset(where, query.sort, SORT_COLUMNS, null, "s.id");
  const rows = await openSnapshot<ScanRecord>(
    pool(),
    `SELECT ${COLUMNS} FROM ${TABLES} WHERE ${where.sql} ORDER BY ${orderBy}`,
    `SELECT count(*)::int AS total, now() AS at FROM "Scan" s WHERE ${where.sql}`,
    where.values,
  );
  async function* items(): AsyncGenerator<ScanItem[]> {
    for await (const batch of rows.batches) yield batch.map(scanOf);
  }
  return { ...rows, batches: items() };
}
