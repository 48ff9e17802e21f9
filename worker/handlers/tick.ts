import { claimDueAccounts } from "@/domain/accounts/store";
import { inTransaction } from "@/lib/db";
import { enqueue, type JobContext } from "@/lib/jobs";
import { closeAbandoned } from "../scan/lease";
import type { World } from "../world";

/** Every minute: ends scans that no worker holds any more, claims the accounts that are due and enqueues their discovery in the same transaction; looks after the outbox. */
export async function tick(world: World, _context: JobContext): Promise<object> {
  await closeAbandoned(world.pool, world.clock());
  return inTransaction(world.pool, async (tx) => {
    const due = await claimDueAccounts(tx, world.clock());
    for (const accountId of due) await enqueue(world.boss, tx, "discover-account", { accountId, trigger: "schedule" });
    await enqueue(world.boss, tx, "notify", {});
    return { due: due.length };
  });
}
