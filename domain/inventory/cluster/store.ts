import type { Pool, PoolClient } from "pg";
import type { Missing } from "../missing";
import type { Gap, ScanStatus } from "../schema";

/** A cluster as a scan needs it before it has looked. */
export interface ClusterToScan {
  id: string;
  accountId: string;
  distribution: string;
  name: string;
  aliases: string[];
  managed: unknown;
  gaps: Gap[];
  uid: string | null;
  /** Whether the account's last discovery described this cluster: older facts are not facts any more. */
  described: boolean;
  /** What that discovery said could not be read. */
  undescribed: Gap[];
  /** When everything was last evaluated anew. */
  sweptAt: Date | null;
}

/** Reads a cluster that is not gone; null when there is none. */
export async function readClusterToScan(db: Pool, id: string): Promise<ClusterToScan | null> {
  const { rows } = await db.query<ClusterToScan>(
    `SELECT "id", "accountId", "distribution", "name", "aliases", "managed", "gaps", "uid", "sweptAt",
       coalesce("managedAt" >= look."startedAt", false) AS described, coalesce(look."reasons", '[]') AS undescribed
     FROM "Cluster" LEFT JOIN LATERAL (SELECT s."startedAt", s."reasons" FROM "Scan" s
       WHERE s."accountId" = "Cluster"."accountId" AND s."kind" = 'account' ORDER BY s."startedAt" DESC NULLS LAST LIMIT 1) look ON true
     WHERE "id" = $1 AND "goneAt" IS NULL`,
    [id],
  );
  return rows[0] ?? null;
}

/** Ids of the account's clusters that are not gone. */
export async function presentClusters(db: Pool, accountId: string): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `SELECT "id" FROM "Cluster" WHERE "accountId" = $1 AND "goneAt" IS NULL`,
    [accountId],
  );
  return rows.map((row) => row.id);
}

/** Ids of the account's clusters that are gone, second names among them. */
export async function goneClusters(db: Pool, accountId: string): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `SELECT "id" FROM "Cluster" WHERE "accountId" = $1 AND "goneAt" IS NOT NULL`,
    [accountId],
  );
  return rows.map((row) => row.id);
}

/** What a cluster's last scan left. */
export interface LastScan {
  uid: string | null;
  lastScanId: string | null;
  lastScanStatus: string | null;
  /** Of the last scan, as it wrote them; null when there was none. */
  stats: unknown;
  /** How `scanId` itself ended, when it was committed before. */
  finished: string | null;
}

/** Reads what the last scan left, for the scan `scanId`; null when the cluster does not exist. */
export async function readLastScan(db: Pool, clusterId: string, scanId: string): Promise<LastScan | null> {
  const { rows } = await db.query<LastScan>(
    `SELECT c."uid", c."lastScanId", c."lastScanStatus", s."stats",
       (SELECT "status" FROM "Scan" WHERE "id" = $2 AND "status" IN ('complete', 'partial', 'failed')) AS "finished"
     FROM "Cluster" c LEFT JOIN "Scan" s ON s."id" = c."lastScanId" WHERE c."id" = $1`,
    [clusterId, scanId],
  );
  return rows[0] ?? null;
}

/** Locks a cluster for the transaction; null when it does not exist. `exemptions`: how often those that may touch it changed. */
export async function lockCluster(
  tx: PoolClient,
  clusterId: string,
): Promise<{ fence: bigint; lastScanId: string | null; exemptions: number } | null> {
  const { rows } = await tx.query<{ fence: string; lastScanId: string | null; exemptions: number }>(
    `SELECT "fence", "lastScanId", "exemptions" FROM "Cluster" WHERE "id" = $1 FOR UPDATE`,
    [clusterId],
  );
  const [row] = rows;
  return row === undefined ? null : { ...row, fence: BigInt(row.fence) };
}

/**
 * Locks of these clusters those that nobody else holds, and returns them: whoever deletes in several clusters waits for no scan's commit,
 * which may be waiting for what he holds.
 */
export async function lockIdleClusters(tx: PoolClient, clusterIds: readonly string[]): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `SELECT "id" FROM "Cluster" WHERE "id" = ANY($1::uuid[]) ORDER BY "id" FOR UPDATE SKIP LOCKED`,
    [clusterIds],
  );
  return rows.map(({ id }) => id);
}

/** What a scan says of its cluster as a whole. `score` and `coverage` are null when nothing could be scored or expected. */
export interface ScannedCluster {
  id: string;
  /** Null: not read; what is stored stays. */
  uid: string | null;
  version: string | null;
  workloads: number;
  nodes: number;
  score: number | null;
  scoreWithoutExemptions: number | null;
  coverage: number | null;
  expected: number;
  evaluated: number;
  missing: Missing;
  scan: { id: string; status: ScanStatus; at: Date; swept: boolean };
}

/** Writes what a scan found a cluster to be. Its UID is written once, unless another row has it. */
export async function writeScanned(tx: PoolClient, cluster: ScannedCluster): Promise<void> {
  await tx.query(
    `UPDATE "Cluster" SET "uid" = coalesce("uid", CASE WHEN EXISTS (SELECT 1 FROM "Cluster" o WHERE o."uid" = $2) THEN NULL ELSE $2 END), "version" = coalesce($3, "version"), "workloads" = $4, "nodes" = $5, "score" = $6,
       "coverage" = $7, "expected" = $8, "evaluated" = $9, "lastScanId" = $10, "lastScanStatus" = $11, "lastScanAt" = $12,
       "lastCompleteAt" = CASE WHEN $11 = 'complete' THEN $12 ELSE "lastCompleteAt" END,
       "sweptAt" = CASE WHEN $13 THEN $12 ELSE "sweptAt" END, "scoreWithoutExemptions" = $14, "missing" = $15 WHERE "id" = $1`,
    [
      cluster.id,
      cluster.uid,
      cluster.version,
      cluster.workloads,
      cluster.nodes,
      cluster.score,
      cluster.coverage,
      cluster.expected,
      cluster.evaluated,
      cluster.scan.id,
      cluster.scan.status,
      cluster.scan.at,
      cluster.scan.swept,
      cluster.scoreWithoutExemptions,
      JSON.stringify(cluster.missing),
    ],
  );
}
