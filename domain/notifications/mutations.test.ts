import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ForbiddenError, mintScope } from "@/domain/access/scope";
import { open } from "@/lib/crypto";
import { loadKeyRing } from "@/lib/crypto-key";
import { closeDatabase } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { createQueues, jobClient } from "@/lib/jobs";
import { testDatabase } from "@/lib/testing/database";
import { saveServer, sendTest } from "./mail-server/mutations";
import { releaseNow, removeRoute, retryDelivery, saveLimits, saveRoute, unsubscribe } from "./mutations";
import { NotificationError, RaceError } from "./notification-error";
import { readPolicy } from "./outbox/store";
import { savePreferences } from "./preference/mutations";
import { readPreferences } from "./preference/queries";
import { listDeliveries, listRoutes, readLimits, readServer, recipientMask } from "./queries";
import { DEFAULT_POLICY, mailServerSchema, preferenceSchema, routeSchema } from "./schema";
import { MAIL_SECRET } from "./secret";
import { recipientOfToken, unsubscribeToken } from "./unsubscribe-token";

const ring = loadKeyRing({ key: randomBytes(32).toString("base64"), dataDir: "/nonexistent" });
const account = uuidv7();
const admin = mintScope("olga", "Olga", [{ role: "Security Admin", accountId: null }]);
const partial = mintScope("per", "Per", [{ role: "Owner", accountId: account }]);
const reader = mintScope("rita", "Rita", [{ role: "Security Reader", accountId: null }]);
let db: Awaited<ReturnType<typeof testDatabase>>;
const before = process.env.DATABASE_URL;

beforeAll(async () => {
  db = await testDatabase();
  process.env.DATABASE_URL = db.url;
  const boss = jobClient(db.url, "worker");
  await boss.start();
  await createQueues(boss);
  await boss.stop({ graceful: false });
  for (const id of ["olga", "per", "rita"]) {
    await db.pool.query(`INSERT INTO "User" (id, name, email, "updatedAt") VALUES ($1, $1, $2, now())`, [
      id,
      `${id}@example.com`,
    ]);
  }
});
afterAll(async () => {
  await closeDatabase();
  if (before === undefined) delete process.env.DATABASE_URL;
  else process.env.DATABASE_URL = before;
  await db.drop();
});

const server = (more: object) =>
  mailServerSchema.parse({
    host: "smtp.example.com",
    port: "587",
    security: "starttls",
    username: "seawall",
    password: "",
    fromAddress: "Seawall@Example.com",
    fromName: "Seawall",
    baseUrl: "",
    enabled: "on",
    ...more,
  });
const route = (more: object) =>
  routeSchema.parse({ name: "SOC", minSeverity: "2", toAddresses: ["soc@example.com"], ...more });

test("the password is sealed, kept, never shown or audited, and not sent to another server", async () => {
  const first = await saveServer(admin, server({ password: "s3cret-word" }), ring, null);
  const version = await saveServer(admin, server({ fromName: "Seawall prod" }), ring, first);
  expect((await readServer(admin))?.version).toBe(version);
  for (const before of [first, null])
    await expect(saveServer(admin, server({ enabled: "" }), ring, before)).rejects.toThrow(RaceError);
  const { rows } = await db.pool.query<{ sealed: unknown }>(`SELECT sealed FROM "MailServer"`);
  expect(open(rows[0]?.sealed, MAIL_SECRET, ring)).toBe("s3cret-word");
  const shown = await readServer(admin);
  expect(shown).toMatchObject({ hasPassword: true, fromAddress: "seawall@example.com", fromName: "Seawall prod" });
  expect(JSON.stringify(shown)).not.toMatch(/s3cret|sealed/);
  await expect(saveServer(admin, server({ host: "evil.example" }), ring, version)).rejects.toThrow(NotificationError);
  await expect(saveServer(admin, server({ port: "2525" }), ring, version)).rejects.toThrow(NotificationError);
  await saveServer(admin, server({ forget: "on" }), ring, version);
  expect(await readServer(admin)).toMatchObject({ hasPassword: false });
  const audit = await db.pool.query(`SELECT * FROM "AuditEntry" WHERE action = 'notifications.mail-server-saved'`);
  expect(audit.rows).toHaveLength(3);
  expect(JSON.stringify(audit.rows)).not.toContain("s3cret");
  expect(mailServerSchema.safeParse({ ...server({}), security: "none", password: "x", baseUrl: "" }).success).toBe(
    false,
  );
});

test("settings are for Security Admins of everything; an Owner of one account and a Reader are refused", async () => {
  for (const scope of [partial, reader]) {
    await expect(saveServer(scope, server({}), ring, null)).rejects.toThrow(ForbiddenError);
    await expect(saveRoute(scope, null, route({}))).rejects.toThrow(ForbiddenError);
    await expect(removeRoute(scope, uuidv7(), "v")).rejects.toThrow(ForbiddenError);
    await expect(saveLimits(scope, { critical: 1, high: 1, medium: 1, low: 1, scoreFall: 1 }, null)).rejects.toThrow(
      ForbiddenError,
    );
    await expect(listRoutes(scope)).rejects.toThrow(ForbiddenError);
    await expect(readServer(scope)).rejects.toThrow(ForbiddenError);
  }
});

test("routes are made, changed and removed, twice without harm, and refuse what is no address", async () => {
  const id = await saveRoute(admin, null, route({}));
  const opened = (await listRoutes(admin)).find((each) => each.id === id)?.version ?? null;
  await saveRoute(admin, id, route({ name: "SOC night", namespaces: ["team-*"] }), opened);
  // A second tab that was opened before.
  await expect(saveRoute(admin, id, route({ name: "SOC day" }), opened)).rejects.toThrow(/changed this route since/);
  expect((await listRoutes(admin)).map(({ name }) => name)).toEqual(["Owners of the account", "SOC night"]);
  const owner = { name: "Web, weekly", owners: ["team-web"], pace: "weekly" };
  const weekly = await saveRoute(admin, null, route(owner));
  expect((await listRoutes(admin)).find((each) => each.id === weekly)).toMatchObject(owner);
  expect((await listRoutes(admin)).find((each) => each.id === id)?.pace).toBe("now");
  const shown = async (of: string) => (await listRoutes(admin)).find((each) => each.id === of)?.version ?? "";
  await removeRoute(admin, weekly, await shown(weekly));
  await expect(removeRoute(admin, id, opened ?? "")).rejects.toThrow(/changed this route since.*nothing was removed/);
  expect(await listRoutes(admin)).toHaveLength(2);
  const last = await shown(id);
  await removeRoute(admin, id, last);
  await removeRoute(admin, id, last);
  const removed = `SELECT FROM "AuditEntry" WHERE action = 'notifications.route-removed'`;
  expect((await db.pool.query(removed)).rowCount).toBe(2);
  expect(await listRoutes(admin)).toHaveLength(1);
  for (const bad of ["a@b\r\nBcc: c@d.e", "a b@c.d", '"x"@c.d', "@c.d", "a@-"]) {
    expect(routeSchema.safeParse({ name: "x", minSeverity: 0, toAddresses: [bad] }).success).toBe(false);
  }
  expect(routeSchema.safeParse({ name: "x", minSeverity: 0 }).success).toBe(false);
});

test("until somebody saves limits, form and worker hold those that the migration writes, also without its row", async () => {
  expect(await readLimits(admin)).toEqual({ ...DEFAULT_POLICY, version: expect.any(String) });
  expect(await readPolicy(db.pool)).toEqual(DEFAULT_POLICY);
  await db.pool.query(`DELETE FROM "NotificationPolicy"`);
  expect(await readLimits(admin)).toEqual({ ...DEFAULT_POLICY, version: null });
  expect(await readPolicy(db.pool)).toEqual(DEFAULT_POLICY);
});

test("limits are saved over those that were read, and over no others", async () => {
  const limits = { critical: 1, high: 1, medium: 1, low: 1, scoreFall: 1 };
  const { version: none } = await readLimits(admin);
  const first = await saveLimits(admin, limits, none);
  expect(await readLimits(admin)).toEqual({ ...limits, version: first });
  expect(await saveLimits(admin, limits, first)).toBe(first); // the same again
  const second = await saveLimits(admin, { ...limits, low: 2 }, first);
  for (const before of [first, null])
    await expect(saveLimits(admin, { ...limits, low: 3 }, before)).rejects.toThrow(RaceError);
  expect(await readLimits(admin)).toMatchObject({ low: 2, version: second });
});

test("everybody manages his own rhythm; a signed link ends mail and nothing else can", async () => {
  const mine = preferenceSchema.parse({
    pace: "weekly",
    digestDay: "3",
    digestHour: "9",
    quiet: "on",
    quietFrom: "22:00",
    quietTo: "06:30",
    timeZone: "Asia/Kathmandu",
    subscribed: "on",
  });
  const version = async () => (await readPreferences(reader))?.version ?? null;
  await savePreferences(reader, mine, await version());
  expect(await readPreferences(reader)).toMatchObject({
    pace: "weekly",
    digestDay: 3,
    quietFrom: 1320,
    quietTo: 390,
    timeZone: "Asia/Kathmandu",
    criticalAtOnce: false,
    unsubscribedAt: null,
  });
  expect(await readPreferences(admin)).toMatchObject({ pace: "now", digestHour: 8, criticalAtOnce: true });
  const { rows } = await db.pool.query<{ id: string }>(`SELECT id FROM "Recipient" WHERE "userId" = 'rita'`);
  const id = rows[0]?.id ?? "";
  const token = unsubscribeToken(id, ring);
  expect(recipientOfToken(token, ring)).toBe(id);
  expect(recipientOfToken(`${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`, ring)).toBeNull();
  expect(recipientOfToken(token.replace(/^./, token.startsWith("0") ? "1" : "0"), ring)).toBeNull();
  expect(await unsubscribe(id)).toBe(true);
  expect(await unsubscribe(id)).toBe(true);
  expect(await recipientMask(id)).toEqual({ address: "ri…@example.com", unsubscribed: true });
  await savePreferences(reader, mine, await version());
  expect(await readPreferences(reader)).toMatchObject({ unsubscribedAt: null });
});

test("deliveries: a person sees his own, a Security Admin of everything sees all", async () => {
  const { rows } = await db.pool.query<{ id: string }>(`SELECT id FROM "Recipient" WHERE "userId" = 'rita'`);
  await db.pool.query(
    `INSERT INTO "Delivery" (id, "recipientId", address, template, "nextAttemptAt") VALUES ($1, $3, 'rita@example.com', 'digest', now()), ($2, NULL, 'x@example.com', 'invitation', now())`,
    [uuidv7(), uuidv7(), rows[0]?.id],
  );
  const seen = async (scope: typeof admin) =>
    (await listDeliveries(scope, { state: null, before: null })).rows.map(({ address }) => address).sort();
  expect(await seen(admin)).toEqual(["rita@example.com", "x@example.com"]);
  expect(await seen(reader)).toEqual(["rita@example.com"]);
  expect(await seen(partial)).toEqual([]);
});

const jobs = async (name: string): Promise<number> =>
  Number((await db.pool.query(`SELECT count(*) FROM jobs.job WHERE name = $1`, [name])).rows[0]?.count);

test("a test mail is queued with its job and its audit entry, twenty an hour at most, by Security Admins only", async () => {
  await saveServer(admin, server({}), ring, (await readServer(admin))?.version ?? null);
  const id = await sendTest(admin, "olga@example.com");
  expect(await jobs("send-mail")).toBe(1);
  const { rows } = await db.pool.query(
    `SELECT target, detail FROM "AuditEntry" WHERE action = 'notifications.test-sent'`,
  );
  expect(rows).toEqual([{ target: "olga@example.com", detail: { delivery: id } }]);
  for (let n = 1; n < 20; n++) await sendTest(admin, "olga@example.com");
  await expect(sendTest(admin, "olga@example.com")).rejects.toThrow(/Twenty tests/);
  for (const scope of [partial, reader]) await expect(sendTest(scope, "x@example.com")).rejects.toThrow(ForbiddenError);
});

test("a mail that was given up is queued again from its first attempt, once; any other is left alone", async () => {
  const [failed, sent] = [uuidv7(), uuidv7()];
  await db.pool.query(
    `INSERT INTO "Delivery" (id, address, template, state, attempts, reason, "nextAttemptAt") VALUES ($1, 'a@example.com', 'digest', 'failed', 25, '550 no', now()), ($2, 'a@example.com', 'digest', 'sent', 1, '250 taken', now())`,
    [failed, sent],
  );
  await expect(retryDelivery(reader, failed)).rejects.toThrow(ForbiddenError);
  await retryDelivery(admin, failed);
  const state = async (id: string) =>
    (await db.pool.query(`SELECT state, attempts, reason FROM "Delivery" WHERE id = $1`, [id])).rows[0];
  expect(await state(failed)).toEqual({ state: "queued", attempts: 0, reason: null });
  for (const id of [failed, sent, uuidv7()]) await expect(retryDelivery(admin, id)).rejects.toThrow(NotificationError);
  expect(await state(sent)).toEqual({ state: "sent", attempts: 1, reason: "250 taken" });
});

test("what is held leaves at its recipient's word or a Security Admin's, nobody else's", async () => {
  const { rows } = await db.pool.query<{ id: string }>(`SELECT id FROM "Recipient" WHERE "userId" = 'rita'`);
  const recipient = rows[0]?.id ?? "";
  const hold = () =>
    db.pool.query(
      `INSERT INTO "Notice" (id, "eventId", "recipientId", kind, severity, "heldUntil", reason) VALUES ($1, $2, $3, 'finding.opened', 2, now() + interval '1 day', 'throttle')`,
      [uuidv7(), uuidv7(), recipient],
    );
  const held = async () =>
    Number((await db.pool.query(`SELECT count(*) FROM "Notice" WHERE "heldUntil" > now()`)).rows[0]?.count);
  await hold();
  await expect(releaseNow(partial, recipient)).rejects.toThrow(NotificationError);
  expect(await held()).toBe(1);
  await releaseNow(reader, recipient);
  await releaseNow(reader, recipient);
  expect([await held(), await jobs("notify")]).toEqual([0, 1]);
  await hold();
  await releaseNow(admin, recipient);
  expect(await held()).toBe(0);
});
