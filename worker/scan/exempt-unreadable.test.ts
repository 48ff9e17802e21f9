import { expect, test, vi } from "vitest";
import { type Grant, mintScope } from "@/domain/access/scope";
import { decideExemption, withdrawExemption } from "@/domain/posture/exemption/mutations";
import { listExemptions, listUnreadable } from "@/domain/posture/exemption/queries";
import { uuidv7 } from "@/lib/id";
import { useScanDatabase } from "../testing/scan-database";
import {
  clock,
  db,
  deployment,
  findings,
  input,
  ledgersAddUp,
  namespace,
  newCluster,
  rows,
  scan,
} from "../testing/scan-fixture";
import { settleIdentity } from "./identity";

useScanDatabase();

const person = (name: string, accountId: string | null) => {
  const grants: Grant[] = [{ role: "Security Admin", accountId }];
  return mintScope(uuidv7(), name, grants);
};
const everybody = person("Eve", null);
async function exemption(state: "active" | "requested", targets: unknown, everywhere = true): Promise<string> {
  const id = uuidv7();
  await rows(
    `INSERT INTO "Exemption" ("id", "type", "state", "targets", "everywhere", "accountIds", "reason", "requestedBy", "requestedAt")
     VALUES ($1, 'waiver', $2, $3, $4, $5, 'why', 'me', now())`,
    ...[id, state, JSON.stringify(targets), everywhere, everywhere ? [] : [input.cluster.accountId]],
  );
  return id;
}
/** What an upgrade makes of an exemption whose words it does not know any more. */
const forget = (id: string, targets: unknown = [{ name: "batch" }, { group: "a-group-of-old" }]) =>
  rows(`UPDATE "Exemption" SET "targets" = $2 WHERE "id" = $1`, id, JSON.stringify(targets));
const heldBy = async () =>
  (
    await rows<{ name: string; by: string }>(
      `SELECT DISTINCT "name", "exemptionId" AS by FROM "Finding" WHERE "exemptionId" IS NOT NULL AND "state" = 'open' ORDER BY 1`,
    )
  ).map(({ name, by }) => [name, by]);
const estate = [namespace(), ...deployment("web", true), ...deployment("batch", true)];

/** What is logged meanwhile. */
async function logged(work: () => Promise<unknown>): Promise<string> {
  const lines: string[] = [];
  const written = vi.spyOn(process.stderr, "write").mockImplementation((line) => lines.push(String(line)) > 0);
  await work().finally(() => written.mockRestore());
  return lines.join("");
}

test("a scan goes on without an exemption that cannot be read: its findings count, others hold, and it is logged and shown", async () => {
  const old = await exemption("active", [{ name: "batch" }]);
  const other = await exemption("active", [{ name: "web" }]);
  await scan(estate);
  expect(await heldBy()).toEqual([
    ["batch", old],
    ["web", other],
  ]);
  await forget(old);
  const said = await logged(() => scan(estate, { full: true }));
  expect(said).toMatch(
    new RegExp(
      `error exemptions left out an exemption that cannot be read exemption=${old} reason=targets\\.1\\.group: `,
    ),
  );
  expect(await heldBy()).toEqual([["web", other]]);
  expect((await findings()).filter(({ state }) => state === "open").length).toBeGreaterThan(2);
  await ledgersAddUp();
  const problem = expect.stringMatching(/^targets\.1\.group: /);
  expect(await listUnreadable(everybody)).toEqual([
    { id: old, state: "active", reason: "why", requestedBy: "me", problem },
  ]);
  expect(await listUnreadable(person("Fay", uuidv7()))).toHaveLength(1); // it reached everywhere
  expect(await listUnreadable(mintScope(uuidv7(), "Gil", []))).toEqual([]);
  expect((await listExemptions(everybody)).map(({ id, readable, targets }) => [id, readable, targets])).toEqual([
    [other, true, [{ name: "web" }]],
    [old, false, []],
  ]);
});

test("what holds still by one that cannot be read ends when it is withdrawn, and others take over", async () => {
  const old = await exemption("active", [{ name: "batch" }], false);
  await scan(estate);
  const later = await exemption("active", [{ namespace: "shop" }]);
  expect(await heldBy()).toEqual([["batch", old]]);
  await forget(old, { any: "thing" });
  const admin = person("Ada", input.cluster.accountId);
  expect(await listUnreadable(person("Fay", uuidv7()))).toEqual([]);
  await logged(async () => expect((await withdrawExemption(admin, old))?.findings).toBeGreaterThan(0));
  expect(await heldBy()).toEqual([
    ["batch", later],
    ["web", later],
  ]);
  await ledgersAddUp();
  expect(await listUnreadable(everybody)).toEqual([]);
});

test("a request that cannot be read is rejected, not approved", async () => {
  const request = await exemption("requested", [{ group: "a-group-of-old" }]);
  await expect(decideExemption(everybody, request, true, null)).rejects.toThrow(/no longer be read.*Reject it/);
  expect((await listUnreadable(everybody)).map(({ id, state }) => [id, state])).toEqual([[request, "requested"]]);
  expect(await decideExemption(everybody, request, false, null)).toEqual({ findings: 0 });
});

test("a cluster that turns out to be a second name is merged, and what cannot be read stays as it is", async () => {
  const settle = (cluster: typeof input.cluster) =>
    settleIdentity(
      db.pool,
      { ...cluster, uid: null },
      { uid: "uid-of-kube-system", authority: "a" },
      { id: uuidv7(), now: new Date(clock + 10), fence: input.fence },
      async () => undefined,
    );
  const first = input.cluster;
  expect(await settle(first)).toEqual({ as: "own" });
  await newCluster();
  const targets = [{ cluster: input.cluster.id, group: "a-group-of-old" }];
  const old = await exemption("active", targets, false);
  const arc = { ...input.cluster, distribution: "arc" as const };
  const said = await logged(async () => expect(await settle(arc)).toEqual({ as: "second-name", id: first.id }));
  expect(said).toContain(old);
  expect(await rows(`SELECT "targets" FROM "Exemption"`)).toEqual([{ targets }]);
});
