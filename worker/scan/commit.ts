import type { Pool, PoolClient } from "pg";
import { changesOf } from "@/domain/inventory/history/history";
import { writeChanges } from "@/domain/inventory/history/store";
import { countNodes } from "@/domain/inventory/node";
import type { Gap, ScanStatus } from "@/domain/inventory/schema";
import { deleteResources, writeImages } from "@/domain/inventory/store";
import { coverageRatio } from "@/domain/posture/coverage";
import { loadActiveExemptions, loadHeldExemptions, writeExemptionChanges } from "@/domain/posture/exemption/store";
import { writeAccountAndFleetPoints, writeClusterPoint } from "@/domain/posture/point-store";
import { writeSoleFailures } from "@/domain/posture/recommendation/store";
import { scoreOf } from "@/domain/posture/score";
import {
  markNotRechecked,
  openFindings,
  refreshFindings,
  resolveFindings,
  writeOwners,
  writeRollups,
} from "@/domain/posture/store";
import { inTransaction } from "@/lib/db";
import { announce, publish } from "@/lib/events";
import { storableJson } from "@/lib/storable-json";
import { type Decided, decide, type Matter, planAndWrite } from "./decide";
import { scanEvents } from "./event";
import { reasonOf } from "./plan";

/** Another scan took the cluster over since this one began: nothing of this one was written. Give up; do not retry. */
export class FencedError extends Error {
  override name = "FencedError";
}

/** A scan that has looked, and has to decide and to write. */
export interface Looked extends Matter {
  clusterName: string;
  scanId: string;
  trigger: string;
  fence: bigint;
  startedAt: Date;
  status: Extract<ScanStatus, "complete" | "partial" | "failed">;
  reasons: Gap[];
  /** Milliseconds of its parts so far. */
  ms: { load: number; list: number };
}
/** A scan as it is written. */
export interface ScanResult extends Looked, Decided {
  accountId: string;
  clusterId: string;
  now: Date;
  /** Start plus what the scan took until it was decided. */
  finishedAt: Date;
}

/** Locks the cluster. Returns how often its exemptions changed. */
async function checkFence(tx: PoolClient, { cluster, clusterName, fence, baseline }: Looked): Promise<number> {
  const { rows } = await tx.query<{ fence: string; lastScanId: string | null; exemptions: number }>(
    `SELECT "fence", "lastScanId", "exemptions" FROM "Cluster" WHERE "id" = $1 FOR UPDATE`,
    [cluster.id],
  );
  const [row] = rows;
  if (row === undefined) throw new FencedError(`The cluster ${clusterName} was removed while it was scanned.`);
  if (BigInt(row.fence) !== fence || row.lastScanId !== baseline.lastScanId) {
    throw new FencedError(`Another scan of ${clusterName} has taken over; the results of this one are dropped.`);
  }
  return row.exemptions;
}

/** Exemptions that hold now and the open findings with theirs: somebody may have changed them while the cluster was looked at. */
async function exemptionsNow(tx: PoolClient, { cluster, baseline }: Looked, counter: number) {
  const { exemptions, findings } = baseline;
  if (counter === exemptions.counter) return { active: exemptions.active, findings };
  const held = await loadHeldExemptions(tx, cluster.id);
  const none = { exemption: null, exemptionId: null };
  return {
    active: await loadActiveExemptions(tx, cluster.accountId),
    findings: findings.map((finding) => ({ ...finding, ...none, ...held.get(finding.id) })),
  };
}

async function writeScan(tx: PoolClient, result: ScanResult, stats: object): Promise<void> {
  const { collected } = result.planned;
  const nodes = [...collected.sightings.values()].flatMap(({ judged }) => (judged?.kind === "Node" ? [judged] : []));
  await tx.query(
    `INSERT INTO "Scan" ("id", "accountId", "clusterId", "kind", "trigger", "status", "reasons", "stats", "nodeCounts", "queuedAt", "startedAt", "finishedAt")
     VALUES ($1, $2, $3, 'cluster', $4, $5, $6, $7, $8, $9, $9, $10)
     ON CONFLICT ("id") DO UPDATE SET "status" = excluded."status", "reasons" = excluded."reasons", "stats" = excluded."stats",
       "nodeCounts" = excluded."nodeCounts", "startedAt" = coalesce("Scan"."startedAt", excluded."startedAt"), "finishedAt" = excluded."finishedAt"`,
    [
      result.scanId,
      result.accountId,
      result.clusterId,
      result.trigger,
      result.status,
      storableJson(result.reasons),
      storableJson(stats),
      storableJson(collected.complete.has("Node") ? countNodes(nodes) : null), // not looked is not none
      result.startedAt,
      result.finishedAt,
    ],
  );
}

async function writeCluster(tx: PoolClient, result: ScanResult): Promise<void> {
  const { summary } = result;
  const { collected, full } = result.planned;
  await tx.query(
    `UPDATE "Cluster" SET "uid" = coalesce("uid", CASE WHEN EXISTS (SELECT 1 FROM "Cluster" o WHERE o."uid" = $2) THEN NULL ELSE $2 END), "version" = coalesce($3, "version"), "workloads" = $4, "nodes" = $5, "score" = $6,
       "coverage" = $7, "expected" = $8, "evaluated" = $9, "lastScanId" = $10, "lastScanStatus" = $11, "lastScanAt" = $12,
       "lastCompleteAt" = CASE WHEN $11 = 'complete' THEN $12 ELSE "lastCompleteAt" END,
       "sweptAt" = CASE WHEN $13 THEN $12 ELSE "sweptAt" END WHERE "id" = $1`,
    [
      result.clusterId,
      collected.uid ?? null,
      collected.version ?? null,
      summary.workloads,
      summary.nodes,
      scoreOf(summary.totals),
      coverageRatio(summary.coverage),
      summary.coverage.expected,
      summary.coverage.evaluated,
      result.scanId,
      result.status,
      result.now,
      full && result.status !== "failed",
    ],
  );
}

const statsOf = ({ planned, plan, transitions, stamp, ms }: Looked & Decided, evaluate: number) => ({
  listed: planned.collected.listed,
  unlisted: Object.fromEntries([...planned.collected.failures].map(([kind, gap]) => [kind, reasonOf(gap)])),
  changed: plan.writes.length,
  gone: plan.gone.length,
  evaluated: plan.evaluated,
  opened: transitions.open.length,
  resolved: transitions.resolve.length,
  ms: { ...ms, evaluate },
  controls: stamp,
});

/**
 * Decides and writes one scan in one transaction. Errors: FencedError when another scan holds the cluster; those of the
 * database, after which nothing was written.
 */
export async function commitScan(pool: Pool, looked: Looked): Promise<Decided> {
  return await inTransaction(pool, async (tx) => {
    const exemptions = await exemptionsNow(tx, looked, await checkFence(tx, looked));
    const began = performance.now();
    const plan = await planAndWrite(tx, looked);
    const decided = decide(plan, looked, exemptions.active, exemptions.findings);
    const evaluate = Math.round(performance.now() - began);
    const { id: clusterId, accountId } = looked.cluster;
    const now = looked.planned.now;
    const took = looked.ms.load + looked.ms.list + evaluate;
    const finishedAt = new Date(looked.startedAt.getTime() + took);
    await write(
      tx,
      { ...looked, ...decided, clusterId, accountId, now, finishedAt },
      statsOf({ ...looked, ...decided }, evaluate),
    );
    return decided;
  });
}

async function write(tx: PoolClient, result: ScanResult, stats: object): Promise<void> {
  const { plan, transitions, summary, exempted, clusterId, now, planned } = result;
  await writeScan(tx, result, stats);
  await deleteResources(tx, clusterId, plan.gone);
  await writeChanges(tx, result, changesOf(plan.decisions.values(), result.baseline.resources.size === 0));
  const complete = planned.collected.complete.has("Pod");
  const { images } = planned.collected;
  if (complete || images.size > 0) await writeImages(tx, clusterId, images, complete);
  await resolveFindings(tx, result, transitions.resolve);
  await openFindings(tx, result, transitions.open);
  await refreshFindings(tx, result, transitions.refresh);
  await markNotRechecked(tx, transitions.mark);
  await writeOwners(tx, transitions.own);
  await writeExemptionChanges(tx, exempted.changes);
  await writeRollups(tx, clusterId, summary.counts, summary.totals, summary.lift);
  await writeSoleFailures(tx, clusterId, summary.sole);
  await writeCluster(tx, result);
  await writeClusterPoint(tx, result, summary.totals, summary.coverage, summary.movements);
  const moves = await writeAccountAndFleetPoints(tx, result, summary.movements);
  await publish(tx, scanEvents(result, moves), now);
  await announce(tx, "scan");
}
