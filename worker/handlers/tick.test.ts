import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { mintScope } from "@/domain/access/scope";
import { listQueues } from "@/domain/accounts/system/queries";
import { pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { createQueues, handle, jobClient } from "@/lib/jobs";
import { useTestDatabase } from "@/lib/testing/use-database";
import { TickError, tick } from "./tick";

const NOW = new Date("2026-06-15T12:00:00Z");
const everything = mintScope(null, "Eve", [{ role: "Owner", accountId: null }]);
const [account, cluster] = [uuidv7(), uuidv7()];
let boss: ReturnType<typeof jobClient>;

useTestDatabase();
beforeAll(async () => {
  boss = jobClient(process.env.DATABASE_URL ?? "", "worker");
  await boss.start();
  await createQueues(boss);
}, 300_000);
afterAll(() => boss?.stop({ graceful: false }));

const sql = async <T extends object>(text: string, ...values: unknown[]) => (await pool().query<T>(text, values)).rows;
/** An account that is due, and a cluster of it whose own facts fail. */
beforeEach(async () => {
  await sql(`DROP FUNCTION IF EXISTS refuse CASCADE`);
  await sql(`TRUNCATE "Account", "Exemption", "OutboxEvent" CASCADE`);
  await sql(`DELETE FROM jobs.job`);
  await sql(
    `INSERT INTO "Account" (id, provider, name, "externalId", settings, "updatedAt", "nextScanAt") VALUES ($1, 'azure', 'a', 'x', '{}', now(), $2)`,
    ...[account, NOW],
  );
  await sql(
    `INSERT INTO "Cluster" (id, "accountId", distribution, name, aliases, managed) VALUES ($1, $2, 'aks', 'one', '{}', '{}')`,
    ...[cluster, account],
  );
  await sql(
    `INSERT INTO "Resource" ("clusterId", "apiGroup", kind, namespace, name, hash, doc, "ownerKind", "ownerName") VALUES ($1, '', 'ManagedCluster', '', 'one', 'h', '{"api": {}}', 'ManagedCluster', 'one')`,
    cluster,
  );
});
const finding = (exemptionId: string) =>
  sql(
    `INSERT INTO "Finding" (id, "accountId", "clusterId", "controlId", "scoreGroup", severity, "apiGroup", kind, namespace, name, state, message, evidence, "firstSeenAt", "lastSeenAt", exemption, "exemptionId")
     VALUES ($1, $2, $3, 'SW-0101', 'network-access', 3, '', 'ManagedCluster', '', 'one', 'open', 'm', '[]', now(), now(), 'waiver', $4)`,
    ...[uuidv7(), account, cluster, exemptionId],
  );
async function over(minutesAgo: number, targets: object[]): Promise<string> {
  const id = uuidv7();
  await sql(
    `INSERT INTO "Exemption" (id, type, state, targets, everywhere, "accountIds", reason, "requestedBy", "requestedAt", "expiresAt")
     VALUES ($1, 'waiver', 'active', $2, true, '{}', 'why', 'me', now(), $3)`,
    ...[id, JSON.stringify(targets), new Date(NOW.getTime() - minutesAgo * 60_000)],
  );
  return id;
}
/** Changes of a table for which `when` holds fail from now on. */
async function refuse(table: string, when: string): Promise<void> {
  await sql(
    `CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused for the test'; END $$`,
  );
  await sql(`CREATE TRIGGER refuse BEFORE UPDATE ON "${table}" FOR EACH ROW WHEN (${when}) EXECUTE FUNCTION refuse()`);
}
const states = async () =>
  Object.fromEntries(
    (await sql<{ id: string; state: string }>(`SELECT id, state FROM "Exemption"`)).map(({ id, state }) => [id, state]),
  );
const queued = async () =>
  (await sql<{ name: string }>(`SELECT name FROM jobs.job WHERE state = 'created' ORDER BY 1`)).map(({ name }) => name);
const held = async () => (await sql(`SELECT FROM "Finding" WHERE "exemptionId" IS NOT NULL`)).length;
const run = () => tick({ pool: pool(), boss, clock: () => NOW });

test("ends what is over beside one by label that holds still, and enqueues what is due", async () => {
  await over(-60, [{ labels: { app: "x" } }]);
  const id = await over(1, [{ control: "SW-0101" }]);
  await finding(id);
  expect(await run()).toEqual({ due: 1 });
  expect([(await states())[id], await held(), await queued()]).toEqual(["expired", 0, ["discover-account", "notify"]]);
});

test("an exemption that cannot be ended keeps neither later ones nor the schedule waiting; it is logged, counted, and tried again", async () => {
  const [stuck, next] = [await over(2, [{ control: "SW-0017" }]), await over(1, [{ control: "SW-0101" }])];
  await finding(next);
  await refuse("Exemption", `NEW.id = '${stuck}'`);
  const lines: string[] = [];
  const written = vi.spyOn(process.stderr, "write").mockImplementation((line) => lines.push(String(line)) > 0);
  await expect(run()).rejects.toThrow(new TickError(`could not end exemption ${stuck}: refused for the test`));
  written.mockRestore();
  expect(lines).toEqual([
    expect.stringMatching(new RegExp(`error tick could not end exemption ${stuck} reason=refused for the test`)),
  ]);
  expect(await states()).toEqual({ [stuck]: "active", [next]: "expired" });
  expect([await held(), await queued()]).toEqual([0, ["discover-account", "notify"]]);
  await sql(`DROP FUNCTION refuse CASCADE`);
  await run();
  expect(await states()).toEqual({ [stuck]: "expired", [next]: "expired" });
});

test("a schedule that fails keeps no exemption from its end", async () => {
  const id = await over(1, [{ control: "SW-0101" }]);
  await finding(id);
  await refuse("Account", "true");
  await expect(run()).rejects.toThrow("could not enqueue what is due: refused for the test");
  expect([await states(), await held(), await queued()]).toEqual([{ [id]: "expired" }, 0, ["notify"]]);
});

test("a minute of which a part failed is among the failed jobs of System health", async () => {
  const id = await over(1, [{ control: "SW-0101" }]);
  await refuse("Exemption", `NEW.id = '${id}'`);
  await handle(boss, "tick", 1, () => tick({ pool: pool(), boss, clock: () => NOW }));
  await boss.send("tick", {});
  await vi.waitFor(
    async () => {
      const schedule = (await listQueues(everything)).find(({ name }) => name === "tick");
      expect(schedule).toMatchObject({ waiting: 0, running: 0, failed: 1, lastDone: null });
    },
    { timeout: 20_000 },
  );
  await boss.offWork("tick");
});
