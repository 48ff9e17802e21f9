import { afterAll, beforeAll, expect, test } from "vitest";
import { mintScope } from "@/domain/access/scope";
import { closeDatabase, pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { testDatabase } from "@/lib/testing/database";
import { readTrend } from "./queries";

let database: Awaited<ReturnType<typeof testDatabase>>;
const account = uuidv7();
beforeAll(async () => {
  database = await testDatabase();
  process.env.DATABASE_URL = database.url;
  await pool().query(
    `INSERT INTO "Account" (id, provider, name, "externalId", settings, "updatedAt") VALUES ($1, 'aws', 'a', 'x', '{}', now())`,
    [account],
  );
});
afterAll(async () => {
  await closeDatabase();
  await database.drop();
});

const DAY = 86_400_000;
const ago = (days: number) => new Date(Date.now() - days * DAY);
const everything = mintScope(null, "test", [{ role: "Owner", accountId: null }]);
const trendOf = async (days: number) =>
  (await readTrend(everything, ago(days), "UTC")).points.map(({ at, score }) => [
    Math.round((Date.now() - at.getTime()) / DAY),
    score,
  ]);

test("the score stands from the beginning of the period and holds until the last scan, though nothing moved", async () => {
  expect(await trendOf(30)).toEqual([]);
  for (const [days, score] of [
    [50, 40],
    [20, 60],
    [10, 70],
  ]) {
    await pool().query(
      `INSERT INTO "ScorePoint" (id, scope, at, score, coverage, expected, evaluated, groups, ledger) VALUES ($1, 'fleet', $2, $3, 1, 1, 1, '{}', '[]')`,
      [uuidv7(), ago(days ?? 0), score],
    );
  }
  expect(await trendOf(30)).toEqual([
    [30, 40],
    [20, 60],
    [10, 70],
  ]);
  await pool().query(
    `INSERT INTO "Cluster" (id, "accountId", distribution, name, aliases, managed, "lastScanAt") VALUES ($1, $2, 'eks', 'c', '{}', '{}', $3)`,
    [uuidv7(), account, ago(1)],
  );
  expect(await trendOf(30)).toEqual([
    [30, 40],
    [20, 60],
    [10, 70],
    [1, 70],
  ]);
  expect(await trendOf(5)).toEqual([
    [5, 70],
    [1, 70],
  ]);
});
