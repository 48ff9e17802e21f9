import { beforeAll, expect, test } from "vitest";
import { mintScope } from "@/domain/access/scope";
import { removeAccount as ask } from "@/domain/accounts/removal/mutations";
import { uuidv7 } from "@/lib/id";
import { createQueues, jobClient } from "@/lib/jobs";
import { FencedError } from "../scan/commit";
import { settleIdentity } from "../scan/identity";
import { takeLease } from "../scan/lease";
import { scanCluster } from "../scan/scan-cluster";
import { newKey } from "../testing/connect";
import { useScanDatabase } from "../testing/scan-database";
import { clock, db, estate, input, newCluster, points, readerOf, rows, scan } from "../testing/scan-fixture";
import { removeAccount } from "./remove-account";

const admin = mintScope("olga", "Olga", [{ role: "Security Admin", accountId: null }]);
const world = () => ({
  pool: db.pool,
  boss: jobClient(db.url, "sender"),
  ring: newKey().ring,
  clock: () => new Date(clock + 1000),
});
const signal = new AbortController().signal;

useScanDatabase("once");
beforeAll(async () => {
  const boss = jobClient(db.url, "worker");
  await boss.start();
  await createQueues(boss);
  await boss.stop({ graceful: false });
});

/** Every place where one of these ids still stands, in any table but the audit log. */
async function traces(ids: readonly string[]): Promise<string[]> {
  const columns = await rows<{ table: string; column: string }>(
    `SELECT c.table_name AS table, c.column_name AS column FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
     WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.data_type IN ('uuid', 'text') AND c.table_name NOT IN ('AuditEntry', 'OutboxEvent')`,
  );
  const found: string[] = [];
  for (const { table, column } of columns) {
    const hits = await rows(`SELECT 1 FROM "${table}" WHERE "${column}"::text = ANY($1) LIMIT 1`, ids);
    if (hits.length > 0) found.push(`${table}.${column}`);
  }
  return found;
}

test("a removed account leaves nothing behind, whatever ran meanwhile, and the fleet's ledger says why", async () => {
  const keeps = input;
  await scan(estate());
  await newCluster();
  const { cluster } = input;
  await scan(estate());
  await scan(estate().slice(0, -3));
  const findings = (await rows<{ id: string }>(`SELECT "id" FROM "Finding" WHERE "clusterId" = $1`, cluster.id)).map(
    ({ id }) => id,
  );
  expect(findings.length).toBeGreaterThan(0);
  expect((await traces([cluster.id, cluster.accountId, ...findings])).length).toBeGreaterThan(8);

  // A scan that read the cluster before it was removed, and wants to write after.
  const lease = await takeLease(db.pool, cluster.id, "a worker");
  if (lease === null) throw new Error("no lease");
  const late = { ...input, fence: lease.fence, reader: readerOf(estate()), scanId: uuidv7(), now: new Date(clock) };
  await ask(admin, cluster.accountId, "a");
  await expect(scanCluster(late)).rejects.toBeInstanceOf(FencedError);
  const seen = { uid: "uid-of-another", authority: null };
  const run = { id: late.scanId, now: late.now, fence: lease.fence };
  const settled = settleIdentity(db.pool, { ...cluster, uid: null }, seen, run, async () => undefined);
  await expect(settled).rejects.toBeInstanceOf(FencedError);
  expect(await takeLease(db.pool, cluster.id, "another worker")).toBeNull();
  await lease.release();

  const job = { accountId: cluster.accountId };
  expect(await removeAccount(world(), job, { signal })).toEqual({ clusters: 1 });
  expect(await removeAccount(world(), job, { signal })).toMatchObject({ skipped: expect.any(String) });
  expect(await traces([cluster.id, cluster.accountId, ...findings])).toEqual([]);
  expect(await scanCluster(late).catch((error: unknown) => error)).toBeInstanceOf(FencedError);

  const fleet = await points("fleet", null);
  const steps = fleet.at(-1)?.ledger.map(({ step }) => step) ?? [];
  expect(steps.length).toBeGreaterThan(0);
  const own = await points("account", keeps.cluster.accountId);
  expect(fleet.at(-1)?.score).toBeCloseTo(own.at(-1)?.score ?? -1, 9);
  expect(
    await rows(`SELECT 1 FROM "AuditEntry" WHERE action = 'account.removed' AND "accountId" = $1`, job.accountId),
  ).toHaveLength(1);
});

test("a worker that dies in between is followed by one that goes on", async () => {
  await newCluster();
  const { cluster } = input;
  await scan(estate());
  const second = uuidv7();
  await rows(
    `INSERT INTO "Cluster" ("id", "accountId", "distribution", "name", "aliases", "managed") VALUES ($1, $2, 'aks', 'two', '{}', '{}')`,
    second,
    cluster.accountId,
  );
  await ask(admin, cluster.accountId, "a");
  const stop = new AbortController();
  stop.abort();
  await expect(removeAccount(world(), { accountId: cluster.accountId }, { signal: stop.signal })).rejects.toThrow();
  expect(await traces([cluster.accountId])).not.toEqual([]);
  await removeAccount(world(), { accountId: cluster.accountId }, { signal });
  expect(await traces([cluster.id, second, cluster.accountId])).toEqual([]);
});

test("an account that nobody removed is left alone", async () => {
  await newCluster();
  await removeAccount(world(), { accountId: input.cluster.accountId }, { signal });
  expect(await rows(`SELECT 1 FROM "Cluster" WHERE "id" = $1`, input.cluster.id)).toHaveLength(1);
});
