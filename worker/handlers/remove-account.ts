import { clustersOfRemoved, deleteAccount } from "@/domain/accounts/removal/store";
import { deleteCompliance } from "@/domain/benchmark/removal/store";
import { lockCluster } from "@/domain/inventory/cluster/store";
import { deleteCluster } from "@/domain/inventory/removal/store";
import { deleteAccountCounts } from "@/domain/posture/finding/count/store";
import { rescoreAccount } from "@/domain/posture/point/store";
import { deleteFindings, deleteScores } from "@/domain/posture/removal/store";
import { inTransaction } from "@/lib/db";
import { announce } from "@/lib/events";
import type { JobContext, JobData } from "@/lib/jobs";
import type { World } from "../world";

/**
 * Deletes what is left of a removed account, a cluster at a time: first the fleet's score moves, with the reason in its ledger, then
 * rows go. A worker that dies in between is followed by one that goes on where it stopped; nothing can come back meanwhile.
 */
export async function removeAccount(
  world: World,
  { accountId }: JobData<"remove-account">,
  { signal }: Pick<JobContext, "signal">,
): Promise<object> {
  const clusters = await clustersOfRemoved(world.pool, accountId);
  if (clusters === null) return { skipped: "the account is gone already" };
  await inTransaction(world.pool, (tx) => rescoreAccount(tx, { accountId, scanId: null, now: world.clock() }));
  for (const clusterId of clusters) {
    signal.throwIfAborted();
    await inTransaction(world.pool, async (tx) => {
      await lockCluster(tx, clusterId); // before its findings, as everybody does
      await deleteFindings(tx, clusterId);
      await deleteCluster(tx, clusterId);
      await deleteScores(tx, [clusterId]);
      await deleteCompliance(tx, [clusterId]);
    });
  }
  await inTransaction(world.pool, async (tx) => {
    await deleteAccountCounts(tx, accountId);
    await deleteScores(tx, [accountId]);
    await deleteCompliance(tx, [accountId]);
    await deleteAccount(tx, accountId);
    await announce(tx, "account");
  });
  return { clusters: clusters.length };
}
