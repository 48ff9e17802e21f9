import type { Channel } from "@/domain/notifications/channel";
import { DeliveryError } from "@/domain/notifications/delivery/attempt";
import {
  composeDelivery,
  type MailServerRow,
  readMailServer,
  type Today,
} from "@/domain/notifications/delivery/queries";
import {
  type ClaimedDelivery,
  claimDelivery,
  markDropped,
  markFailed,
  markSent,
} from "@/domain/notifications/delivery/store";
import { mailText } from "@/domain/notifications/mail/text";
import { linkTo } from "@/domain/notifications/mail/words";
import { MAIL_SECRET } from "@/domain/notifications/secret";
import { unsubscribeToken } from "@/domain/notifications/unsubscribe-token";
import { open } from "@/lib/crypto";
import { inTransaction } from "@/lib/db";
import { env } from "@/lib/env";
import type { JobContext } from "@/lib/jobs";
import { logFor, reasonOf } from "@/lib/log";
import { failureOf } from "../mail/failure";
import { MailRenderer } from "../mail/renderer";
import { openSmtp } from "../mail/smtp";
import type { World } from "../world";
import { openedNow } from "./opened-now";

const log = logFor("mail");
/** Deliveries that one job sends side by side, and at most. */
const PARALLEL = 2;
const MOST = 500;
const renderer = new MailRenderer();

type MailWorld = Pick<World, "pool" | "ring" | "clock">;
/** Opens the way out; tests bring their own patience. */
export type OpenChannel = (server: MailServerRow, world: MailWorld) => Promise<Channel>;

export const openMailChannel: OpenChannel = async (server, world) => {
  let password: string | null = null;
  try {
    password = server.sealed === null ? null : open(server.sealed, MAIL_SECRET, world.ring);
  } catch (error) {
    throw new DeliveryError("server", reasonOf(error), 600_000, { cause: error });
  }
  return openSmtp({ ...server, password }, { allowPrivate: env().SEAWALL_ALLOW_PRIVATE_NETWORKS });
};

/**
 * Sends what is due. Each delivery is claimed, composed from what its recipient may see now, sent and marked; a sender that dies in between
 * leaves a claim that runs out, and the mail goes again under the same Message-ID. Trouble with the server ends the run.
 */
export async function sendMail(
  world: MailWorld,
  context: Pick<JobContext, "signal">,
  openChannel: OpenChannel = openMailChannel,
): Promise<{ sent: number; failed: number; waiting: number; dropped: number }> {
  const done = { sent: 0, failed: 0, waiting: 0, dropped: 0 };
  const server = await readMailServer(world.pool);
  if (server === null) return done;
  let channel: Promise<Channel> | undefined;
  const today = openedNow(world);
  let left = MOST;
  let stopped = false;
  const run = async (): Promise<void> => {
    while (!stopped && left-- > 0 && !context.signal.aborted) {
      const delivery = await claimDelivery(world.pool, world.clock());
      if (delivery === null) return;
      channel ??= openChannel(server, world);
      const outcome = await deliver(world, server, delivery, channel, today, context.signal);
      if (outcome === "server") stopped = true;
      else done[outcome]++;
    }
  };
  try {
    await Promise.all(Array.from({ length: PARALLEL }, run));
  } finally {
    await channel?.then((open) => open.close()).catch(() => undefined); // its failure was recorded with the delivery
  }
  return done;
}

async function deliver(
  world: MailWorld,
  server: MailServerRow,
  delivery: ClaimedDelivery,
  channel: Promise<Channel>,
  today: Today,
  signal: AbortSignal,
): Promise<"sent" | "failed" | "waiting" | "dropped" | "server"> {
  const base = server.baseUrl ?? env().SEAWALL_URL ?? "http://127.0.0.1:3000";
  const token = (recipientId: string) => unsubscribeToken(recipientId, world.ring);
  let subject = "";
  let response: string;
  try {
    const out = await channel;
    const unsubscribe = (id: string) => linkTo(base, `/unsubscribe?token=${token(id)}`);
    const composed = await composeDelivery(world.pool, delivery, base, unsubscribe, today);
    if (!composed.send) {
      await inTransaction(world.pool, (tx) => markDropped(tx, delivery.id, composed.why));
      return "dropped";
    }
    subject = composed.view.subject;
    const oneClick = delivery.template === "events" || delivery.template === "digest";
    response = await out.send(
      {
        deliveryId: delivery.id,
        to: composed.to,
        subject,
        html: await renderer.html(composed.view),
        text: mailText(composed.view),
        unsubscribeUrl:
          oneClick && delivery.recipientId !== null
            ? linkTo(base, `/unsubscribe/${token(delivery.recipientId)}`)
            : null,
      },
      signal,
    );
  } catch (error) {
    const failure = failureOf(error, server.host);
    log.warn("a mail did not leave", { delivery: delivery.id, kind: failure.kind, reason: failure.message });
    const state = await inTransaction(world.pool, (tx) => markFailed(tx, delivery, failure, world.clock(), subject));
    return failure.kind === "server" ? "server" : state === "failed" ? "failed" : "waiting";
  }
  // Fails it here, the claim runs out and the mail goes again under the same Message-ID.
  await inTransaction(world.pool, (tx) => markSent(tx, delivery, { subject, response }, world.clock()));
  return "sent";
}
