import type { Pool, PoolClient } from "pg";
import type { SqlRunner } from "@/lib/jobs";
import { storableJson } from "@/lib/storable-json";
import type { NodeCount } from "../node";
import type { Gap, ScanStatus } from "../schema";

/** A scan of a cluster that begins now. */
export interface BegunScan {
  id: string;
  accountId: string;
  clusterId: string;
  trigger: string;
  startedAt: Date;
}
/** A scan of a cluster that is over. `stats` is what its page shows; `nodeCounts` is null when not every node was listed. */
export interface EndedScan extends BegunScan {
  status: Extract<ScanStatus, "complete" | "partial" | "failed">;
  reasons: readonly Gap[];
  stats: object;
  nodeCounts: readonly NodeCount[] | null;
  finishedAt: Date;
}

/** Writes that a scan runs. */
export async function beginScan(db: Pool, scan: BegunScan): Promise<void> {
  await db.query(
    `INSERT INTO "Scan" ("id", "accountId", "clusterId", "kind", "trigger", "status", "queuedAt", "startedAt") VALUES ($1, $2, $3, 'cluster', $4, 'running', $5, $5)`,
    [scan.id, scan.accountId, scan.clusterId, scan.trigger, scan.startedAt],
  );
}

/** Writes how far a running scan has come into its `stats`; one that is over is left alone. */
export async function writeProgress(db: Pool, scanId: string, progress: object): Promise<void> {
  await db.query(
    `UPDATE "Scan" SET "stats" = jsonb_build_object('progress', $2::jsonb) WHERE "id" = $1 AND "status" = 'running'`,
    [scanId, JSON.stringify(progress)],
  );
}

/** Takes a begun scan back: its cluster turned out to be another one. */
export async function dropScan(tx: SqlRunner, scanId: string): Promise<void> {
  await tx.query(`DELETE FROM "Scan" WHERE "id" = $1`, [scanId]);
}

/** Writes how a scan ended, over what `beginScan` wrote of it. */
export async function endScan(tx: PoolClient, scan: EndedScan): Promise<void> {
  await tx.query(
    `INSERT INTO "Scan" ("id", "accountId", "clusterId", "kind", "trigger", "status", "reasons", "stats", "nodeCounts", "queuedAt", "startedAt", "finishedAt")
     VALUES ($1, $2, $3, 'cluster', $4, $5, $6, $7, $8, $9, $9, $10)
     ON CONFLICT ("id") DO UPDATE SET "status" = excluded."status", "reasons" = excluded."reasons", "stats" = excluded."stats",
       "nodeCounts" = excluded."nodeCounts", "startedAt" = coalesce("Scan"."startedAt", excluded."startedAt"), "finishedAt" = excluded."finishedAt"`,
    [
      scan.id,
      scan.accountId,
      scan.clusterId,
      scan.trigger,
      scan.status,
      storableJson(scan.reasons),
      storableJson(scan.stats),
      storableJson(scan.nodeCounts),
      scan.startedAt,
      scan.finishedAt,
    ],
  );
}

const ABANDONED: Gap = {
  code: "error",
  what: "scan",
  message: "This scan was broken off, and nothing of it was written. A later scan takes over.",
};

/**
 * Ends scans that still say `running` although their worker died: those of the cluster whose lease the caller holds, or,
 * without `clusterId`, those of every cluster that nobody holds (it went, or its account was switched off).
 */
export async function closeAbandoned(db: Pool | PoolClient, now: Date, clusterId?: string): Promise<void> {
  await db.query(
    `UPDATE "Scan" s SET "status" = 'failed', "reasons" = $1, "finishedAt" = $2 FROM "Cluster" c
     WHERE c."id" = s."clusterId" AND s."kind" = 'cluster' AND s."status" = 'running'
       AND (c."id" = $3 OR ($3::uuid IS NULL AND (c."leaseUntil" IS NULL OR c."leaseUntil" < now())))`,
    [JSON.stringify([ABANDONED]), now, clusterId ?? null],
  );
}

/**
 * Deletes scans that were asked for before `before`. The last ended and the last complete one of each cluster and account stay, and the
 * one that a cluster's next scan compares with. At most `most`; returns how many.
 */
export async function forgetScans(tx: PoolClient, before: Date, most: number): Promise<number> {
  const later = (same: string, status: string) =>
    `EXISTS (SELECT FROM "Scan" n WHERE ${same} AND n."status" IN (${status}) AND n."queuedAt" >= s."queuedAt" AND (n."queuedAt", n."id") > (s."queuedAt", s."id"))`;
  const replaced = (same: string) =>
    `${later(same, `'complete', 'partial', 'failed'`)} AND (s."status" <> 'complete' OR ${later(same, `'complete'`)})`;
  const { rowCount } = await tx.query(
    `DELETE FROM "Scan" WHERE "id" IN (SELECT s."id" FROM "Scan" s WHERE s."queuedAt" < $1 AND s."status" NOT IN ('queued', 'running')
       AND NOT EXISTS (SELECT FROM "Cluster" c WHERE c."id" = s."clusterId" AND c."lastScanId" = s."id")
       AND CASE WHEN s."kind" = 'cluster' THEN ${replaced(`n."clusterId" = s."clusterId"`)}
         ELSE ${replaced(`n."accountId" = s."accountId" AND n."kind" = s."kind"`)} END LIMIT $2)`,
    [before, most],
  );
  return rowCount ?? 0;
}
