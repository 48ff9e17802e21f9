import { isDeliveryDue, releaseHeld } from "@/domain/notifications/delivery/store";
import { consumeEvents } from "@/domain/notifications/outbox/store";
import { inTransaction } from "@/lib/db";
import { env } from "@/lib/env";
import { enqueue, type JobContext } from "@/lib/jobs";
import type { World } from "../world";

/**
 * Takes what the outbox holds, decides who is told and when, releases what was held long enough, and has mails sent. A batch is one
 * transaction: a worker that dies in it leaves its events untaken.
 */
export async function notify(
  world: Pick<World, "pool" | "boss" | "clock">,
  context: Pick<JobContext, "signal">,
): Promise<object> {
  const zone = env().SEAWALL_TIME_ZONE;
  const total = { events: 0, deliveries: 0, held: 0, digests: 0 };
  for (;;) {
    context.signal.throwIfAborted();
    const done = await inTransaction(world.pool, (tx) => consumeEvents(tx, world.clock(), zone));
    total.events += done.events;
    total.deliveries += done.deliveries;
    total.held += done.held;
    if (done.events === 0) break;
  }
  await inTransaction(world.pool, async (tx) => {
    const now = world.clock();
    total.digests = await releaseHeld(tx, now);
    if (await isDeliveryDue(tx, now)) await enqueue(world.boss, tx, "send-mail", {});
  });
  return total;
}
