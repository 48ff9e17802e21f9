import { beforeAll, expect, it } from "vitest";
import { mintScope } from "@/domain/access/scope";
import { makePlace, type Place } from "@/domain/access/testing/personas";
import { pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { useTestDatabase } from "@/lib/testing/use-database";
import { clusterPage } from "./queries";
import { clusterQuery } from "./schema";

let place: Place;
useTestDatabase();
beforeAll(async () => {
  place = await makePlace("mine");
});

const point = (daysAgo: number, score: number | null, scope = "cluster", id = place.cluster) =>
  pool().query(
    `INSERT INTO "ScorePoint" (id, scope, "scopeId", at, score, coverage, expected, evaluated, groups, ledger)
     VALUES ($1, $2, $3, now() - make_interval(hours => $4), $5, 1, 1, 1, '{}', '[]')`,
    [uuidv7(), scope, id, Math.round(daysAgo * 24), score],
  );
const trend = async () => {
  const scope = mintScope("x", "x", [{ role: "Owner", accountId: null }]);
  return (await clusterPage(scope, clusterQuery.parse({}))).items[0]?.trend;
};

it("holds the score of every third day, oldest first: the last one known then, and none before the first", async () => {
  expect(await trend()).toEqual(Array(11).fill(null));
  await point(40, 10);
  await point(13, 20.04);
  await point(12.5, 30);
  await point(1, 50.26);
  await point(5, 99, "account", place.account); // another's
  //                         30  27  24  21  18  15  12   9   6   3   0 days ago
  expect(await trend()).toEqual([10, 10, 10, 10, 10, 10, 30, 30, 30, 30, 50.26]);
  await point(0.5, null); // nothing could be scored any more
  expect((await trend())?.at(-1)).toBeNull();
});
