import type pg from "pg";
import { announce } from "@/lib/events";
import { uuidv7 } from "@/lib/id";
import { isLetter } from "../event";
import type { Template } from "../schema";
import { type FailureKind, MOST_ATTEMPTS, retryDelayMs } from "./attempt";

export interface ClaimedDelivery {
  id: string;
  recipientId: string | null;
  address: string;
  template: Template;
  severity: number | null;
  eventId: string | null;
  attempts: number;
  createdAt: Date;
}

/** A sender that has not marked its delivery by then is taken for dead, and another sends it again under the same Message-ID. */
const CLAIM_SECONDS = 180;

/**
 * Turns what is held and due into one digest a recipient, in the caller's transaction; what a limit or quiet hours hold goes along, what
 * waits for a later digest does not. Returns how many digests were made.
 */
export async function releaseHeld(tx: pg.PoolClient, now: Date): Promise<number> {
  const { rows } = await tx.query<{ id: string; address: string | null }>(
    `SELECT r."id", coalesce(u."email", r."address") AS address FROM "Recipient" r LEFT JOIN "User" u ON u."id" = r."userId"
     WHERE r."id" IN (SELECT "recipientId" FROM "Notice" WHERE "deliveryId" IS NULL AND "heldUntil" IS NOT NULL AND "heldUntil" <= $1)
     ORDER BY r."id" LIMIT 200 FOR UPDATE OF r SKIP LOCKED`,
    [now],
  );
  for (const { id, address } of rows) {
    const deliveryId = uuidv7();
    await tx.query(
      `INSERT INTO "Delivery" ("id", "recipientId", "address", "template", "severity", "nextAttemptAt", "createdAt")
       SELECT $1, $2, $3, 'digest', max("severity"), $4, $4 FROM "Notice" WHERE "recipientId" = $2 AND "deliveryId" IS NULL AND ("heldUntil" <= $4 OR "reason" <> 'digest' AND "heldUntil" IS NOT NULL)`,
      [deliveryId, id, (address ?? "").toLowerCase(), now],
    );
    await tx.query(
      `UPDATE "Notice" SET "deliveryId" = $1 WHERE "recipientId" = $2 AND "deliveryId" IS NULL AND ("heldUntil" <= $3 OR "reason" <> 'digest' AND "heldUntil" IS NOT NULL)`,
      [deliveryId, id, now],
    );
  }
  if (rows.length > 0) await announce(tx, "delivery");
  return rows.length;
}

/** Claims the most urgent delivery that is due, or one whose sender died; null when there is none. While the server is paused, only tests. */
export async function claimDelivery(pool: pg.Pool, now: Date): Promise<ClaimedDelivery | null> {
  const { rows } = await pool.query<ClaimedDelivery>(
    `UPDATE "Delivery" SET "state" = 'sending', "attempts" = "attempts" + 1, "claimedUntil" = $1::timestamptz + make_interval(secs => ${CLAIM_SECONDS})
     WHERE "id" = (SELECT d."id" FROM "Delivery" d JOIN "MailServer" m ON m."enabled" OR d."template" = 'test'
       WHERE ((d."state" = 'queued' AND d."nextAttemptAt" <= $1) OR (d."state" = 'sending' AND d."claimedUntil" <= $1))
         AND (m."pausedUntil" IS NULL OR m."pausedUntil" <= $1 OR d."template" = 'test')
       ORDER BY d."template" IN ('test', 'invitation', 'recovery') DESC, d."severity" DESC NULLS LAST, d."nextAttemptAt" LIMIT 1 FOR UPDATE OF d SKIP LOCKED)
     RETURNING "id", "recipientId", "address", "template", "severity", "eventId", "attempts", "createdAt"`,
    [now],
  );
  return rows[0] ?? null;
}

/** Whether a delivery waits for a sender, or its sender died. */
export async function isDeliveryDue(tx: pg.PoolClient, now: Date): Promise<boolean> {
  const { rows } = await tx.query(
    `SELECT 1 FROM "Delivery" WHERE ("state" = 'queued' AND "nextAttemptAt" <= $1) OR ("state" = 'sending' AND "claimedUntil" <= $1) LIMIT 1`,
    [now],
  );
  return rows.length > 0;
}

/** Marks a delivery sent with the server's answer; the link of a letter is a secret and leaves the event with it. */
export async function markSent(
  tx: pg.PoolClient,
  delivery: Pick<ClaimedDelivery, "id" | "eventId" | "template">,
  sent: { subject: string; response: string },
  now: Date,
): Promise<void> {
  await tx.query(
    `UPDATE "Delivery" SET "state" = 'sent', "sentAt" = $2, "subject" = $3, "reason" = $4, "claimedUntil" = NULL WHERE "id" = $1 AND "state" IN ('sending', 'queued')`,
    [delivery.id, now, sent.subject.slice(0, 300), sent.response.slice(0, 400)],
  );
  await tx.query(
    `UPDATE "MailServer" SET "problem" = NULL, "pausedUntil" = NULL, "checkedAt" = $1 WHERE "problem" IS NOT NULL OR "checkedAt" IS NULL OR "checkedAt" < $1::timestamptz - interval '1 minute'`,
    [now],
  );
  if (isLetter(delivery.template) && delivery.eventId !== null) await forgetLink(tx, delivery.eventId);
  await announce(tx, "delivery");
}

const forgetLink = (tx: pg.PoolClient, eventId: string) =>
  tx.query(`UPDATE "OutboxEvent" SET "payload" = "payload" - 'link' WHERE "id" = $1`, [eventId]);

/** Marks a delivery that must not be sent any more: nobody to read it, nothing left to say. */
export async function markDropped(tx: pg.PoolClient, id: string, reason: string): Promise<void> {
  await tx.query(`UPDATE "Delivery" SET "state" = 'dropped', "reason" = $2, "claimedUntil" = NULL WHERE "id" = $1`, [
    id,
    reason.slice(0, 400),
  ]);
  await announce(tx, "delivery");
}

/**
 * Records a failed attempt. `permanent`: to the dead letters at once. `temporary` and `server`: again later, until 25 attempts failed. A
 * test fails at once on trouble with the server, since somebody is waiting for its word. `server` also pauses all mail for a while.
 */
export async function markFailed(
  tx: pg.PoolClient,
  delivery: ClaimedDelivery,
  failure: { kind: FailureKind; message: string; pauseMs?: number },
  now: Date,
  subject = "",
): Promise<"queued" | "failed"> {
  const tired = delivery.attempts >= MOST_ATTEMPTS;
  const over = failure.kind === "permanent" || tired || (delivery.template === "test" && failure.kind === "server");
  const next = new Date(now.getTime() + retryDelayMs(delivery.attempts));
  const reason =
    tired && failure.kind !== "permanent"
      ? `Given up after ${delivery.attempts} attempts. ${failure.message}`
      : failure.message;
  await tx.query(
    `UPDATE "Delivery" SET "state" = $2, "reason" = $3, "nextAttemptAt" = $4, "claimedUntil" = NULL, "subject" = CASE WHEN $5 = '' THEN "subject" ELSE $5 END WHERE "id" = $1`,
    [delivery.id, over ? "failed" : "queued", reason.slice(0, 400), next, subject.slice(0, 300)],
  );
  if (failure.kind === "server") {
    await tx.query(`UPDATE "MailServer" SET "problem" = $1, "checkedAt" = $2, "pausedUntil" = $3`, [
      failure.message.slice(0, 400),
      now,
      new Date(now.getTime() + (failure.pauseMs ?? 300_000)),
    ]);
  }
  await announce(tx, "delivery");
  return over ? "failed" : "queued";
}

/** Deletes mails made before `before` that need no sending any more, with their notices. At most `most`; returns how many. */
export async function forgetDeliveries(tx: pg.PoolClient, before: Date, most: number): Promise<number> {
  const { rowCount } = await tx.query(
    `DELETE FROM "Delivery" WHERE "id" IN (SELECT "id" FROM "Delivery" WHERE "createdAt" < $1 AND "state" NOT IN ('queued', 'sending') LIMIT $2)`,
    [before, most],
  );
  return rowCount ?? 0;
}

/** Deletes notices made before `before` that were dropped: they are in no mail, and held for none. At most `most`; returns how many. */
export async function forgetNotices(tx: pg.PoolClient, before: Date, most: number): Promise<number> {
  const { rowCount } = await tx.query(
    `DELETE FROM "Notice" WHERE "id" IN (SELECT "id" FROM "Notice" WHERE "createdAt" < $1 AND "deliveryId" IS NULL AND "heldUntil" IS NULL LIMIT $2)`,
    [before, most],
  );
  return rowCount ?? 0;
}
