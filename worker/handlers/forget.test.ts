import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { appendAudit } from "@/domain/access/audit";
import { mintScope } from "@/domain/access/scope";
import { lockCluster } from "@/domain/inventory/cluster/store";
import { inTransaction } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { testDatabase } from "@/lib/testing/database";
import { forget } from "./forget";

const NOW = new Date("2026-06-15T12:00:00Z");
const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000);

let db: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db?.drop());

let accountId: string;
let cluster: string;
/** Inserts a row with an id of its own, which it resolves with; objects go in as JSON. */
async function add(table: string, row: Record<string, unknown>): Promise<string> {
  const all: Record<string, unknown> = { id: uuidv7(), ...row };
  const columns = Object.keys(all).map((name) => `"${name}"`);
  await db.pool.query(
    `INSERT INTO "${table}" (${columns.join()}) VALUES (${columns.map((_, at) => `$${at + 1}`).join()})`,
    Object.values(all),
  );
  return String(all.id);
}
const left = async (table: string): Promise<string[]> =>
  (await db.pool.query<{ id: string }>(`SELECT id FROM "${table}" ORDER BY id`)).rows.map(({ id }) => id);
const run = () => forget({ pool: db.pool, clock: () => NOW }, { signal: new AbortController().signal });
const addCluster = (over: Record<string, unknown> = {}) =>
  add("Cluster", { accountId, distribution: "aks", name: "one", aliases: [], managed: "{}", ...over });

beforeEach(async () => {
  await db.pool.query(
    `TRUNCATE "Account", "ScorePoint", "FindingTransition", "OutboxEvent", "Delivery", "Recipient", "User", "OneTimeToken", "CompliancePoint", "Invitation" CASCADE`,
  );
  accountId = await add("Account", {
    ...{ provider: "azure", name: "a", externalId: "x", settings: "{}", updatedAt: NOW },
  });
  cluster = await addCluster();
});

const scan = (days: number, status: string, over: Record<string, unknown> = {}) =>
  add("Scan", {
    accountId,
    clusterId: cluster,
    kind: "cluster",
    trigger: "schedule",
    status,
    queuedAt: daysAgo(days),
    ...over,
  });

test("of old scans the last ended, the last complete and the compared one stay", async () => {
  await scan(400, "complete");
  const complete = await scan(300, "complete");
  await scan(290, "partial");
  const compared = await scan(280, "partial");
  await db.pool.query(`UPDATE "Cluster" SET "lastScanId" = $1 WHERE id = $2`, [compared, cluster]);
  await scan(270, "failed");
  const last = await scan(260, "failed");
  const running = await scan(250, "running");
  const discovered = { clusterId: null, kind: "account" };
  await scan(500, "complete", discovered);
  const discovery = await scan(400, "complete", discovered);
  expect(await run()).toEqual({ scans: 4 });
  expect(await left("Scan")).toEqual([complete, compared, last, running, discovery].sort());
  const young = [await scan(100, "complete"), await scan(99, "complete"), await scan(1, "complete", discovered)];
  expect(await run()).toEqual({ scans: 3 }); // complete, last and the account's: newer ones took their places
  expect(await left("Scan")).toEqual([compared, running, ...young].sort());
});

const finding = (name: string, state: string, resolvedAt: Date | null) =>
  add("Finding", {
    ...{ accountId, clusterId: cluster, controlId: "SW-0001", scoreGroup: "x", severity: 1, apiGroup: "", kind: "Pod" },
    ...{
      namespace: "n",
      name,
      state,
      message: "m",
      evidence: "[]",
      firstSeenAt: daysAgo(900),
      lastSeenAt: daysAgo(1),
      resolvedAt,
    },
  });
const transition = (findingId: string, days: number, change: string) =>
  add("FindingTransition", { findingId, scanId: uuidv7(), at: daysAgo(days), change });

test("findings resolved long ago go with their changes; open ones stay, with what made them what they are", async () => {
  const [open, recent, old] = [
    await finding("open", "open", null),
    await finding("recent", "resolved", daysAgo(399)),
    await finding("old", "resolved", daysAgo(401)),
  ];
  await transition(open, 900, "opened");
  await transition(open, 800, "resolved");
  const kept = [await transition(open, 700, "reopened"), await transition(recent, 399, "resolved")];
  await transition(recent, 900, "opened");
  await transition(old, 401, "resolved");
  expect(await run()).toEqual({ transitions: 3, resolvedFindings: 1 });
  expect(await left("Finding")).toEqual([open, recent].sort());
  expect(await left("FindingTransition")).toEqual(kept.sort());
  const { rows } = await db.pool.query(`SELECT open, resolved FROM "FindingBySeverity"`);
  expect(rows).toEqual([{ open: 1, resolved: 1 }]);
});

test("forgetting waits for no scan that is being committed, and no scan waits for it in turn", async () => {
  const other = await addCluster();
  const [open, old] = [await finding("open", "open", null), await finding("old", "resolved", daysAgo(401))];
  const elsewhere = await finding("elsewhere", "resolved", daysAgo(401));
  await db.pool.query(`UPDATE "Finding" SET "clusterId" = $1 WHERE id = $2`, [other, elsewhere]);
  const WAITING = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  let isOver = false;
  let gone: Promise<object> | undefined;
  await inTransaction(db.pool, async (tx) => {
    await lockCluster(tx, cluster);
    // The sums beside the findings are held now; whoever deletes an old one of the same cluster needs them.
    await tx.query(`UPDATE "Finding" SET "notRechecked" = 'denied' WHERE id = $1`, [open]);
    gone = run().finally(() => {
      isOver = true;
    });
    await vi.waitFor(async () => expect(isOver || (await db.pool.query(WAITING)).rowCount === 1).toBe(true), 60_000);
    await tx.query(`UPDATE "Finding" SET state = 'open', "resolvedAt" = NULL WHERE id = $1`, [old]);
  });
  expect(await gone).toEqual({ resolvedFindings: 1 });
  expect(await left("Finding")).toEqual([open, old].sort());
  await db.pool.query(`UPDATE "Finding" SET state = 'resolved', "resolvedAt" = $2 WHERE id = $1`, [old, daysAgo(401)]);
  expect(await run()).toEqual({ resolvedFindings: 1 });
});

test("a cluster that is long gone goes whole, a second name with its cluster only; the fleet's score and the audit log stay", async () => {
  const gone = await addCluster({ goneAt: daysAgo(401) });
  const lately = await addCluster({ goneAt: daysAgo(399) });
  const secondName = await addCluster({ goneAt: daysAgo(900), aliasOf: cluster });
  const widow = await addCluster({ goneAt: daysAgo(900), aliasOf: gone });
  await finding("f", "open", null);
  const point = { at: daysAgo(2), expected: 1, evaluated: 1, groups: "{}", ledger: "[]" };
  const fleet = await add("ScorePoint", { ...point, scope: "fleet" });
  await add("ScorePoint", { ...point, scope: "cluster", scopeId: gone });
  await inTransaction(db.pool, (tx) =>
    appendAudit(tx, mintScope(null, "Seawall", []), { action: "test.was", target: gone }),
  );
  const audit = await left("AuditEntry");
  expect(await run()).toEqual({ goneClusters: 2 });
  expect(await left("Cluster")).toEqual([cluster, lately, secondName].sort());
  expect(await left("Cluster")).not.toContain(widow);
  expect(await left("ScorePoint")).toEqual([fleet]);
  expect((await left("Finding")).length).toBe(1);
  expect(await left("AuditEntry")).toEqual(audit);
});

test("events go when nobody needs them, mails after a quarter, and what waits stays however old it is", async () => {
  const recipientId = await add("Recipient", { address: "a@example.com", updatedAt: NOW });
  const event = (days: number, over: Record<string, unknown> = {}) =>
    add("OutboxEvent", { kind: "cluster.new", payload: "{}", at: daysAgo(days), deliveredAt: daysAgo(days), ...over });
  const mail = (days: number, state: string, over: Record<string, unknown> = {}) =>
    add("Delivery", {
      ...{ recipientId, address: "a@example.com", template: "events", state },
      ...{ nextAttemptAt: daysAgo(days), createdAt: daysAgo(days), ...over },
    });
  const notice = (eventId: string, days: number, over: Record<string, unknown>) =>
    add("Notice", { eventId, recipientId, kind: "cluster.new", severity: 1, createdAt: daysAgo(days), ...over });
  await event(31);
  const [mailed, heldEvent, droppedEvent] = [await event(31), await event(99), await event(99)];
  const waiting = [await event(29), await event(99, { deliveredAt: null })];
  const sent = await mail(89, "sent");
  await mail(91, "sent");
  const queued = await mail(91, "queued");
  const kept = [await notice(mailed, 89, { deliveryId: sent }), await notice(heldEvent, 99, { heldUntil: NOW })];
  await notice(droppedEvent, 99, { reason: "nobody to read it" });
  const linked = { kind: "person.invited", payload: '{"link":"secret","invitationId":"i"}' };
  const invited = await event(8, { ...linked, deliveredAt: null });
  const fresh = await event(6, { ...linked, deliveredAt: null });
  expect(await run()).toEqual({ mails: 2, events: 2, invitationLinks: 1 });
  expect(await left("OutboxEvent")).toEqual([mailed, heldEvent, ...waiting, invited, fresh].sort());
  expect(await left("Delivery")).toEqual([sent, queued].sort());
  expect(await left("Notice")).toEqual(kept.sort());
  const { rows } = await db.pool.query(`SELECT id FROM "OutboxEvent" WHERE payload ? 'link'`);
  expect(rows).toEqual([{ id: fresh }]);
});

test("sessions, links, invitations, days of benchmarks and the inventory's history go in their time", async () => {
  const person = (email: string) => add("User", { name: email, email, updatedAt: NOW });
  const [userId, other] = [await person("p@example.com"), await person("q@example.com")];
  const session = (userId: string, seen: number, ended: number) =>
    add("Session", {
      userId,
      token: uuidv7(),
      expiresAt: daysAgo(ended),
      createdAt: daysAgo(900),
      updatedAt: daysAgo(seen),
    });
  await session(userId, 98, 91);
  const sessions = [await session(userId, 96, 89), await session(other, 300, 293)];
  const link = (ended: number) =>
    add("OneTimeToken", { purpose: "sign-in", hash: uuidv7(), expiresAt: daysAgo(ended) });
  await link(8);
  const links = [await link(6)];
  const invitation = (ended: number, over: Record<string, unknown> = {}) =>
    add("Invitation", {
      ...{ email: "i@example.com", role: "Owner", everything: true, accountIds: [], hash: uuidv7() },
      ...{ inviterId: userId, inviter: "p", expiresAt: daysAgo(ended), ...over },
    });
  await invitation(91);
  await invitation(-900, { acceptedAt: daysAgo(91) });
  const invitations = [await invitation(89), await invitation(-1)];
  const change = (days: number) =>
    add("ResourceChange", {
      ...{ clusterId: cluster, scanId: uuidv7(), at: daysAgo(days), change: "gone" },
      ...{ apiGroup: "", kind: "Pod", namespace: "n", name: "p" },
    });
  await change(181);
  const changes = [await change(179)];
  for (const days of [801, 799])
    await db.pool.query(`INSERT INTO "CompliancePoint" VALUES ('fleet', '', 'b', $1::date, $1, 1, 1, 1, 1, 1, 1, 1)`, [
      daysAgo(days),
    ]);
  expect(await run()).toEqual({ changes: 1, compliance: 1, invitations: 2, sessions: 1, tokens: 1 });
  expect(await left("Session")).toEqual(sessions.sort());
  expect([await left("OneTimeToken"), await left("ResourceChange")]).toEqual([links, changes]);
  expect(await left("Invitation")).toEqual(invitations.sort());
  expect((await db.pool.query(`SELECT FROM "CompliancePoint"`)).rowCount).toBe(1);
});

test("roles that a claim brought lapse with the sign-ins, but for the last Owner", async () => {
  const person = async (name: string, source: string, role: string, days: number) => {
    const userId = await add("User", { name, email: `${name}@example.com`, updatedAt: NOW });
    await add("RoleGrant", { userId, role, source, confirmedAt: daysAgo(days) });
    await add("Session", { userId, token: name, expiresAt: daysAgo(-1), updatedAt: NOW });
    return userId;
  };
  await person("reader", "claim", "Security Reader", 31);
  await person("boss", "claim", "Owner", 40);
  const last = await person("chief", "claim", "Owner", 35);
  const seen = await person("seen", "claim", "Security Reader", 29);
  const given = await person("given", "given", "Security Reader", 400);
  expect(await run()).toEqual({ claimedRoles: 2 });
  const { rows } = await db.pool.query(`SELECT "userId" FROM "RoleGrant" ORDER BY "userId"`);
  expect(rows.map(({ userId }) => userId)).toEqual([last, seen, given].sort());
  const sessions = await db.pool.query(`SELECT "userId" FROM "Session" ORDER BY "userId"`);
  expect(sessions.rows).toEqual(rows);
  const told = await db.pool.query(
    `SELECT target FROM "AuditEntry" WHERE action = 'access.role-lapsed' ORDER BY target`,
  );
  expect(told.rows.map(({ target }) => target)).toEqual(["boss@example.com", "reader@example.com"]);
});

test("a worker that stops leaves the rest for the next run", async () => {
  await scan(400, "failed");
  await scan(300, "failed");
  const stopped = forget({ pool: db.pool, clock: () => NOW }, { signal: AbortSignal.abort(new Error("drained")) });
  await expect(stopped).rejects.toThrow("drained");
  expect(await left("Scan")).toHaveLength(2);
});
