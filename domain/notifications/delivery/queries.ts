import type pg from "pg";
import { type Happening, happeningOf, invitationSchema, type OutboxRow, type Part, recoverySchema } from "../event";
import { digestMail, type Envelope, eventsMail, invitationMail, recoveryMail, testMail } from "../mail/compose";
import { isNews, type Told } from "../mail/sections";
import type { MailView } from "../mail/view";
import { maySee, type Person } from "../outbox/people";
import type { SecurityMode } from "../schema";
import type { ClaimedDelivery } from "./store";

export interface MailServerRow {
  host: string;
  port: number;
  security: SecurityMode;
  username: string | null;
  sealed: unknown;
  fromAddress: string;
  fromName: string;
  baseUrl: string | null;
}

/** The stored mail server with its password still sealed; null when there is none. */
export async function readMailServer(pool: pg.Pool): Promise<MailServerRow | null> {
  const { rows } = await pool.query<MailServerRow>(
    `SELECT "host", "port", "security", "username", "sealed", "fromAddress", "fromName", "baseUrl" FROM "MailServer"`,
  );
  return rows[0] ?? null;
}

interface RecipientNow {
  userId: string | null;
  address: string | null;
  unsubscribedAt: Date | null;
  held: number;
}

/** A mail ready to be rendered, or why there is nothing to send. */
export type Composed = { send: true; to: string; view: MailView } | { send: false; why: string };

/** Gives the unsubscribe links of a recipient: the page that asks, and the address that takes the one POST. */
export type UnsubscribeLink = (recipientId: string) => string;

/** Gives what an event says now: what it tells of may have changed since it happened. */
export type Today = (event: OutboxRow) => Promise<OutboxRow["payload"]>;

interface NoticeRow extends OutboxRow {
  part: Part[] | null;
  accountName: string | null;
  clusterName: string | null;
}

/**
 * What a delivery says, as things are now: names of today, findings as `today` gives them, and of a person's news only what lies in accounts that he may see now. A
 * recipient who unsubscribed or lost his access gets nothing.
 */
export async function composeDelivery(
  pool: pg.Pool,
  delivery: ClaimedDelivery,
  base: string,
  unsubscribe: UnsubscribeLink,
  today: Today,
): Promise<Composed> {
  const to = delivery.address;
  if (delivery.template === "test") {
    const by = await testedBy(pool, delivery.id);
    return { send: true, to, view: testMail(by, { base }) };
  }
  if (delivery.template === "invitation") return composeInvitation(pool, delivery, base);
  if (delivery.template === "recovery") return composeRecovery(pool, delivery, base);
  const recipient = await readRecipient(pool, delivery.recipientId);
  if (recipient === null) return { send: false, why: "The recipient was removed." };
  if (recipient.unsubscribedAt !== null) return { send: false, why: "The recipient unsubscribed." };
  const person = recipient.userId === null ? null : await readPerson(pool, recipient.userId);
  if (recipient.userId !== null && person === null) return { send: false, why: "The person holds no role any more." };
  const seen = (await readNotices(pool, delivery.id)).filter((row) => person === null || maySee(person, row.accountId));
  const told: Told[] = [];
  for (const row of seen) told.push(...toTold({ ...row, payload: await today(row) }));
  const [first, ...rest] = told.filter(isNews);
  if (first === undefined) {
    return {
      send: false,
      why:
        person === null || seen.length > 0
          ? "Nothing is left to tell."
          : "The person may not see these accounts any more.",
    };
  }
  const envelope: Envelope = {
    base,
    unsubscribe: delivery.recipientId === null ? null : unsubscribe(delivery.recipientId),
    person: person !== null,
    held: recipient.held,
  };
  const view =
    delivery.template === "digest" ? digestMail([first, ...rest], envelope) : eventsMail([first, ...rest], envelope);
  return { send: true, to: person?.email.toLowerCase() ?? to, view };
}

const toTold = (row: NoticeRow): Told[] => {
  const happening: Happening | null = happeningOf(row);
  if (happening === null) return [];
  return [{ happening, parts: row.part, accountName: row.accountName, clusterName: row.clusterName }];
};

/** The account's fall has no cluster: the notice's own columns say what it is about. */
async function readNotices(pool: pg.Pool, deliveryId: string): Promise<NoticeRow[]> {
  const { rows } = await pool.query<NoticeRow>(
    `SELECT e."id", e."kind", n."accountId", n."clusterId", e."payload", e."at", n."part", a."name" AS "accountName", c."name" AS "clusterName"
     FROM "Notice" n JOIN "OutboxEvent" e ON e."id" = n."eventId"
     LEFT JOIN "Account" a ON a."id" = n."accountId" LEFT JOIN "Cluster" c ON c."id" = n."clusterId"
     WHERE n."deliveryId" = $1 ORDER BY n."severity" DESC, e."at", e."id" LIMIT 500`,
    [deliveryId],
  );
  return rows;
}

async function readRecipient(pool: pg.Pool, id: string | null): Promise<RecipientNow | null> {
  const { rows } = await pool.query<RecipientNow>(
    `SELECT "userId", "address", "unsubscribedAt", (SELECT count(*)::int FROM "Notice" n WHERE n."recipientId" = r."id" AND n."deliveryId" IS NULL AND n."heldUntil" IS NOT NULL) AS held
     FROM "Recipient" r WHERE "id" = $1`,
    [id],
  );
  return rows[0] ?? null;
}

async function readPerson(pool: pg.Pool, id: string): Promise<Person | null> {
  const { rows } = await pool.query<Person>(
    `SELECT u."id", u."email", json_agg(json_build_object('role', g."role", 'accountId', g."accountId")) AS grants
     FROM "User" u JOIN "RoleGrant" g ON g."userId" = u."id" WHERE u."id" = $1 GROUP BY u."id"`,
    [id],
  );
  return rows[0] ?? null;
}

/** Who pressed the button; it is in the product's audit log. */
async function testedBy(pool: pg.Pool, deliveryId: string): Promise<string> {
  const { rows } = await pool.query<{ actor: string }>(
    `SELECT "actor" FROM "AuditEntry" WHERE "action" = 'notifications.test-sent' AND "detail"->>'delivery' = $1 ORDER BY "at" DESC LIMIT 1`,
    [deliveryId],
  );
  return rows[0]?.actor ?? "Somebody";
}

/** An invitation whose link is gone says why: what there is to do differs. */
async function composeInvitation(pool: pg.Pool, delivery: ClaimedDelivery, base: string): Promise<Composed> {
  const { rows } = await pool.query<{ payload: unknown; joined: boolean; withdrawn: boolean }>(
    `SELECT e."payload", EXISTS (SELECT 1 FROM "User" u WHERE u."email" = e."payload"->>'email') AS joined,
       EXISTS (SELECT 1 FROM "Invitation" i WHERE i."id"::text = e."payload"->>'invitationId' AND i."withdrawnAt" IS NOT NULL) AS withdrawn
     FROM "OutboxEvent" e WHERE e."id" = $1`,
    [delivery.eventId],
  );
  const [row] = rows;
  if (row?.joined === true) return { send: false, why: "This person has joined already. There is nothing to do." };
  if (row?.withdrawn === true) return { send: false, why: "This invitation was withdrawn." };
  const payload = invitationSchema.safeParse(row?.payload);
  if (!payload.success || payload.data.link === undefined) {
    return { send: false, why: "The link of this invitation was sent or has expired. Invite again." };
  }
  const { link, inviter, role } = payload.data;
  return { send: true, to: delivery.address, view: invitationMail({ link, inviter, role }, { base }) };
}

async function composeRecovery(pool: pg.Pool, delivery: ClaimedDelivery, base: string): Promise<Composed> {
  const { rows } = await pool.query<{ payload: unknown }>(`SELECT "payload" FROM "OutboxEvent" WHERE "id" = $1`, [
    delivery.eventId,
  ]);
  const payload = recoverySchema.safeParse(rows[0]?.payload);
  if (!payload.success || payload.data.link === undefined || payload.data.expiresAt.getTime() <= Date.now())
    return { send: false, why: "The link of this mail was sent, was used or has expired. Make a new one." };
  const { link, owner } = payload.data;
  return { send: true, to: delivery.address, view: recoveryMail({ link, owner }, { base }) };
}
