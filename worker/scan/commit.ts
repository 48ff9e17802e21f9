import type { Pool, PoolClient } from "pg";
import { changesOf } from "@/domain/inventory/history/history";
import { writeChanges } from "@/domain/inventory/history/store";
import { countNodes } from "@/domain/inventory/node";
import type { Gap, ScanStatus } from "@/domain/inventory/schema";
import { deleteResources, writeImages, writeResources } from "@/domain/inventory/store";
import { coverageRatio } from "@/domain/posture/coverage";
import type { ActiveExemption } from "@/domain/posture/exemption/match";
import { loadActiveExemptions, loadHeldExemptions, writeExemptionChanges } from "@/domain/posture/exemption/store";
import { writeAccountAndFleetPoints, writeClusterPoint } from "@/domain/posture/point-store";
import { writeSoleFailures } from "@/domain/posture/recommendation/store";
import type { Control } from "@/domain/posture/schema";
import { scoreOf } from "@/domain/posture/score";
import {
  markNotRechecked,
  type OpenFinding,
  openFindings,
  refreshFindings,
  resolveFindings,
  writeRollups,
} from "@/domain/posture/store";
import { inTransaction } from "@/lib/db";
import { announce, publish } from "@/lib/events";
import { storableJson } from "@/lib/storable-json";
import type { Baseline } from "./baseline";
import type { Collected } from "./collect";
import { scanEvents } from "./event";
import type { Exempted } from "./exempt";
import type { Plan } from "./plan";
import type { Summary } from "./summary";
import type { Transitions } from "./transition";

/** Another scan took the cluster over since this one began: nothing of this one was written. Give up; do not retry. */
export class FencedError extends Error {
  override name = "FencedError";
}

export interface ScanResult {
  accountId: string;
  clusterId: string;
  clusterName: string;
  scanId: string;
  trigger: string;
  fence: bigint;
  startedAt: Date;
  /** Start plus what the scan took until its commit. */
  finishedAt: Date;
  now: Date;
  status: Extract<ScanStatus, "complete" | "partial" | "failed">;
  reasons: Gap[];
  controls: readonly Control[];
  /** Whether everything was evaluated anew. */
  full: boolean;
  stats: Record<string, unknown>;
  baseline: Baseline;
  collected: Collected;
  plan: Plan;
  transitions: Transitions;
  summary: Summary;
  exempted: Exempted;
  /** Counts again when exemptions changed since the scan began. `findings` are those of the baseline with today's exemptions. */
  count: (
    active: readonly ActiveExemption[],
    findings: readonly OpenFinding[],
  ) => { summary: Summary; exempted: Exempted };
}

/** Locks the cluster. Returns how often its exemptions changed. */
async function checkFence(tx: PoolClient, result: ScanResult): Promise<number> {
  const { rows } = await tx.query<{ fence: string; lastScanId: string | null; exemptions: number }>(
    `SELECT "fence", "lastScanId", "exemptions" FROM "Cluster" WHERE "id" = $1 FOR UPDATE`,
    [result.clusterId],
  );
  const [row] = rows;
  if (row === undefined) throw new FencedError(`The cluster ${result.clusterName} was removed while it was scanned.`);
  if (BigInt(row.fence) !== result.fence || row.lastScanId !== result.baseline.lastScanId) {
    throw new FencedError(`Another scan of ${result.clusterName} has taken over; the results of this one are dropped.`);
  }
  return row.exemptions;
}

/** The result with the exemptions that hold now: somebody may have changed them while the cluster was looked at. */
async function withExemptions(tx: PoolClient, result: ScanResult, counter: number): Promise<ScanResult> {
  if (counter === result.baseline.exemptions.counter) return result;
  const active = await loadActiveExemptions(tx, result.accountId);
  const held = await loadHeldExemptions(tx, result.clusterId);
  const none = { exemption: null, exemptionId: null };
  const findings = result.baseline.findings.map((finding) => ({ ...finding, ...none, ...held.get(finding.id) }));
  return { ...result, ...result.count(active, findings) };
}

async function writeScan(tx: PoolClient, result: ScanResult): Promise<void> {
  const nodes = [...result.collected.sightings.values()].flatMap(({ judged }) =>
    judged?.kind === "Node" ? [judged] : [],
  );
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
      storableJson(result.stats),
      storableJson(result.collected.complete.has("Node") ? countNodes(nodes) : null), // not looked is not none
      result.startedAt,
      result.finishedAt,
    ],
  );
}

async function writeCluster(tx: PoolClient, result: ScanResult): Promise<void> {
  const { summary, collected } = result;
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
      result.full && result.status !== "failed",
    ],
  );
}

/**
 * Writes one scan in one transaction. Errors: FencedError when another scan holds the cluster; those of the database, after
 * which nothing was written.
 */
export async function commitScan(pool: Pool, result: ScanResult): Promise<void> {
  await inTransaction(pool, async (tx) => {
    outliveServer(tx);
    await write(tx, result);
  });
}

const outliving = new WeakSet<PoolClient>();
/** A server that dies rejects the running statement and also emits `error`; unheard, that would end the process. */
function outliveServer(tx: PoolClient): void {
  if (outliving.has(tx)) return;
  outliving.add(tx);
  tx.on("error", () => undefined);
}
async function write(tx: PoolClient, given: ScanResult): Promise<void> {
  const result = await withExemptions(tx, given, await checkFence(tx, given));
  const { plan, transitions, summary, exempted, clusterId, now } = result;
  await writeScan(tx, result);
  await deleteResources(tx, clusterId, plan.gone);
  await writeResources(tx, clusterId, plan.writes, now);
  await writeChanges(tx, result, changesOf(plan.decisions.values(), result.baseline.resources.size === 0));
  const complete = result.collected.complete.has("Pod");
  if (complete || result.collected.images.size > 0) await writeImages(tx, clusterId, result.collected.images, complete);
  await resolveFindings(tx, result, transitions.resolve);
  await openFindings(tx, result, transitions.open);
  await refreshFindings(tx, result, transitions.refresh);
  await markNotRechecked(tx, transitions.mark);
  await writeExemptionChanges(tx, exempted.changes);
  await writeRollups(tx, clusterId, summary.counts, summary.totals, summary.lift);
  await writeSoleFailures(tx, clusterId, summary.sole);
  await writeCluster(tx, result);
  await writeClusterPoint(tx, result, summary.totals, summary.coverage, summary.movements);
  const moves = await writeAccountAndFleetPoints(tx, result, summary.movements);
  await publish(tx, scanEvents(result, moves), now);
  await announce(tx, "scan");
}
