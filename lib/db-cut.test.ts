import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeDatabase, inTransaction, pool, prisma } from "./db";
import { setEnv } from "./env";
import { openSnapshot } from "./http/snapshot";
import { testDatabase } from "./testing/database";

const PATIENCE_MS = 1_000;
/** Longer than the patience by far: what is not cut in the server is still seen running. */
const SLOW = "SELECT 1 AS one FROM pg_sleep(6)";
/** A little longer than the patience. */
const LONG = "SELECT 1 AS one FROM pg_sleep(1.5)";
let database: { url: string; pool: pg.Pool; drop: () => Promise<void> };

beforeAll(async () => {
  database = await testDatabase();
  setEnv({ DATABASE_URL: database.url });
  process.env.SEAWALL_DATABASE_PATIENCE_MS = String(PATIENCE_MS);
  await database.pool.query("CREATE TABLE kept (i int)");
});
afterAll(async () => {
  await closeDatabase();
  delete process.env.SEAWALL_DATABASE_PATIENCE_MS;
  await database.drop();
});

async function running(): Promise<number> {
  const { rows } = await database.pool.query<{ n: number }>(
    "SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()",
  );
  return rows[0]?.n ?? -1;
}

const reasonOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (reason: unknown) => reason,
  );

test("statements that are cut have ended in the server too, those of Prisma as well", async () => {
  const reasons = await Promise.all([
    ...Array.from({ length: 12 }, () => reasonOf(pool().query(SLOW))),
    reasonOf(prisma().$queryRawUnsafe(SLOW)),
  ]);
  expect(await running()).toBe(0);
  for (const reason of reasons) expect(String(reason)).toMatch(/canceling statement|timeout exceeded when trying/);
});

test("a change by itself that is told as cut was not kept", async () => {
  await expect(pool().query("INSERT INTO kept SELECT 1 FROM pg_sleep(1.5)")).rejects.toMatchObject({ code: "57014" });
  await new Promise((resolve) => setTimeout(resolve, 1_000)); // by then it would have been made
  expect((await database.pool.query("SELECT FROM kept")).rowCount).toBe(0);
});

test("a connection that was let go on for long is held to the patience again afterwards", async () => {
  await inTransaction(pool(), (tx) => tx.query(LONG));
  const stream = await openSnapshot(pool(), LONG, "SELECT 1 AS total, now() AS at", []);
  for await (const batch of stream.batches) expect(batch).toHaveLength(1);
  const settings = await Promise.all(
    Array.from({ length: 5 }, () => pool().query<{ statement_timeout: string }>("SHOW statement_timeout")),
  );
  expect(settings.map(({ rows }) => rows[0]?.statement_timeout)).not.toContain("0");
  expect(await running()).toBe(0);
});
