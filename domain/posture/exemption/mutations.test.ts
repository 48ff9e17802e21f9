import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Grant, mintScope } from "@/domain/access/scope";
import { inTransaction, pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { useTestDatabase } from "@/lib/testing/use-database";
import {
  decideExemption,
  expireExemption,
  previewExemption,
  remindOfEnds,
  requestExemption,
  withdrawExemption,
} from "./mutations";
import { listExemptions } from "./queries";
import { setExemptionRule } from "./rule/mutations";
import { type ExemptionRequest, exemptionRequest } from "./schema";
import { overdueExemptions } from "./store";

const [account, other, cluster] = [uuidv7(), uuidv7(), uuidv7()];
const person = (name: string, grants: Grant[]) => mintScope(uuidv7(), name, grants);
const admin = person("Ada", [{ role: "Security Admin", accountId: account }]);
const second = person("Bo", [{ role: "Security Admin", accountId: account }]);
const stranger = person("Cy", [{ role: "Owner", accountId: other }]);
const reader = person("Di", [{ role: "Security Reader", accountId: account }]);
const owner = person("Eve", [{ role: "Owner", accountId: null }]);
const job = mintScope(null, "Seawall", [{ role: "Owner", accountId: null }]);
const DAY = 86_400_000;
const NOW = new Date("2026-03-01T12:00:00Z");
const after = (days: number) => new Date(NOW.getTime() + days * DAY);

useTestDatabase();
beforeAll(async () => {
  for (const id of [account, other])
    await pool().query(
      `INSERT INTO "Account" (id, provider, name, "externalId", settings, "updatedAt") VALUES ($1::uuid, 'azure', 'a', ($1::uuid)::text, '{}', now())`,
      [id],
    );
  await pool().query(
    `INSERT INTO "Cluster" (id, "accountId", distribution, name, aliases, managed) VALUES ($1, $2, 'aks', 'one', '{}', '{}')`,
    [cluster, account],
  );
}, 300_000);
beforeEach(async () => {
  await pool().query(`TRUNCATE "Exemption", "ExemptionRule", "Finding", "OutboxEvent" CASCADE`);
  await pool().query(
    `INSERT INTO "Finding" (id, "accountId", "clusterId", "controlId", "scoreGroup", severity, "apiGroup", kind, namespace, name, state, message, evidence, "firstSeenAt", "lastSeenAt")
     VALUES ($1, $2, $3, 'SW-0017', 'access-and-permissions', 2, 'apps', 'Deployment', 'shop', 'web', 'open', 'm', '[]', now(), now())`,
    [uuidv7(), account, cluster],
  );
});

const asked = (more: Partial<Record<keyof ExemptionRequest, unknown>> = {}): ExemptionRequest =>
  exemptionRequest.parse({
    type: "waiver",
    targets: [{ control: "SW-0017", cluster }],
    reason: "accepted by the board",
    expiresAt: after(30).toISOString(),
    ...more,
  });
const exempted = async () =>
  (await pool().query<{ exemption: string | null }>(`SELECT exemption FROM "Finding"`)).rows[0]?.exemption;
const events = async () =>
  (await pool().query<{ kind: string }>(`SELECT kind FROM "OutboxEvent" ORDER BY id`)).rows.map(({ kind }) => kind);
const audited = async (id: string) =>
  (
    await pool().query<{ action: string; actor: string; accountId: string }>(
      `SELECT action, actor, "accountId" FROM "AuditEntry" WHERE target = $1 ORDER BY id`,
      [`SW-0017: accepted by the board (${id})`], // what it is for and why, not the id alone
    )
  ).rows;
const stateOf = async (id: string) => (await listExemptions(owner, { id }))[0]?.state;
const heldFindings = async () =>
  (await pool().query<{ n: number }>(`SELECT count("exemptionId")::int AS n FROM "Finding"`)).rows[0]?.n;
/** A finding on what the cloud tells of the cluster: its document is no object of Kubernetes and has no metadata. */
async function ownFacts(): Promise<void> {
  await pool().query(
    `INSERT INTO "Resource" ("clusterId", "apiGroup", kind, namespace, name, hash, doc, "ownerKind", "ownerName") VALUES ($1, '', 'ManagedCluster', '', 'one', 'h', $2, 'ManagedCluster', 'one')
     ON CONFLICT DO NOTHING`,
    [cluster, { distribution: "aks", name: "one", api: { publicEndpoint: true } }],
  );
  await pool().query(
    `INSERT INTO "Finding" (id, "accountId", "clusterId", "controlId", "scoreGroup", severity, "apiGroup", kind, namespace, name, state, message, evidence, "firstSeenAt", "lastSeenAt")
     VALUES ($1, $2, $3, 'SW-0101', 'network-access', 3, '', 'ManagedCluster', '', 'one', 'open', 'm', '[]', now(), now())`,
    [uuidv7(), account, cluster],
  );
}
/** Ends what is over by then, as the tick does; how many. */
async function endAll(at: Date): Promise<number> {
  let ended = 0;
  for (const id of await overdueExemptions(pool(), at))
    if (await inTransaction(pool(), (tx) => expireExemption(tx, job, id, at))) ended++;
  return ended;
}
const approvalRule = () => setExemptionRule(owner, { approval: true, longestDays: 90 });

describe("an exemption", () => {
  it("holds at once where nobody else must approve, and ends when it is withdrawn", async () => {
    const { id, state, findings } = await requestExemption(admin, asked(), NOW);
    expect([state, findings, await exempted()]).toEqual(["active", 1, "waiver"]);
    expect(await withdrawExemption(second, id, NOW)).toEqual({ findings: 1 });
    expect(await withdrawExemption(second, id, NOW)).toEqual({ findings: 0 });
    expect(await exempted()).toBeNull();
    expect(await audited(id)).toEqual([
      { action: "posture.exemption-set", actor: "Ada", accountId: account },
      { action: "posture.exemption-withdrawn", actor: "Bo", accountId: account },
    ]);
  });

  it("waits for another person where the rule says so; who asked never decides", async () => {
    await approvalRule();
    const { id, state } = await requestExemption(admin, asked(), NOW);
    expect([state, await exempted()]).toEqual(["requested", null]);
    await expect(decideExemption(admin, id, true, null, NOW)).rejects.toThrow(/Another person/);
    await expect(decideExemption(reader, id, true, null, NOW)).rejects.toThrow(/Security Admin/);
    expect(await decideExemption(stranger, id, true, null, NOW)).toBeNull();
    await expect(decideExemption(job, id, true, null, NOW)).rejects.toThrow(/Another person/);
    expect(await exempted()).toBeNull();
    expect(await decideExemption(second, id, true, "fine", NOW)).toEqual({ findings: 1 });
    expect(await decideExemption(second, id, true, "fine", NOW)).toEqual({ findings: 0 });
    await expect(decideExemption(second, id, false, null, NOW)).rejects.toThrow(/active already/);
    expect(await exempted()).toBe("waiver");
    expect(await events()).toEqual(["exemption.requested", "exemption.approved"]);
  });

  it("is one, however often and at once the same person asks for it", async () => {
    const all = await Promise.all([1, 2, 3].map(() => requestExemption(admin, asked(), NOW)));
    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
    expect(all).toContainEqual({ id: all[0]?.id, state: "active", findings: 1 });
    expect(await events()).toEqual(["exemption.approved"]);
    const again = await requestExemption(second, asked(), NOW);
    const later = await requestExemption(admin, asked({ expiresAt: after(31).toISOString() }), NOW);
    expect(new Set([all[0]?.id, again.id, later.id]).size).toBe(3);
    await withdrawExemption(second, all[0]?.id ?? "", NOW);
    expect((await requestExemption(admin, asked(), NOW)).id).not.toBe(all[0]?.id);
  });

  it("tells who decides what an approval would do, and does nothing yet", async () => {
    await approvalRule();
    const { id } = await requestExemption(admin, asked(), NOW);
    const [request] = await listExemptions(second, { id, states: ["requested"] });
    if (request === undefined) throw new Error("no request");
    const { type, targets, reason, evidence, expiresAt } = request;
    expect((await previewExemption(second, { type, targets, reason, evidence, expiresAt })).findings).toBe(1);
    expect([await stateOf(id), await exempted()]).toEqual(["requested", null]);
    expect(await listExemptions(stranger, { id })).toEqual([]);
  });

  it("changes nothing when it is rejected", async () => {
    await approvalRule();
    const { id } = await requestExemption(admin, asked(), NOW);
    await decideExemption(second, id, false, "fix it", NOW);
    expect([await stateOf(id), await exempted()]).toEqual(["rejected", null]);
    await expect(withdrawExemption(admin, id, NOW)).rejects.toThrow(/rejected already/);
  });

  it("needs Security Admin wherever it reaches, and may not name what is not seen", async () => {
    await expect(requestExemption(reader, asked(), NOW)).rejects.toThrow(/Security Admin/);
    await expect(requestExemption(stranger, asked(), NOW)).rejects.toThrow(/no such cluster/);
    const far = [{ account }, { account: other }];
    await expect(requestExemption(admin, asked({ targets: far }), NOW)).rejects.toThrow(/no such account/);
    await expect(requestExemption(admin, asked({ targets: [{ control: "SW-0017" }] }), NOW)).rejects.toThrow(
      /Security Admin/,
    );
    await expect(setExemptionRule(admin, { approval: false, longestDays: null })).rejects.toThrow(/Owner/);
    expect(await exempted()).toBeNull();
  });

  it("is approved by the rule of that day: one that would hold for too long may only be rejected", async () => {
    await setExemptionRule(owner, { approval: true, longestDays: null });
    const [endless, long, short] = [
      (await requestExemption(admin, asked({ expiresAt: null }), NOW)).id,
      (await requestExemption(admin, asked({ expiresAt: after(40).toISOString() }), NOW)).id,
      (await requestExemption(admin, asked({ expiresAt: after(20).toISOString() }), NOW)).id,
    ];
    await setExemptionRule(owner, { approval: true, longestDays: 30 });
    for (const id of [endless, long]) {
      await expect(decideExemption(second, id, true, null, NOW)).rejects.toThrow(/stricter.* within 30 days/);
      expect([await stateOf(id), await exempted()]).toEqual(["requested", null]);
    }
    expect(await decideExemption(second, endless, false, null, NOW)).toEqual({ findings: 0 });
    expect(await decideExemption(second, short, true, null, NOW)).toEqual({ findings: 1 });
    // Days that went by while it waited count: what is left of it is short enough.
    expect(await decideExemption(second, long, true, null, after(15))).not.toBeNull();
    expect(await stateOf(long)).toBe("active");
  });

  it("ends by the longest duration at the latest, and at its time", async () => {
    await setExemptionRule(owner, { approval: false, longestDays: 30 });
    await expect(requestExemption(admin, asked({ expiresAt: null }), NOW)).rejects.toThrow(/30 days/);
    await expect(requestExemption(admin, asked({ expiresAt: after(40).toISOString() }), NOW)).rejects.toThrow(
      /30 days/,
    );
    await expect(requestExemption(admin, asked({ expiresAt: after(-1).toISOString() }), NOW)).rejects.toThrow(/future/);
    const { id } = await requestExemption(admin, asked(), NOW);
    const early = await inTransaction(pool(), (tx) => expireExemption(tx, job, id, after(29.9)));
    expect([early, await endAll(after(29.9)), await exempted()]).toEqual([false, 0, "waiver"]);
    expect(await endAll(after(30))).toBe(1);
    expect([await exempted(), await stateOf(id), await endAll(after(30))]).toEqual([null, "expired", 0]);
  });

  it("that nobody decided on ends with its time, too", async () => {
    await approvalRule();
    const { id } = await requestExemption(admin, asked(), NOW);
    expect([await endAll(after(29.9)), await stateOf(id)]).toEqual([0, "requested"]);
    expect([await endAll(after(30)), await stateOf(id)]).toEqual([1, "expired"]);
  });

  it("reminds seven days and one day before its end, once each", async () => {
    await requestExemption(admin, asked(), NOW);
    const remind = (at: Date) => inTransaction(pool(), (tx) => remindOfEnds(tx, job, at));
    const told = [];
    for (const day of [20, 23.5, 24, 28, 29.5, 29.8, 31]) told.push(await remind(after(day)));
    expect(told).toEqual([0, 1, 0, 0, 1, 0, 0]);
  });

  it.each<[string, object]>([
    ["labels", { labels: { app: "x" } }],
    ["image", { image: "*fluent*" }],
    ["group and labels", { group: "network-access", labels: { app: "x" } }],
    ["account and labels", { account, labels: { app: "x" } }],
    ["control and labels", { control: "SW-0101", labels: { app: "x" } }],
  ])(
    "by %s is taken, approved and ended where a cluster's own facts fail, and holds for none of them",
    async (_, target) => {
      await ownFacts();
      const ask = (reason: string) => requestExemption(owner, asked({ targets: [target], reason }), NOW);
      const approver = person("Flo", [{ role: "Owner", accountId: null }]);
      expect((await previewExemption(owner, asked({ targets: [target] }))).findings).toBe(0);
      const held = await ask("to hold at once");
      await approvalRule();
      const requested = await ask("to be approved");
      expect(await decideExemption(approver, requested.id, true, null, NOW)).toEqual({ findings: 0 });
      const other = await requestExemption(owner, asked({ targets: [{ control: "SW-0101" }] }), NOW);
      expect(await decideExemption(approver, other.id, true, null, NOW)).toEqual({ findings: 1 });
      expect(await withdrawExemption(owner, held.id, NOW)).toEqual({ findings: 0 });
      await endAll(after(30));
      expect([await stateOf(requested.id), await stateOf(other.id), await heldFindings()]).toEqual([
        "expired",
        "expired",
        0,
      ]);
    },
  );

  it("is previewed without a trace", async () => {
    expect(await previewExemption(admin, asked())).toMatchObject({ findings: 1 });
    expect([await exempted(), await events(), await listExemptions(owner)]).toEqual([null, [], []]);
  });

  it("is listed to those who see what it reaches, with their part of it", async () => {
    await requestExemption(owner, asked({ targets: [{ account }, { account: other }] }), NOW);
    expect((await listExemptions(stranger))[0]).toMatchObject({
      targets: [{ account: other }],
      findings: 0,
      own: false,
    });
    expect((await listExemptions(owner))[0]).toMatchObject({ findings: 1, own: true });
    expect(await listExemptions(person("Fay", []))).toEqual([]);
  });

  it("is shown whole where one of its accounts is chosen, and may be changed by who reaches all of them", async () => {
    const one = await requestExemption(owner, asked({ targets: [{ account }, { account: other }] }), NOW);
    const everywhere = await requestExemption(owner, asked({ targets: [{ control: "SW-0001" }] }), NOW);
    const both = person("Gil", [
      { role: "Security Admin", accountId: account },
      { role: "Security Reader", accountId: other },
    ]);
    const [all, first] = await listExemptions(both, { within: [other] });
    expect([all, first]).toMatchObject([{ id: everywhere.id }, { id: one.id, findings: 1 }]);
    expect(first?.targets).toEqual([{ account }, { account: other }]);
    expect(await listExemptions(both, { within: [] })).toEqual([]);
    expect((await listExemptions(both, { within: [uuidv7()] })).map(({ id }) => id)).toEqual([everywhere.id]);
    const mayChange = async (scope: typeof admin) =>
      Object.fromEntries((await listExemptions(scope)).map((each) => [each.id, each.mayChange]));
    // Of the second account this one sees nothing, and the first one's target alone is listed.
    expect(await mayChange(admin)).toEqual({ [one.id]: false, [everywhere.id]: false });
    expect(await mayChange(both)).toEqual({ [one.id]: false, [everywhere.id]: false });
    expect(await mayChange(owner)).toEqual({ [one.id]: true, [everywhere.id]: true });
    await requestExemption(admin, asked(), NOW);
    expect((await listExemptions(admin))[0]).toMatchObject({ mayChange: true });
  });
});
