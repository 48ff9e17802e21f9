import type { Pool, PoolClient } from "pg";
import { lockCluster, type ScannedCluster, writeScanned } from "@/domain/inventory/cluster/store";
import { changesOf } from "@/domain/inventory/history/history";
import { writeChanges } from "@/domain/inventory/history/store";
import { countNodes } from "@/domain/inventory/node";
import { type EndedScan, endScan } from "@/domain/inventory/scan/store";
import type { Gap } from "@/domain/inventory/schema";
import { deleteResources, writeImages } from "@/domain/inventory/store";
import { coverageRatio } from "@/domain/posture/coverage";
import { loadActiveExemptions, loadHeldExemptions, writeExemptionChanges } from "@/domain/posture/exemption/store";
import { writeAccountAndFleetPoints, writeClusterPoint } from "@/domain/posture/point/store";
import { writeSoleFailures } from "@/domain/posture/recommendation/store";
import { scoresOf } from "@/domain/posture/standing";
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
import { type Decided, decide, type Matter, planAndWrite } from "./decide";
import { scanEvents } from "./event";
import type { HeadStart } from "./head-start";
import { reasonOf } from "./plan";

/**
 * The cluster was taken from this scan: by another scan, or because what was found under another name of it was moved to it. Nothing of
 * this one was written. Who took it goes on; when nobody has, it has to be scanned anew.
 */
export class FencedError extends Error {
  override name = "FencedError";
}

/** A resource that the scan took for new has come from elsewhere since. */
const isMoved = (error: unknown): error is Error =>
  error instanceof Error && "code" in error && error.code === "23505" && "table" in error && error.table === "Resource";

/** A scan that has looked, and has to decide and to write. */
export interface Looked extends Matter {
  clusterName: string;
  scanId: string;
  trigger: string;
  fence: bigint;
  startedAt: Date;
  status: EndedScan["status"];
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
  const held = await lockCluster(tx, cluster.id);
  if (held === null) throw new FencedError(`The cluster ${clusterName} was removed while it was scanned.`);
  if (held.fence !== fence || held.lastScanId !== baseline.lastScanId) {
    throw new FencedError(
      `Another scan of ${clusterName} has taken over, or it turned out to be another account's cluster too; the results of this one are dropped.`,
    );
  }
  return held.exemptions;
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

function nodeCountsOf({ collected }: ScanResult["planned"]) {
  if (!collected.complete.has("Node")) return null; // not looked is not none
  return countNodes(
    [...collected.sightings.values()].flatMap(({ judged }) => (judged?.kind === "Node" ? [judged] : [])),
  );
}

/** What the scan says of the cluster as a whole. */
function scannedOf({ summary, planned, clusterId, scanId, status, now }: ScanResult): ScannedCluster {
  const { collected, full } = planned;
  return {
    id: clusterId,
    uid: collected.uid ?? null,
    version: collected.version?.replace(/^v(?=\d)/, "") ?? null, // as the clouds write it
    workloads: summary.workloads,
    nodes: summary.nodes,
    ...scoresOf(summary),
    coverage: coverageRatio(summary.coverage),
    ...summary.coverage,
    missing: summary.missing,
    scan: { id: scanId, status, at: now, swept: full && status !== "failed" },
  };
}

const statsOf = ({ planned, plan, transitions, stamp, ms }: Looked & Decided, evaluate: number) => ({
  listed: planned.collected.listed,
  unlisted: Object.fromEntries([...planned.collected.failures].map(([kind, gap]) => [kind, reasonOf(gap)])),
  changed: plan.changed,
  gone: plan.gone.length,
  evaluated: plan.evaluated,
  opened: transitions.open.length,
  resolved: transitions.resolve.length,
  ms: { ...ms, evaluate },
  controls: stamp,
});

/**
 * Decides and writes one scan in one transaction: the one of its head start, if it has one. Errors, after which nothing was written:
 * FencedError when the cluster was taken from this scan; those of the database.
 */
export async function commitScan(pool: Pool, given: Looked, headStart?: HeadStart): Promise<Decided> {
  const begun = (await headStart?.handOver()) ?? null;
  const looked = begun === null ? given : { ...given, planned: { ...given.planned, written: begun.written } };
  const committed = inTransaction(begun?.transaction ?? pool, async (tx) => {
    // After a head start the lock is asked for behind what is still being written, and judging goes on meanwhile.
    const locked = (begun?.sent ?? Promise.resolve()).then(() => checkFence(tx, looked));
    locked.catch(() => undefined); // whoever awaits it next is told, but that may be a while after
    if (begun === null) await locked;
    const began = performance.now();
    const plan = await planAndWrite(tx, looked, locked);
    const exemptions = await exemptionsNow(tx, looked, await locked);
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
  return committed.catch((error: unknown) => {
    if (!isMoved(error)) throw error;
    throw new FencedError(
      `What was known of ${looked.clusterName} under another name was moved to it while it was scanned; the results of this scan are dropped.`,
      { cause: error },
    );
  });
}

async function write(tx: PoolClient, result: ScanResult, stats: object): Promise<void> {
  const { plan, transitions, summary, exempted, clusterId, now, planned } = result;
  await endScan(tx, { ...result, id: result.scanId, stats, nodeCounts: nodeCountsOf(planned) });
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
  await writeScanned(tx, scannedOf(result));
  await writeClusterPoint(tx, result, summary, summary.coverage, summary.movements);
  const moves = await writeAccountAndFleetPoints(tx, result, summary.movements);
  await publish(tx, scanEvents(result, moves), now);
  await announce(tx, "scan");
}
