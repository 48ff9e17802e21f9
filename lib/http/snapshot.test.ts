import pg from "pg";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { testDatabase } from "@/lib/testing/database";
import { openSnapshot } from "./snapshot";
import { textStream } from "./stream";

let db: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const COUNT = "SELECT 1::int AS total, now() AS at";
/** Statements and transactions of this database that somebody else still holds open. */
const open = async (): Promise<number> => {
  const { rows } = await db.pool.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'`,
  );
  return rows[0]?.n ?? -1;
};

function exported(text: string) {
  let ends = 0;
  const stream = async () => {
    const snapshot = await openSnapshot<{ n: string }>(db.pool, text, COUNT, []);
    async function* pieces() {
      for await (const batch of snapshot.batches) yield `${batch.map(({ n }) => n).join("\n")}\n`;
    }
    return textStream(pieces(), () => {
      ends++;
      void snapshot.close();
    });
  };
  return { stream, ends: () => ends };
}

test("a client that leaves between two pieces ends the query", async () => {
  const { stream, ends } = exported("SELECT repeat('x', 1000) || n AS n FROM generate_series(1, 1000000) n");
  const reader = (await stream()).getReader();
  expect((await reader.read()).done).toBe(false);
  await expect.poll(open).toBeGreaterThan(0);
  await reader.cancel();
  await expect.poll(open).toBe(0);
  expect(ends()).toBe(1);
});

test("a client that leaves while the database looks for its rows ends the query, too", async () => {
  const { stream, ends } = exported("SELECT n::text, pg_sleep(600) FROM generate_series(1, 1000) n");
  const reader = (await stream()).getReader();
  const read = reader.read();
  await expect.poll(open).toBeGreaterThan(0);
  await reader.cancel();
  expect((await read).done).toBe(true);
  await expect.poll(open).toBe(0);
  expect(ends()).toBe(1);
  // The connection went back whole.
  expect((await db.pool.query<{ one: number }>("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
  expect(db.pool.totalCount).toBe(db.pool.idleCount);
});

/** Lets the first so many orders to cancel go astray. Gives how many were sent. */
function astray(first: number): () => number {
  let sent = 0;
  const query = pg.Client.prototype.query;
  vi.spyOn(pg.Client.prototype, "query").mockImplementation(function (this: pg.Client, ...args: unknown[]): unknown {
    if (String(args[0]).includes("pg_cancel_backend")) {
      sent += 1;
      if (sent <= first) return Promise.resolve({ rows: [] });
    }
    return Reflect.apply(query, this, args);
  });
  return () => sent;
}
const SLOW = "SELECT n::text, pg_sleep(600) FROM generate_series(1, 1000) n";

test("a statement that the server had not begun when it was cancelled is ended, too", async () => {
  const reader = (await exported(SLOW).stream()).getReader();
  const read = reader.read();
  await expect.poll(open).toBeGreaterThan(0);
  const sent = astray(1); // it came too early
  await reader.cancel();
  expect((await read).done).toBe(true);
  expect(sent()).toBeGreaterThan(1);
  vi.restoreAllMocks();
  await expect.poll(open).toBe(0);
});

test("a connection whose statement does not end is not used again", async () => {
  const snapshot = await openSnapshot(db.pool, SLOW, COUNT, []);
  const read = snapshot.batches.next();
  read.catch(() => undefined);
  await expect.poll(open).toBeGreaterThan(0);
  astray(Number.POSITIVE_INFINITY);
  await snapshot.close();
  vi.restoreAllMocks();
  // Behind that statement it would wait.
  expect((await db.pool.query<{ one: number }>("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
  await db.pool.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'FETCH%' AND datname = current_database()",
  );
  await expect(read).rejects.toThrow();
  await expect.poll(open).toBe(0);
});

test("those who leave all at once end their queries, though they hold every connection", async () => {
  const full = new pg.Pool({ ...db.pool.options, max: 2, connectionTimeoutMillis: 1000 });
  const snapshots = [await openSnapshot(full, SLOW, COUNT, []), await openSnapshot(full, SLOW, COUNT, [])];
  const reads = snapshots.map(({ batches }) => batches.next().catch(() => "ended"));
  await expect.poll(open).toBe(2);
  await Promise.all(snapshots.map((one) => one.close()));
  expect(await Promise.all(reads)).toEqual(["ended", "ended"]);
  await expect.poll(open).toBe(0);
  expect([full.totalCount, full.idleCount]).toEqual([2, 2]);
  await full.end();
});

test("all of it comes, of one moment, with flat batches", async () => {
  const { stream } = exported("SELECT n::text AS n FROM generate_series(1, 2500) n");
  const text = await new Response(await stream()).text();
  expect(text.trimEnd().split("\n")).toHaveLength(2500);
  await expect.poll(open).toBe(0);
});
