import type { PgBoss } from "pg-boss";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { inTransaction } from "./db";
import { uuidv7 } from "./id";
import { createQueues, dropLetters, enqueue, handle, handlersEnded, jobClient } from "./jobs";
import { testDatabase } from "./testing/database";

let database: Awaited<ReturnType<typeof testDatabase>>;
let workers: PgBoss[];

beforeAll(async () => {
  database = await testDatabase();
  workers = [jobClient(database.url, "worker"), jobClient(database.url, "worker")];
  for (const boss of workers) {
    boss.on("error", () => {});
    await boss.start();
  }
  const [first] = workers;
  if (first !== undefined) await createQueues(first);
});
afterAll(async () => {
  for (const boss of workers) await boss.stop({ graceful: false });
  await database.drop();
});

const first = (): PgBoss => {
  const [boss] = workers;
  if (boss === undefined) throw new Error("no worker");
  return boss;
};

test("a job exists only when its transaction commits", async () => {
  const clusterId = uuidv7();
  await inTransaction(database.pool, async (tx) => {
    await enqueue(first(), tx, "scan-cluster", { clusterId, trigger: "manual" });
    throw new Error("rolled back");
  }).catch((error: Error) => expect(error.message).toBe("rolled back"));
  expect(await first().findJobs("scan-cluster")).toHaveLength(0);
});

test("a second request joins the first, and two workers share the work without doing any twice", async () => {
  const ids = Array.from({ length: 12 }, () => uuidv7());
  for (const clusterId of ids) {
    const sent = await enqueue(first(), database.pool, "scan-cluster", { clusterId, trigger: "manual" });
    expect(sent).not.toBeNull();
  }
  expect(
    await enqueue(first(), database.pool, "scan-cluster", { clusterId: ids[0] ?? "", trigger: "schedule" }),
  ).toBeNull();

  const done: { worker: number; clusterId: string }[] = [];
  await Promise.all(
    workers.map((boss, worker) =>
      handle(boss, "scan-cluster", 1, async ({ clusterId }) => {
        done.push({ worker, clusterId });
        await new Promise((resolve) => setTimeout(resolve, 300));
        return undefined;
      }),
    ),
  );
  for (let i = 0; done.length < ids.length && i < 200; i++) await new Promise((resolve) => setTimeout(resolve, 100));
  expect(done.map((one) => one.clusterId).sort()).toEqual([...ids].sort());
  expect(new Set(done.map((one) => one.worker)).size).toBe(2);
});

test("a payload that is none is refused before it is queued", async () => {
  await expect(
    enqueue(first(), database.pool, "scan-cluster", { clusterId: "x", trigger: "manual" }),
  ).rejects.toThrow();
});

test("what gave up says why, until what it was about was looked at", async () => {
  const accountId = uuidv7();
  await database.pool.query(`UPDATE jobs.queue SET retry_limit = 0 WHERE name = 'discover-account'`);
  await handle(first(), "discover-account", 1, async () => {
    throw new Error("the tables are locked");
  });
  await enqueue(first(), database.pool, "discover-account", { accountId, trigger: "manual" });
  const letters = async () =>
    (
      await database.pool.query<{ reason: string }>(
        `SELECT source_output->>'message' AS reason FROM jobs.job WHERE name = 'dead-letter' AND data->>'accountId' = $1`,
        [accountId],
      )
    ).rows;
  await vi.waitFor(async () => expect(await letters()).toEqual([{ reason: "the tables are locked" }]), 20_000);
  await dropLetters(database.pool, { accountId: uuidv7() });
  await dropLetters(database.pool, { clusterIds: [accountId] });
  expect(await letters()).toHaveLength(1);
  await dropLetters(database.pool, { accountId });
  expect(await letters()).toEqual([]);
});

test("a handler that the queue gave up is waited for, and not for ever", async () => {
  const boss = jobClient(database.url, "worker");
  boss.on("error", () => {});
  await boss.start();
  const seen: string[] = [];
  await handle(boss, "forget", 1, async (_data, { signal }) => {
    seen.push("begun");
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    await new Promise((resolve) => setTimeout(resolve, 200)); // gives back what it holds
    seen.push("given back");
    return undefined;
  });
  await enqueue(boss, database.pool, "forget", {});
  await vi.waitFor(() => expect(seen).toEqual(["begun"]), 20_000);
  await boss.stop({ graceful: true, timeout: 1_000 });
  await handlersEnded(10);
  expect(seen).toEqual(["begun"]);
  await handlersEnded(5_000);
  expect(seen).toEqual(["begun", "given back"]);
});
