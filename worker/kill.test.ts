import { afterAll, beforeAll, expect, it } from "vitest";
import { Estate } from "@/connectors/testing/estate";
import { inTransaction } from "@/lib/db";
import { enqueue, jobClient } from "@/lib/jobs";
import { testDatabase } from "@/lib/testing/database";
import { connect, newKey } from "./testing/connect";
import { heartbeatIsMissed, until, Workers } from "./testing/worker-process";

const { key, ring } = newKey();
const ONE = { SEAWALL_WORKER_CONCURRENCY: "1" };
let workers: Workers;
let estate: Estate;
let db: Awaited<ReturnType<typeof testDatabase>>;

const rows = async <T extends object>(sql: string): Promise<T[]> => (await db.pool.query<T>(sql)).rows;

interface Held {
  id: string;
  pid: number;
}
const held = () =>
  rows<Held>(
    `SELECT c."id", split_part("leaseOwner", '-', 1)::int AS pid FROM "Cluster" c JOIN "Scan" s ON s."clusterId" = c."id" AND s."status" = 'running'
     WHERE "leaseOwner" IS NOT NULL`,
  );

beforeAll(async () => {
  [estate, db] = await Promise.all([Estate.start(), testDatabase()]);
  workers = await Workers.on(db.url, key);
}, 90_000);
afterAll(async () => {
  await workers?.stop();
  await estate?.stop();
  await db?.drop();
});

it("a worker killed in the middle of a scan loses nothing, and two workers share the clusters", {
  timeout: 240_000,
}, async () => {
  const [first, second] = await Promise.all([workers.start(ONE), workers.start(ONE)]);
  const offered = (await estate.accounts()).filter(({ provider }) => provider !== "azure");
  const accounts = await Promise.all(offered.map((account) => connect(db.pool, ring, account)));
  const expected = (await estate.clusters()).filter(({ distribution }) => ["eks", "gke"].includes(distribution));

  // Pods that never come keep both workers in the middle of a scan; the one that is killed never hears more of it.
  const boss = jobClient(db.url, "sender");
  await boss.start();
  const hang = { service: "kubernetes", action: "list pods", kind: "hang" };
  const scans = await estate.withFault(hang, async () => {
    await inTransaction(db.pool, async (tx) => {
      for (const accountId of accounts) await enqueue(boss, tx, "discover-account", { accountId, trigger: "connect" });
    });
    const both = await until(30, held, (seen) => new Set(seen.map(({ pid }) => pid)).size === 2);
    await workers.kill(first);
    return both;
  });
  await boss.stop({ graceful: false });
  expect(scans.map(({ pid }) => pid).sort()).toEqual([first.pid, second.pid].sort());
  const orphan = scans.find(({ pid }) => pid === first.pid);

  // The minute after which a dead worker's lease and job are another's.
  await db.pool.query(`UPDATE "Cluster" SET "leaseUntil" = now() WHERE "id" = $1`, [orphan?.id]);
  await heartbeatIsMissed(db, "scan-cluster", `data->>'clusterId' = '${orphan?.id}'`);
  await workers.start(ONE);
  const state = () =>
    rows<{ id: string; lastScanStatus: string | null }>(`SELECT "id", "lastScanStatus" FROM "Cluster" ORDER BY "id"`);
  const done = await until(
    150,
    state,
    (seen) => seen.length === expected.length && seen.every(({ lastScanStatus }) => lastScanStatus !== null),
  );
  expect(done.find(({ id }) => id === orphan?.id)?.lastScanStatus).not.toBe("failed");

  const waiting = () => rows(`SELECT "name" FROM jobs.job WHERE "name" = 'scan-cluster' AND "state" < 'completed'`);
  await until(60, waiting, (seen) => seen.length === 0);
  expect(await rows(`SELECT "name" FROM jobs.job WHERE "name" = 'dead-letter'`)).toEqual([]);
  expect(await held()).toEqual([]);
  expect(await rows(`SELECT "name" FROM "Cluster" WHERE "leaseOwner" IS NOT NULL OR "leaseUntil" > now()`)).toEqual([]);
  expect(await rows(`SELECT "id" FROM "Scan" WHERE "status" = 'running'`)).toEqual([]);
  const again = `SELECT 1 FROM "Finding" GROUP BY "clusterId", "controlId", "apiGroup", "kind", "namespace", "name" HAVING count(*) > 1`;
  expect(await rows(again)).toEqual([]);
  const opened = `SELECT 1 FROM "FindingTransition" WHERE "change" = 'opened' GROUP BY "findingId" HAVING count(*) > 1`;
  expect(await rows(opened)).toEqual([]);
  // Every cluster was read: each has findings of its own.
  const [counts] = await rows<{ findings: number; clusters: number }>(
    `SELECT count(*)::int AS findings, count(DISTINCT "clusterId")::int AS clusters FROM "Finding"`,
  );
  expect(counts?.clusters).toBe(expected.length);
});
