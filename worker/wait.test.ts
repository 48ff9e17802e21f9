import { afterAll, beforeAll, expect, test } from "vitest";
import { Estate } from "@/connectors/testing/estate";
import { createQueues, jobClient } from "@/lib/jobs";
import { testDatabase } from "@/lib/testing/database";
import { discoverAccount } from "./handlers/discover-account";
import { scanOneCluster } from "./handlers/scan-cluster";
import { tick } from "./handlers/tick";
import { FencedError } from "./scan/commit";
import { connect, newKey } from "./testing/connect";
import type { World } from "./world";

process.env.SEAWALL_ALLOW_PRIVATE_NETWORKS = "true"; // read at the first look

let estate: Estate;
let db: Awaited<ReturnType<typeof testDatabase>>;
let world: World;
let accountId: string;
let clock = Date.now();
const signal = new AbortController().signal;

beforeAll(async () => {
  [estate, db] = await Promise.all([Estate.start(), testDatabase()]);
  const boss = jobClient(db.url, "worker");
  await boss.start();
  await createQueues(boss);
  const { ring } = newKey();
  world = { pool: db.pool, boss, ring, clock: () => new Date(clock) };
  const account = (await estate.accounts()).find(({ name }) => name === "harbour-data");
  if (account === undefined) throw new Error("no account");
  // A server's wish is never waited for here: every Retry-After ends its call.
  accountId = await connect(db.pool, ring, {
    ...account,
    settings: { ...account.settings, maxRetryWaitMs: 0, kubernetesMaxRetryWaitMs: 0 },
  });
});
afterAll(async () => {
  await world?.boss.stop({ graceful: false });
  await estate?.stop();
  await db?.drop();
});

const look = () => discoverAccount(world, { accountId, trigger: "schedule" }, { signal });
const queued = async () => {
  const { rows } = await db.pool.query<{ key: string }>(
    `DELETE FROM jobs.job WHERE name = 'scan-cluster' RETURNING singleton_key AS key`,
  );
  return rows.map(({ key }) => key).sort();
};
const one = async <T extends object>(sql: string, id: string): Promise<T | undefined> =>
  (await db.pool.query<T>(sql, [id])).rows[0];
const account = () =>
  one<{ waitUntil: Date | null; nextScanAt: Date }>(
    `SELECT "waitUntil", "nextScanAt" FROM "Account" WHERE id = $1`,
    accountId,
  );

test.each(["429-seconds", "429-date"])("a cloud that answers %s is not asked before it said", async (kind) => {
  await db.pool.query(`UPDATE "Account" SET "nextScanAt" = $2 WHERE id = $1`, [accountId, new Date(clock)]);
  const before = Date.now();
  await estate.withFault({ service: "eks", action: "eks:ListClusters", kind }, look);
  const after = await account();
  expect(after?.waitUntil).toBeInstanceOf(Date);
  expect(after?.nextScanAt.getTime()).toBeGreaterThanOrEqual(after?.waitUntil?.getTime() ?? 0);
  expect(after?.waitUntil?.getTime()).toBeLessThan(clock + (Date.now() - before) + 10_000);
  await look();
  expect((await account())?.waitUntil).toBeNull();
});

test("a look drops what gave up of the account and of clusters that are gone; one at a paused account does not", async () => {
  await look();
  const [clusterId = ""] = await queued();
  const { rows } = await db.pool.query<{ id: string }>(
    `INSERT INTO "Cluster" (id, "accountId", distribution, name, aliases, managed, "goneAt") VALUES (gen_random_uuid(), $1, 'eks', 'gone', '{}', '{}', now()) RETURNING id`,
    [accountId],
  );
  for (const about of [{ accountId }, { clusterId }, { clusterId: rows[0]?.id }])
    await db.pool.query(`INSERT INTO jobs.job (id, name, data) VALUES (gen_random_uuid(), 'dead-letter', $1)`, [about]);
  const letters = async () =>
    (await db.pool.query<{ data: object }>(`SELECT data FROM jobs.job WHERE name = 'dead-letter'`)).rows;
  const enable = (enabled: boolean) =>
    db.pool.query(`UPDATE "Account" SET enabled = $2 WHERE id = $1`, [accountId, enabled]);
  await enable(false);
  await look();
  expect(await letters()).toHaveLength(3);
  await enable(true);
  await look();
  expect(await letters()).toEqual([{ data: { clusterId } }]);
  await queued();
});

test("a scan that was fenced off is tried again when nobody else scans the cluster", async () => {
  await look();
  const [clusterId = ""] = await queued();
  const scan = () => scanOneCluster(world, { clusterId, trigger: "schedule" }, { signal });
  const takeAtStart = (until: string) =>
    db.pool.query(`CREATE OR REPLACE FUNCTION take() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      UPDATE "Cluster" SET fence = fence + 1, "leaseUntil" = ${until} WHERE id = NEW."clusterId"; RETURN NULL; END $$;
      CREATE OR REPLACE TRIGGER take AFTER INSERT ON "Scan" FOR EACH ROW EXECUTE FUNCTION take()`);
  await takeAtStart("now() + interval '1 minute'");
  expect(await scan()).toEqual({ fenced: expect.any(String) });
  await db.pool.query(`UPDATE "Cluster" SET "leaseUntil" = NULL`);
  await takeAtStart("NULL");
  await expect(scan()).rejects.toBeInstanceOf(FencedError); // the job fails, and its queue tries it again
  await db.pool.query("DROP FUNCTION take CASCADE");
  expect(await scan()).toMatchObject({ status: "complete" });
});

test("a cluster that asks to wait is left out of the schedule until then, and scanned right after", async () => {
  await look();
  const clusters = await queued();
  const [clusterId = ""] = clusters;
  const scan = () => scanOneCluster(world, { clusterId, trigger: "schedule" }, { signal });
  const waits = async () =>
    (await one<{ at: Date | null }>(`SELECT "waitUntil" AS at FROM "Cluster" WHERE id = $1`, clusterId))?.at;
  await estate.withFault({ service: "kubernetes", action: "*", kind: "429-seconds" }, scan);
  const until = await waits();
  expect(until?.getTime()).toBeGreaterThan(clock);

  await look();
  expect(await queued()).toEqual(clusters.filter((id) => id !== clusterId));
  await discoverAccount(world, { accountId, trigger: "manual" }, { signal }); // a person wants it now
  expect(await queued()).toEqual(clusters);

  clock = (until?.getTime() ?? 0) + 1;
  await db.pool.query(`UPDATE "Account" SET "nextScanAt" = now() + interval '1 day'`);
  await tick(world);
  expect(await queued()).toEqual([clusterId]);
  await scan();
  expect(await waits()).toBeNull();
});
