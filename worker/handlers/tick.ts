import type { PoolClient } from "pg";
import { mintScope } from "@/domain/access/scope";
import { claimWaited } from "@/domain/accounts/cluster/store";
import { dropOldDrafts } from "@/domain/accounts/edit/store";
import { removedAccounts } from "@/domain/accounts/removal/store";
import { claimDueAccounts } from "@/domain/accounts/store";
import { closeAbandoned } from "@/domain/inventory/scan/store";
import { expireExemption, remindOfEnds } from "@/domain/posture/exemption/mutations";
import { overdueExemptions } from "@/domain/posture/exemption/store";
import { inTransaction } from "@/lib/db";
import { enqueue } from "@/lib/jobs";
import { logFor, reasonOf } from "@/lib/log";
import type { World } from "../world";

const log = logFor("tick");
const MOST_ENDED = 100;

/** Parts of a minute's work failed; all others were done. The next minute tries them again. */
export class TickError extends Error {
  override name = "TickError";
}

type TickWorld = Pick<World, "pool" | "boss" | "clock">;

/** A minute's work, part by part: one that fails is logged and keeps no other from being done. */
class Minute {
  readonly failures: string[] = [];

  constructor(private readonly world: TickWorld) {}

  /** Does a part in a transaction of its own; undefined when it failed. `what` goes on from "could not". */
  async attempt<T>(what: string, part: (tx: PoolClient, now: Date) => Promise<T>): Promise<T | undefined> {
    try {
      return await inTransaction(this.world.pool, (tx) => part(tx, this.world.clock()));
    } catch (error) {
      const reason = reasonOf(error);
      log.error(`could not ${what}`, { reason });
      this.failures.push(`could not ${what}: ${reason}`);
      return undefined;
    }
  }
}

/** Ends the exemptions whose time is over, each for itself, and reminds of those that end soon. */
async function endExemptions(minute: Minute): Promise<void> {
  const scope = mintScope(null, "Seawall", [{ role: "Owner", accountId: null }]);
  const overdue = await minute.attempt("look which exemptions are over", overdueExemptions);
  let ended = 0;
  for (const id of overdue ?? []) {
    if (ended === MOST_ENDED) break;
    if (await minute.attempt(`end exemption ${id}`, (tx, now) => expireExemption(tx, scope, id, now))) ended++;
  }
  await minute.attempt("remind of exemptions that end", (tx, now) => remindOfEnds(tx, scope, now));
}

/**
 * Every minute: ends scans that no worker holds any more, claims the accounts that are due and enqueues their discovery in the same
 * transaction, ends the exemptions whose time is over, and looks after the outbox. Throws TickError, after all is tried, when a part failed.
 */
export async function tick(world: TickWorld): Promise<object> {
  const { boss } = world;
  const minute = new Minute(world);
  await minute.attempt("end scans that no worker holds", closeAbandoned);
  const due = await minute.attempt("enqueue what is due", async (tx, now) => {
    const accounts = await claimDueAccounts(tx, now);
    for (const accountId of accounts) await enqueue(boss, tx, "discover-account", { accountId, trigger: "schedule" });
    return accounts.length;
  });
  await minute.attempt("enqueue what has waited", async (tx, now) => {
    for (const clusterId of await claimWaited(tx, now))
      await enqueue(boss, tx, "scan-cluster", { clusterId, trigger: "schedule" });
  });
  // A removal that gave up, or whose job was lost, is taken up again; one that is queued already stays one.
  await minute.attempt("take up removals", async (tx) => {
    for (const accountId of await removedAccounts(tx)) await enqueue(boss, tx, "remove-account", { accountId });
  });
  await endExemptions(minute);
  await minute.attempt("drop old drafts", dropOldDrafts);
  await minute.attempt("look after the outbox", (tx) => enqueue(boss, tx, "notify", {}));
  if (minute.failures.length > 0) throw new TickError(minute.failures.join("; ").slice(0, 4000));
  return { due };
}
