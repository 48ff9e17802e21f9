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

test("a day's figure is what all its reasons come to, with the largest of them", async () => {
  await pool().query(`TRUNCATE "ScorePoint"`);
  const put = (hours: number, score: number, ledger: object[]) =>
    pool().query(
      `INSERT INTO "ScorePoint" (id, scope, at, score, coverage, expected, evaluated, groups, ledger) VALUES ($1, 'fleet', $2, $3, 1, 1, 1, '{}', $4)`,
      [uuidv7(), new Date(Date.parse("2026-03-02T00:00:00Z") + hours * 3_600_000), score, JSON.stringify(ledger)],
    );
  await put(1, 50, []);
  await put(30, 51, [
    { step: "fixed", delta: 2, resources: 4 },
    { step: "weights", delta: -1, resources: 0 },
  ]);
  await put(31, 50.4, [
    { step: "broken", delta: -0.7, resources: 3 },
    { step: "coverage", delta: 0.1, resources: 5, lost: 2 },
  ]);
  await put(60, 50.4, [
    { step: "fixed", delta: 3, resources: 9 },
    { step: "broken", delta: -3, resources: 9 },
  ]);
  await put(90, 50.6, [{ step: "coverage", delta: 0.2, resources: 5, lost: 2 }]);
  const { moves } = await readTrend(everything, new Date("2026-03-02T00:00:00Z"), "UTC");
  expect(
    moves.map(({ day, delta, parts }) => [
      day.toISOString().slice(0, 10),
      delta,
      parts.map(({ step, resources, lost }) => [step, resources, lost]),
    ]),
  ).toEqual([
    [
      "2026-03-03",
      expect.closeTo(0.4),
      [
        ["fixed", 4, null],
        ["weights", 0, null],
      ],
    ],
    ["2026-03-05", expect.closeTo(0.2), [["coverage", 5, 2]]],
  ]);
});
