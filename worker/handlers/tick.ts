import { mintScope } from "@/domain/access/scope";
import { claimWaited } from "@/domain/accounts/cluster/store";
import { dropOldDrafts } from "@/domain/accounts/edit/store";
import { removedAccounts } from "@/domain/accounts/removal/store";
import { claimDueAccounts } from "@/domain/accounts/store";
import { closeAbandoned } from "@/domain/inventory/scan/store";
import { expireNext, remindOfEnds } from "@/domain/posture/exemption/mutations";
import { inTransaction } from "@/lib/db";
import { enqueue, type JobContext } from "@/lib/jobs";
import type { World } from "../world";

const MOST_ENDED = 100;

/** Ends the exemptions whose time is over, each in a transaction of its own, and reminds of those that end soon. */
async function endExemptions(world: World): Promise<void> {
  const scope = mintScope(null, "Seawall", [{ role: "Owner", accountId: null }]);
  let ended = 0;
  while (ended < MOST_ENDED && (await inTransaction(world.pool, (tx) => expireNext(tx, scope, world.clock())))) ended++;
  await inTransaction(world.pool, (tx) => remindOfEnds(tx, scope, world.clock()));
}

/** Every minute: ends scans that no worker holds any more and exemptions whose time is over, claims the accounts that are due and enqueues their discovery in the same transaction; looks after the outbox. */
export async function tick(world: World, _context: JobContext): Promise<object> {
  await closeAbandoned(world.pool, world.clock());
  await endExemptions(world);
  return inTransaction(world.pool, async (tx) => {
    const due = await claimDueAccounts(tx, world.clock());
    for (const accountId of due) await enqueue(world.boss, tx, "discover-account", { accountId, trigger: "schedule" });
    for (const clusterId of await claimWaited(tx, world.clock()))
      await enqueue(world.boss, tx, "scan-cluster", { clusterId, trigger: "schedule" });
    // A removal that gave up, or whose job was lost, is taken up again; one that is queued already stays one.
    for (const accountId of await removedAccounts(tx)) await enqueue(world.boss, tx, "remove-account", { accountId });
    await dropOldDrafts(tx);
    await enqueue(world.boss, tx, "notify", {});
    return { due: due.length };
  });
}
