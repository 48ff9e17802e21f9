import type pg from "pg";
import { announce } from "@/lib/events";
import { uuidv7 } from "@/lib/id";
import { fallOf, type Happening, happeningOf, LETTERS, letterSchema, type OutboxRow } from "../event";
import type { Route } from "../route";
import { addressSchema, DEFAULT_POLICY, type Pace, type Policy } from "../schema";
import { bundle, type Decision, decide, type Stance, WINDOW_MS } from "../throttle";
import { type Chosen, type Person, recipientsOf } from "./people";

const BATCH = 200;
/** What lay longer (the worker was off) is history, which the console shows; nobody is mailed about it. */
const OLD_MS = 2 * 86_400_000;

export interface Consumed {
  events: number;
  deliveries: number;
  held: number;
}

export interface RecipientRow extends Omit<Stance, "timeZone"> {
  id: string;
  userId: string | null;
  address: string | null;
  pace: Pace;
  timeZone: string | null;
  unsubscribedAt: Date | null;
}

interface Draft extends Pick<Happening, "severity" | "accountId" | "clusterId"> {
  eventId: string;
  kind: string;
  parts: Chosen["parts"];
  pace: Pace;
}

/**
 * Takes up to 200 events nobody took yet, decides who hears of them and when, and writes that, all in the caller's transaction. Two
 * workers never take the same event; the recipients' rows are locked, so that no limit is passed by a race. With mail off events are
 * taken and forgotten, letters wait.
 */
export async function consumeEvents(tx: pg.PoolClient, now: Date, zone: string): Promise<Consumed> {
  const { rows: on } = await tx.query(`SELECT 1 FROM "MailServer" WHERE "enabled"`);
  const mailOn = on.length > 0;
  const { rows } = await tx.query<OutboxRow>(
    `SELECT "id", "kind", "accountId", "clusterId", "payload", "at" FROM "OutboxEvent"
     WHERE "deliveredAt" IS NULL AND ($1 OR "kind" <> ALL($2)) ORDER BY "at", "id" LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`,
    [mailOn, Object.keys(LETTERS)],
  );
  if (rows.length === 0) return { events: 0, deliveries: 0, held: 0 };
  const done: Consumed = { events: rows.length, deliveries: 0, held: 0 };
  if (mailOn) {
    for (const row of rows) done.deliveries += await letter(tx, row, now);
    const recent = rows.filter((row) => now.getTime() - row.at.getTime() < OLD_MS);
    const policy = await readPolicy(tx);
    const happenings = await withFalls(
      tx,
      recent.flatMap((row) => happeningOf(row) ?? []),
      policy.scoreFall,
    );
    const notices = await route(tx, happenings);
    const { deliveries, held } = await settle(tx, notices, policy, now, zone);
    done.deliveries += deliveries;
    done.held += held;
  }
  await tx.query(`UPDATE "OutboxEvent" SET "deliveredAt" = $2 WHERE "id" = ANY($1::uuid[])`, [
    rows.map(({ id }) => id),
    now,
  ]);
  if (done.deliveries + done.held > 0) await announce(tx, "delivery");
  return done;
}

/** The limits in force. */
export async function readPolicy(tx: pg.PoolClient | pg.Pool): Promise<Policy> {
  const { rows } = await tx.query<Policy>(
    `SELECT "critical", "high", "medium", "low", "scoreFall" FROM "NotificationPolicy" WHERE "id" = 'policy'`,
  );
  return rows[0] ?? DEFAULT_POLICY;
}

/** The mail of an event that is a letter; of any other none. */
async function letter(tx: pg.PoolClient, row: OutboxRow, now: Date): Promise<number> {
  const template = Object.entries(LETTERS).find(([kind]) => kind === row.kind)?.[1];
  const address = addressSchema.safeParse(letterSchema.safeParse(row.payload).data?.email);
  if (template === undefined || !address.success) return 0;
  await tx.query(
    `INSERT INTO "Delivery" ("id", "address", "template", "eventId", "nextAttemptAt", "createdAt") VALUES ($1, $2, $3, $4, $5, $5)`,
    [uuidv7(now.getTime()), address.data, template, row.id, now],
  );
  return 1;
}

/**
 * Of falling scores the last one of each account, if it lost at least `points` since it was last told within a day. Many small steps
 * are one fall. The reference score is written into the event, so that the mail can name it.
 */
async function withFalls(tx: pg.PoolClient, all: readonly Happening[], points: number): Promise<Happening[]> {
  const last = new Map<string | null, Happening>();
  for (const one of all) if (one.body.kind === "score.fell") last.set(one.accountId, one);
  const kept = all.filter((one) => one.body.kind !== "score.fell");
  for (const one of last.values()) {
    if (one.body.kind !== "score.fell") continue;
    const { rows } = await tx.query<{ from: number | null }>(
      `SELECT max(("payload"->>'before')::float8) AS from FROM "OutboxEvent" WHERE "kind" = 'score.fell' AND "accountId" IS NOT DISTINCT FROM $1
         AND "at" <= $2 AND "at" > $2::timestamptz - interval '24 hours'
         AND "at" > coalesce((SELECT max(e."at") FROM "Notice" n JOIN "OutboxEvent" e ON e."id" = n."eventId"
           WHERE n."kind" = 'score.fell' AND n."accountId" IS NOT DISTINCT FROM $1 AND n."createdAt" > $2::timestamptz - interval '2 days'), '-infinity')`,
      [one.accountId, one.at],
    );
    const from = Math.max(one.body.before, rows[0]?.from ?? one.body.before);
    const body = { ...one.body, from };
    if (fallOf(body) < points) continue;
    const { rows: stored } = await tx.query<OutboxRow>(
      `UPDATE "OutboxEvent" SET "payload" = "payload" || jsonb_build_object('from', $2::float8) WHERE "id" = $1
       RETURNING "id", "kind", "accountId", "clusterId", "payload", "at"`,
      [one.id, from],
    );
    // The account's fall, whichever cluster's scan took the last step.
    kept.push(...stored.flatMap((row) => happeningOf({ ...row, clusterId: null }) ?? []));
  }
  return kept;
}

/** Notices by recipient key. */
async function route(
  tx: pg.PoolClient,
  happenings: readonly Happening[],
): Promise<Map<string, { to: Chosen; drafts: Draft[] }>> {
  const found = new Map<string, { to: Chosen; drafts: Draft[] }>();
  if (happenings.length === 0) return found;
  const { rows: routes } = await tx.query<Route>(
    `SELECT "id", "name", "enabled", "kinds", "minSeverity", "accountIds", "clusterIds", "namespaces", "owners", "toUsers", "toRoles", "toAddresses", "pace"
     FROM "NotificationRoute" WHERE "enabled" ORDER BY "createdAt", "id"`,
  );
  const { rows: people } = await tx.query<Person>(
    `SELECT u."id", u."email", json_agg(json_build_object('role', g."role", 'accountId', g."accountId")) AS grants
     FROM "User" u JOIN "RoleGrant" g ON g."userId" = u."id" GROUP BY u."id" ORDER BY u."id"`,
  );
  for (const one of happenings) {
    for (const to of recipientsOf(one, routes, people)) {
      const { id: eventId, severity, accountId, clusterId } = one;
      const draft = { eventId, kind: one.body.kind, severity, accountId, clusterId, parts: to.parts, pace: to.pace };
      const known = found.get(to.key);
      if (known === undefined) found.set(to.key, { to, drafts: [draft] });
      else known.drafts.push(draft);
    }
  }
  return found;
}

/** Makes the rows of recipients who are new, and locks all of them in one order. */
async function lockRecipients(tx: pg.PoolClient, chosen: readonly Chosen[], now: Date): Promise<RecipientRow[]> {
  const fresh = chosen.map(({ userId, address }) => ({
    id: uuidv7(),
    userId,
    address: userId === null ? address : null,
  }));
  await tx.query(
    `INSERT INTO "Recipient" ("id", "userId", "address", "updatedAt")
     SELECT r.id, r."userId", r.address, $2 FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, "userId" text, address text) ON CONFLICT DO NOTHING`,
    [JSON.stringify(fresh), now],
  );
  const { rows } = await tx.query<RecipientRow>(
    `SELECT "id", "userId", "address", "pace", "digestDay", "digestHour", "quietFrom", "quietTo", "timeZone", "criticalAtOnce", "unsubscribedAt"
     FROM "Recipient" WHERE "userId" = ANY($1) OR "address" = ANY($2) ORDER BY "id" FOR UPDATE`,
    [fresh.flatMap(({ userId }) => userId ?? []), fresh.flatMap(({ address }) => address ?? [])],
  );
  return rows;
}

/** Mails of the last 24 hours by recipient, counted by severity. */
async function sentCounts(tx: pg.PoolClient, ids: readonly string[], now: Date): Promise<Map<string, number[]>> {
  const { rows } = await tx.query<{ recipientId: string; severity: number; amount: number }>(
    `SELECT "recipientId", "severity", count(*)::int AS amount FROM "Delivery"
     WHERE "recipientId" = ANY($1::uuid[]) AND "template" = 'events' AND "state" <> 'dropped' AND "createdAt" > $2 GROUP BY 1, 2`,
    [ids, new Date(now.getTime() - WINDOW_MS)],
  );
  const counts = new Map<string, number[]>(ids.map((id) => [id, [0, 0, 0, 0]]));
  for (const { recipientId, severity, amount } of rows) {
    const known = counts.get(recipientId);
    if (known !== undefined) known[severity] = amount;
  }
  return counts;
}

async function settle(
  tx: pg.PoolClient,
  notices: ReadonlyMap<string, { to: Chosen; drafts: Draft[] }>,
  policy: Policy,
  now: Date,
  zone: string,
): Promise<{ deliveries: number; held: number }> {
  if (notices.size === 0) return { deliveries: 0, held: 0 };
  const recipients = await lockRecipients(
    tx,
    [...notices.values()].map(({ to }) => to),
    now,
  );
  const counts = await sentCounts(
    tx,
    recipients.map(({ id }) => id),
    now,
  );
  const deliveries: object[] = [];
  const rows: object[] = [];
  let held = 0;
  for (const recipient of recipients) {
    const own = notices.get(recipient.userId === null ? `mail:${recipient.address}` : `user:${recipient.userId}`);
    if (own === undefined || recipient.unsubscribedAt !== null) continue;
    const stance: Stance = { ...recipient, timeZone: recipient.timeZone ?? zone };
    const decisions: Decision<Draft>[] = decide(
      bundle(own.drafts),
      stance,
      counts.get(recipient.id) ?? [],
      policy,
      now,
    );
    for (const one of decisions) {
      const deliveryId = one.send ? uuidv7() : null;
      if (one.send)
        deliveries.push({ id: deliveryId, recipientId: recipient.id, address: own.to.address, severity: one.severity });
      else held += one.notices.length;
      for (const { parts, pace: _pace, ...draft } of one.notices) {
        const hold = one.send ? {} : { heldUntil: one.until, reason: one.reason };
        rows.push({ id: uuidv7(), ...draft, part: parts, recipientId: recipient.id, deliveryId, ...hold });
      }
    }
  }
  await tx.query(
    `INSERT INTO "Delivery" ("id", "recipientId", "address", "template", "severity", "nextAttemptAt", "createdAt")
     SELECT d.id, d."recipientId", d.address, 'events', d.severity, $2, $2
     FROM jsonb_to_recordset($1::jsonb) AS d(id uuid, "recipientId" uuid, address text, severity smallint)`,
    [JSON.stringify(deliveries), now],
  );
  await tx.query(
    `INSERT INTO "Notice" ("id", "eventId", "recipientId", "kind", "severity", "accountId", "clusterId", "part", "deliveryId", "heldUntil", "reason", "createdAt")
     SELECT n.id, n."eventId", n."recipientId", n.kind, n.severity, n."accountId", n."clusterId", nullif(n.part, 'null'), n."deliveryId", n."heldUntil", n.reason, $2
     FROM jsonb_to_recordset($1::jsonb) AS n(id uuid, "eventId" uuid, "recipientId" uuid, kind text, severity smallint, "accountId" uuid, "clusterId" uuid,
       part jsonb, "deliveryId" uuid, "heldUntil" timestamptz, reason text) ON CONFLICT ("eventId", "recipientId") DO NOTHING`,
    [JSON.stringify(rows), now],
  );
  return { deliveries: deliveries.length, held };
}

/** Deletes events taken before `before` that no notice speaks of. At most `most`; returns how many. */
export async function forgetEvents(tx: pg.PoolClient, before: Date, most: number): Promise<number> {
  const { rowCount } = await tx.query(
    `DELETE FROM "OutboxEvent" WHERE "id" IN (SELECT e."id" FROM "OutboxEvent" e WHERE e."at" < $1 AND e."deliveredAt" < $1
       AND NOT EXISTS (SELECT FROM "Notice" n WHERE n."eventId" = e."id")
       AND NOT EXISTS (SELECT FROM "Delivery" d WHERE d."eventId" = e."id" AND d."state" IN ('queued', 'sending')) LIMIT $2)`,
    [before, most],
  );
  return rowCount ?? 0;
}

/** Takes the links out of letters that were written before `before` and could not be delivered. Returns how many. */
export async function forgetLinks(tx: pg.PoolClient, before: Date): Promise<number> {
  const { rowCount } = await tx.query(
    `UPDATE "OutboxEvent" SET "payload" = "payload" - 'link' WHERE "kind" = ANY($2) AND "payload" ? 'link' AND "at" < $1`,
    [before, Object.keys(LETTERS)],
  );
  return rowCount ?? 0;
}
