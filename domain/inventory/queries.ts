import "server-only";
import { z } from "zod";
import type { AccountScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import { type Missing, parseMissing } from "./missing";
import {
  type Distribution,
  type Gap,
  gapSchema,
  type ManagedCluster,
  managedClusterSchema,
  type Provider,
} from "./schema";

export interface ClusterRow {
  id: string;
  accountId: string;
  accountName: string;
  provider: Provider;
  distribution: Distribution;
  name: string;
  region: string | null;
  version: string | null;
  status: string | null;
  workloads: number;
  nodes: number;
  score: number | null;
  expected: number;
  evaluated: number;
  lastScanId: string | null;
  lastScanStatus: string | null;
  lastScanAt: Date | null;
  lastCompleteAt: Date | null;
  /** Until when its API asked not to be called. */
  waitUntil: Date | null;
  /** Why the last scan was not complete. */
  reasons: Gap[];
  /** Why assessments could not be made; empty before a scan told. */
  missing: Missing;
  open: number;
  /** Open findings of severity critical or high. */
  urgent: number;
}

const reasonsSchema = z.array(gapSchema).catch([]);
/** The gaps of a scan as stored; an unreadable list is an empty one, its status still tells. */
export const parseReasons = (value: unknown): Gap[] => reasonsSchema.parse(value);

const CLUSTER_COLUMNS = `c.id, c."accountId", a.name AS "accountName", a.provider, c.distribution, c.name, c.region, c.version,
  c.status, c.workloads, c.nodes, c.score, c.expected, c.evaluated, c."lastScanId", c."lastScanStatus", c."lastScanAt",
  c."lastCompleteAt", c."waitUntil", c.missing, s.reasons, coalesce(f.open, 0) AS open, coalesce(f.urgent, 0) AS urgent`;
const CLUSTER_JOINS = `FROM "Cluster" c JOIN "Account" a ON a.id = c."accountId" LEFT JOIN "Scan" s ON s.id = c."lastScanId"
  LEFT JOIN (SELECT "clusterId", sum(open)::int AS open, coalesce(sum(open) FILTER (WHERE severity >= 2), 0)::int AS urgent
             FROM "FindingBySeverity" GROUP BY 1) f ON f."clusterId" = c.id`;

/** All clusters that are not gone, by distribution and falling size. */
export async function listClusters(scope: AccountScope): Promise<ClusterRow[]> {
  const { rows } = await pool().query<ClusterRow>(
    `SELECT ${CLUSTER_COLUMNS} ${CLUSTER_JOINS}
     WHERE c."goneAt" IS NULL AND ($1::uuid[] IS NULL OR c."accountId" = ANY($1))
     ORDER BY c.distribution, c.workloads DESC, c.name, c.id LIMIT 2000`,
    [scope.accountIds],
  );
  return rows.map((row) => ({ ...row, reasons: parseReasons(row.reasons), missing: parseMissing(row.missing) }));
}

export interface ClusterDetail extends ClusterRow {
  uid: string | null;
  goneAt: Date | null;
  managedAt: Date | null;
  /** Null when the stored description cannot be read by this version. */
  managed: ManagedCluster | null;
  gaps: Gap[];
}

/** One cluster; null when there is none or it lies outside the scope. */
export async function findCluster(scope: AccountScope, id: string): Promise<ClusterDetail | null> {
  const { rows } = await pool().query<Omit<ClusterDetail, "managed"> & { managed: unknown }>(
    `SELECT ${CLUSTER_COLUMNS}, c.uid, c."goneAt", c."managedAt", c.managed, c.gaps ${CLUSTER_JOINS}
     WHERE c.id = $2 AND ($1::uuid[] IS NULL OR c."accountId" = ANY($1))`,
    [scope.accountIds, id],
  );
  const row = rows[0];
  if (row === undefined) return null;
  const managed = managedClusterSchema.safeParse(row.managed);
  return {
    ...row,
    reasons: parseReasons(row.reasons),
    missing: parseMissing(row.missing),
    gaps: parseReasons(row.gaps),
    managed: managed.success ? managed.data : null,
  };
}

export interface ScanRow {
  id: string;
  kind: string;
  trigger: string;
  status: string;
  reasons: Gap[];
  stats: {
    changed?: number | undefined;
    evaluated?: number | undefined;
    opened?: number | undefined;
    resolved?: number | undefined;
  };
  queuedAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  clusterId: string | null;
  clusterName: string | null;
  accountName: string;
}

const statsSchema = z
  .object({
    changed: z.number().optional(),
    evaluated: z.number().optional(),
    opened: z.number().optional(),
    resolved: z.number().optional(),
  })
  .catch({});

/**
 * The figures of scan `s` that lists show. A scan also notes every kind and control that it looked at: a page of whole notes would be a
 * megabyte. One record unpacks them once, where an arrow for each figure would do so each time.
 */
export const SCAN_FIGURES = `(SELECT jsonb_strip_nulls(to_jsonb(n)) FROM jsonb_to_record(s.stats) AS n(changed jsonb, evaluated jsonb, opened jsonb, resolved jsonb, progress jsonb))`;

/** The newest scans, of one cluster or of all that the scope sees. */
export async function listScans(
  scope: AccountScope,
  limit: number,
  clusterId: string | null = null,
): Promise<ScanRow[]> {
  const { rows } = await pool().query<ScanRow>(
    `SELECT s.id, s.kind, s.trigger, s.status, s.reasons, ${SCAN_FIGURES} AS stats, s."queuedAt", s."startedAt", s."finishedAt", s."clusterId",
       c.name AS "clusterName", a.name AS "accountName"
     FROM "Scan" s JOIN "Account" a ON a.id = s."accountId" LEFT JOIN "Cluster" c ON c.id = s."clusterId"
     WHERE ($1::uuid[] IS NULL OR s."accountId" = ANY($1)) AND ($2::uuid IS NULL OR s."clusterId" = $2)
     ORDER BY s."queuedAt" DESC LIMIT $3`,
    [scope.accountIds, clusterId, limit],
  );
  return rows.map((row) => ({ ...row, reasons: parseReasons(row.reasons), stats: statsSchema.parse(row.stats) }));
}

export interface WorkloadRow {
  kind: string;
  namespace: string;
  name: string;
  open: number;
  worst: number | null;
  /** All that applies to it was evaluated when it was seen last. */
  judged: boolean;
}

/** Workloads of a cluster with their open findings, worst first. */
export async function listWorkloads(scope: AccountScope, clusterId: string, limit: number): Promise<WorkloadRow[]> {
  const { rows } = await pool().query<WorkloadRow>(
    // Outcomes are read of what is shown only: those of all workloads of a large cluster are megabytes.
    `WITH shown AS MATERIALIZED (
       SELECT r.kind, r.namespace, r.name, count(f.id)::int AS open, max(f.severity)::int AS worst
       FROM "Resource" r JOIN "Cluster" c ON c.id = r."clusterId"
       LEFT JOIN "Finding" f ON f."clusterId" = r."clusterId" AND f.state = 'open' AND f."apiGroup" = r."apiGroup"
         AND f.kind = r.kind AND f.namespace = r.namespace AND f.name = r.name
       WHERE r."clusterId" = $2 AND ($1::uuid[] IS NULL OR c."accountId" = ANY($1)) AND r.item = 'workload'
       GROUP BY 1, 2, 3 ORDER BY worst DESC NULLS LAST, open DESC, r.namespace, r.name LIMIT $3)
     SELECT s.*, NOT EXISTS (SELECT 1 FROM "Resource" r WHERE r."clusterId" = $2 AND r.kind = s.kind AND r.namespace = s.namespace
       AND r.name = s.name AND r.item = 'workload' AND r.outcomes::text LIKE '%"e:%') AS judged
     FROM shown s ORDER BY s.worst DESC NULLS LAST, s.open DESC, s.namespace, s.name`,
    [scope.accountIds, clusterId, limit],
  );
  return rows;
}
