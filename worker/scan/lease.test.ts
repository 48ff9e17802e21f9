import type pg from "pg";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { takeLease } from "./lease";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A pool whose renewals do what `renewal` says. */
function poolOf(renewal: () => Promise<{ rowCount: number }>): pg.Pool {
  const query = (sql: string) =>
    sql.includes('"fence" + 1') ? Promise.resolve({ rows: [{ fence: "8" }] }) : renewal();
  return { query } as unknown as pg.Pool;
}
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

test("a renewal that fails loses nothing while the lease holds; the next one keeps it", async () => {
  let failing = true;
  const lease = await takeLease(
    poolOf(() => (failing ? Promise.reject(new Error("the database restarts")) : Promise.resolve({ rowCount: 1 }))),
    "one",
    "me",
  );
  await pass(35_000);
  expect(lease?.lost.aborted).toBe(false);
  failing = false;
  await pass(120_000);
  expect(lease?.lost.aborted).toBe(false);
});

test("a lease that could not be renewed until it ran out is lost, with what was in the way", async () => {
  const lease = await takeLease(
    poolOf(() => Promise.reject(new Error("the database is away"))),
    "one",
    "me",
  );
  await pass(60_000);
  expect(lease?.lost.reason).toMatchObject({ message: expect.stringContaining("ran out"), cause: expect.any(Error) });
});

test("a renewal that never answers does not keep it", async () => {
  const lease = await takeLease(
    poolOf(() => new Promise(() => undefined)),
    "one",
    "me",
  );
  await pass(60_000);
  expect(lease?.lost.aborted).toBe(true);
});

test("one that another took over is lost at once", async () => {
  const lease = await takeLease(
    poolOf(() => Promise.resolve({ rowCount: 0 })),
    "one",
    "me",
  );
  await pass(10_000);
  expect(lease?.lost.reason).toMatchObject({ message: expect.stringContaining("taken over") });
});
