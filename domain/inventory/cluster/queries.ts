import "server-only";
import type { AccountScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import type { Counts, Page } from "@/lib/http/answer";
import type { ExportRows } from "@/lib/http/export";
import { Facet } from "@/lib/http/facet";
import { cut, keyset } from "@/lib/http/keyset";
import { openSnapshot } from "@/lib/http/snapshot";
import { orNull, toldScore } from "@/lib/hundredths";
import { type Exemptions, scoreColumn } from "../exemptions";
import { MOST_NAMED, UNREAD_SCANS } from "../place";
import { parseReasons } from "../queries";
import type { Distribution, Provider } from "../schema";
import type { Assessed } from "../sight";
import { clusterWhere, FACET_VALUES, sortColumns } from "./condition";
import type { Directory } from "./directory";
import {
  CLUSTER_FACETS,
  CLUSTER_SCANS,
  type ClusterFacet,
  type ClusterFilter,
  type ClusterItem,
  type ClusterQuery,
  clusterFilter,
  type UnreadClusters,
} from "./schema";

/** Names of all clusters that the scope sees. */
export async function clusterDirectory(scope: AccountScope): Promise<Directory> {
  const { rows } = await pool().query<[string, string, string, string, Distribution]>({
    rowMode: "array",
    text: `SELECT c.id, c.name, c."accountId", a.name, c.distribution FROM "Cluster" c JOIN "Account" a ON a.id = c."accountId"
           WHERE $1::uuid[] IS NULL OR c."accountId" = ANY($1)`,
    values: [scope.accountIds],
  });
  return new Map(
    rows.map(([id, name, accountId, accountName, distribution]) => [
      id,
      { name, accountId, accountName, distribution },
    ]),
  );
}

interface ClusterRecord extends Omit<ClusterItem, "account" | "scan" | "reasons" | "lastScanAt" | "lastCompleteAt"> {
  accountId: string;
  accountName: string;
  provider: Provider;
  lastScanStatus: string | null;
  lastScanAt: Date | null;
  lastCompleteAt: Date | null;
  reasons: unknown;
}

/**
 * SQL of a score's last days: what held at every third day's end of the last thirty, oldest first, null before the first point and, of that
 * without exemptions, before it was kept. `scope` and `id` are SQL. Each sample is one look into the index.
 */
export const trendSql = (scope: "account" | "cluster", id: string, exemptions: Exemptions): string =>
  `ARRAY(SELECT (SELECT p.${scoreColumn(exemptions)} FROM "ScorePoint" p WHERE p.scope = '${scope}' AND p."scopeId" = ${id}
     AND p.at <= now() - make_interval(days => d.ago) ORDER BY p.at DESC LIMIT 1) FROM generate_series(30, 0, -3) d(ago) ORDER BY d.ago DESC)`;

/** Over the tables below; open findings come from their roll-up. */
export const clusterColumns = (
  exemptions: Exemptions,
): string => `c.id, c.name, c.distribution, c."accountId", a.name AS "accountName", a.provider, c.region, c.version, c.status,
  c.workloads, c.nodes, c.score, c."scoreWithoutExemptions", c.expected, c.evaluated, coalesce(o.open, 0) AS open, coalesce(o.urgent, 0) AS urgent, c."lastScanStatus",
  c."lastScanId", c."lastScanAt", c."lastCompleteAt", s.reasons, ${trendSql("cluster", "c.id", exemptions)} AS trend`;
export const CLUSTER_TABLES = `"Cluster" c JOIN "Account" a ON a.id = c."accountId" LEFT JOIN "Scan" s ON s.id = c."lastScanId"
  LEFT JOIN (SELECT "clusterId", sum("open")::int AS open, coalesce(sum("open") FILTER (WHERE severity >= 2), 0)::int AS urgent
             FROM "FindingBySeverity" GROUP BY 1) o ON o."clusterId" = c.id`;

const isScan = (word: string | null): word is ClusterItem["scan"] =>
  (CLUSTER_SCANS as readonly (string | null)[]).includes(word);

/** The row as API, pages and exports show it. */
export function clusterOf({ accountId, accountName, provider, lastScanStatus, ...row }: ClusterRecord): ClusterItem {
  const {
    id,
    name,
    distribution,
    region,
    version,
    status,
    workloads,
    nodes,
    score,
    scoreWithoutExemptions,
    expected,
    evaluated,
    open,
    urgent,
    lastScanId,
    trend,
  } = row;
  return {
    ...{
      id,
      name,
      distribution,
      region,
      version,
      status,
      workloads,
      nodes,
      score: orNull(score, toldScore),
      scoreWithoutExemptions: orNull(scoreWithoutExemptions, toldScore),
      expected,
      evaluated,
      open,
      urgent,
      lastScanId,
      trend: trend.map((each) => orNull(each, toldScore)),
    },
    account: { id: accountId, name: accountName, provider },
    scan: isScan(lastScanStatus) ? lastScanStatus : "none",
    lastScanAt: row.lastScanAt?.toISOString() ?? null,
    lastCompleteAt: row.lastCompleteAt?.toISOString() ?? null,
    reasons: row.reasons === null ? [] : parseReasons(row.reasons),
  };
}
export type { ClusterRecord };

/** One page of clusters. Throws CursorError. */
export async function clusterPage(scope: AccountScope, query: ClusterQuery): Promise<Page<ClusterItem>> {
  const where = clusterWhere(scope, query);
  const order = keyset(where, query.sort, sortColumns(query.exemptions), query.cursor, "c.id");
  const { rows } = await pool().query<ClusterRecord & { place: string }>(
    `SELECT ${clusterColumns(query.exemptions)}, ${order.place} AS place FROM ${CLUSTER_TABLES} WHERE ${where.sql} ORDER BY ${order.orderBy} LIMIT ${where.bind(query.size + 1)}`,
    where.values,
  );
  const page = cut(rows, query.size, query.sort);
  return { items: page.rows.map(clusterOf), next: page.next, asOf: new Date().toISOString(), notes: [] };
}

/** What of a place could not be read completely, as the list of clusters filters by it: that a short list is not read as a clean one. */
export async function unreadClusters(
  scope: AccountScope,
  { account, distribution, cluster }: Pick<ClusterFilter, "account" | "distribution" | "cluster">,
): Promise<UnreadClusters> {
  const filter = clusterFilter.parse({ scan: [...UNREAD_SCANS] });
  const where = clusterWhere(scope, { ...filter, account, distribution, cluster });
  const { rows } = await pool().query<{ id: string; name: string; amount: number }>(
    `SELECT c.id, c.name, count(*) OVER ()::int AS amount FROM "Cluster" c JOIN "Account" a ON a.id = c."accountId"
     WHERE ${where.sql} ORDER BY c.name, c.id LIMIT ${MOST_NAMED}`,
    where.values,
  );
  return { amount: rows[0]?.amount ?? 0, named: rows.map(({ id, name }) => ({ id, name })) };
}

/** What was due and what was made of assessments in all clusters that the scope sees; nothing due where there is no cluster. */
export async function assessedIn(scope: AccountScope): Promise<Assessed> {
  const { rows } = await pool().query<Assessed>(
    `SELECT coalesce(sum(expected), 0)::int AS expected, coalesce(sum(evaluated), 0)::int AS evaluated FROM "Cluster"
     WHERE "goneAt" IS NULL AND ($1::uuid[] IS NULL OR "accountId" = ANY($1))`,
    [scope.accountIds],
  );
  return rows[0] ?? { expected: 0, evaluated: 0 };
}

/** How many clusters match, and by facet. Always exact. */
export async function clusterCounts(
  scope: AccountScope,
  filter: ClusterFilter & { facets?: readonly ClusterFacet[]; within?: string | null },
): Promise<Counts> {
  const wanted = filter.facets === undefined || filter.facets.length === 0 ? CLUSTER_FACETS : filter.facets;
  const counted = async (facet?: ClusterFacet): Promise<{ value: string; label: string; amount: number }[]> => {
    const where = clusterWhere(scope, filter, facet);
    const value = facet === undefined ? "''" : FACET_VALUES[facet];
    const { rows } = await pool().query<{ value: string; label: string; amount: number }>(
      `SELECT ${value} AS value, ${facet === "account" ? "min(a.name)" : "''"} AS label, count(*)::int AS amount
       FROM "Cluster" c JOIN "Account" a ON a.id = c."accountId" WHERE ${where.sql} GROUP BY 1`,
      where.values,
    );
    return rows;
  };
  const [total, ...each] = await Promise.all([counted(), ...wanted.map((facet) => counted(facet))]);
  const facets: Counts["facets"] = {};
  const more: string[] = [];
  for (const [at, name] of wanted.entries()) {
    const facet = new Facet();
    const labels = new Map((each[at] ?? []).map((row) => [row.value, row.label]));
    for (const row of each[at] ?? []) facet.add(row.value, row.amount);
    const shown = facet.values((value) => labels.get(value) || value, filter[name], filter.within ?? null);
    facets[name] = shown.values;
    if (shown.more) more.push(name);
  }
  const sum = total.reduce((all, row) => all + row.amount, 0);
  return { total: sum, exact: true, facets, capped: [], more, asOf: new Date().toISOString(), notes: [] };
}

/** Every cluster of a filter, of one moment. */
export async function exportClusters(
  scope: AccountScope,
  query: ClusterFilter & Pick<ClusterQuery, "sort">,
): Promise<ExportRows<ClusterItem>> {
  const where = clusterWhere(scope, query);
  const { orderBy } = keyset(where, query.sort, sortColumns(query.exemptions), null, "c.id");
  const rows = await openSnapshot<ClusterRecord>(
    pool(),
    `SELECT ${clusterColumns(query.exemptions)} FROM ${CLUSTER_TABLES} WHERE ${where.sql} ORDER BY ${orderBy}`,
    `SELECT count(*)::int AS total, now() AS at FROM "Cluster" c JOIN "Account" a ON a.id = c."accountId" WHERE ${where.sql}`,
    where.values,
  );
  async function* items(): AsyncGenerator<ClusterItem[]> {
    for await (const batch of rows.batches) yield batch.map(clusterOf);
  }
  return { ...rows, batches: items() };
}
