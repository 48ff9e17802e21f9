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

test("a statement that the server had not begun when it was cancelled is ended, too", async () => {
  const { stream } = exported("SELECT n::text, pg_sleep(600) FROM generate_series(1, 1000) n");
  const reader = (await stream()).getReader();
  const read = reader.read();
  await expect.poll(open).toBeGreaterThan(0);
  const query = vi.spyOn(db.pool, "query");
  query.mockImplementationOnce(() => Promise.resolve({ rows: [] })); // it came too early
  await reader.cancel();
  expect((await read).done).toBe(true);
  expect(query.mock.calls.filter(([text]) => String(text).includes("pg_cancel_backend")).length).toBeGreaterThan(1);
  query.mockRestore();
  await expect.poll(open).toBe(0);
});

test("all of it comes, of one moment, with flat batches", async () => {
  const { stream } = exported("SELECT n::text AS n FROM generate_series(1, 2500) n");
  const text = await new Response(await stream()).text();
  expect(text.trimEnd().split("\n")).toHaveLength(2500);
  await expect.poll(open).toBe(0);
});
