import type { Discovery } from "@/connectors/connector";
import { knownClusters, withoutWait } from "@/domain/accounts/cluster/store";
import type { Discovered } from "@/domain/accounts/discovered";
import { readAccount, recordDiscovery, recordFailedDiscovery } from "@/domain/accounts/store";
import { goneClusters, presentClusters } from "@/domain/inventory/cluster/store";
import { reopenFindingsOfReturnedClusters, resolveFindingsOfGoneClusters } from "@/domain/posture/gone/store";
import { rescoreAccount } from "@/domain/posture/point/store";
import { inTransaction } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { dropLetters, enqueue, type JobContext, type JobData } from "@/lib/jobs";
import { connectionsOf, connectorContext, gapOf } from "../connection";
import type { World } from "../world";

/**
 * Asks every connector of an account for its clusters, records what was seen, and enqueues a scan of each. One connector that
 * fails makes the discovery incomplete, not empty; when all fail, the account is failing and nothing else changes.
 */
export async function discoverAccount(
  world: World,
  data: JobData<"discover-account">,
  context: Pick<JobContext, "signal">,
): Promise<object> {
  const seen = await discoverClusters(world, data, context);
  if (seen === null) return { clusters: 0 };
  await dropLetters(world.pool, { accountId: data.accountId });
  await dropLetters(world.pool, { clusterIds: await goneClusters(world.pool, data.accountId) });
  await inTransaction(world.pool, async (tx) => {
    // Who asked to be left alone is scanned when that is over (by `tick`), unless a person wants it now.
    const ready = data.trigger === "schedule" ? await withoutWait(tx, seen, world.clock()) : seen;
    for (const clusterId of ready) await enqueue(world.boss, tx, "scan-cluster", { clusterId, trigger: data.trigger });
  });
  return { clusters: seen.length };
}

/**
 * The discovery without the scans that follow it: resolves with the ids of the clusters seen. Null when nothing was looked at: the
 * account is gone or paused.
 */
export async function discoverClusters(
  world: World,
  data: JobData<"discover-account">,
  context: Pick<JobContext, "signal">,
): Promise<string[] | null> {
  const account = await readAccount(world.pool, data.accountId);
  if (account === null) return null;
  const scan = { id: uuidv7(world.clock().getTime()), trigger: data.trigger, queuedAt: world.clock() };
  let found: Discovered[];
  try {
    const connections = connectionsOf(world, account);
    found = await Promise.all(
      connections.map(async ({ connector, settings, secrets }) => {
        const { distribution } = connector;
        const known = await knownClusters(world.pool, account.id, distribution);
        const discovery: Discovery = await connector
          .discover(settings, secrets, connectorContext(context.signal), known)
          .catch((error: unknown) => ({
            clusters: [],
            complete: false,
            gaps: [gapOf(error, `discover ${distribution}`)],
            gone: [],
          }));
        return { distribution, discovery };
      }),
    );
  } catch (error) {
    await recordFailedDiscovery(world.pool, account.id, gapOf(error, "settings"), world.clock(), scan);
    return [];
  }
  // Ended for a reason of our own: what could not be asked then says nothing of the cloud.
  context.signal.throwIfAborted();
  const nothing =
    found.length > 0 && found.every(({ discovery }) => !discovery.complete && discovery.clusters.length === 0);
  const firstGap = found.flatMap(({ discovery }) => discovery.gaps)[0];
  if (nothing && firstGap !== undefined) {
    await recordFailedDiscovery(world.pool, account.id, firstGap, world.clock(), scan);
    // Its known clusters are scanned all the same: their Kubernetes APIs may answer though the cloud's does not.
    return presentClusters(world.pool, account.id);
  }
  const now = world.clock();
  return recordDiscovery(world.pool, account, found, now, scan, {
    gone: async (tx, clusterIds) => {
      await resolveFindingsOfGoneClusters(tx, clusterIds, scan.id, now);
      await rescoreAccount(tx, { accountId: account.id, scanId: scan.id, now });
    },
    // Its score returns with the scan that follows: what is known of it is as old as its going.
    back: (tx, clusters) => reopenFindingsOfReturnedClusters(tx, clusters, scan.id, now),
  });
}
