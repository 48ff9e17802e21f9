import { afterAll, beforeAll, expect, test } from "vitest";
import { mintScope, narrowScope } from "@/domain/access/scope";
import { closeDatabase, pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { testDatabase } from "@/lib/testing/database";
import { happenings, lastChange } from "../since/queries";
import { readTrend } from "../trend/queries";
import { readScorePoint } from "./detail/queries";
import { exportScores, scoreCounts, scorePage } from "./queries";
import { scoreQuery } from "./schema";

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
  process.env.DATABASE_URL = database.url;
});
afterAll(async () => {
  await closeDatabase();
  await database.drop();
});

test("a point says which scan moved it as long as that scan is kept", async () => {
  const scope = mintScope(null, "test", [{ role: "Owner", accountId: null }]);
  const [account, scan, point] = [uuidv7(), uuidv7(), uuidv7()];
  await pool().query(
    `INSERT INTO "Account" (id, provider, name, "externalId", settings, "updatedAt") VALUES ($1, 'aws', 'a', 'x', '{}', now())`,
    [account],
  );
  await pool().query(
    `INSERT INTO "Scan" (id, "accountId", kind, trigger, status) VALUES ($1, $2, 'account', 'manual', 'complete')`,
    [scan, account],
  );
  await pool().query(
    `INSERT INTO "ScorePoint" (id, scope, at, "scanId", score, expected, evaluated, groups, ledger) VALUES ($1, 'fleet', now(), $2, 50, 1, 1, '{}', '[]')`,
    [point, scan],
  );
  expect(await readScorePoint(scope, point)).toMatchObject({ score: 50, movedBy: { scanId: scan, cluster: null } });
  await pool().query(`DELETE FROM "Scan" WHERE id = $1`, [scan]);
  expect(await readScorePoint(scope, point)).toMatchObject({ score: 50, movedBy: null });
});

const WEIGHTS = [{ step: "weights", delta: -0.9, resources: 0 }];
const groups = (healthy: number) => ({ "network-access": { healthy, unhealthy: 0, out: 0, max: 4 } });
const at = (hour: number) => new Date(Date.UTC(2026, 10, 14, hour));

test("a move of weights names the account that got heavier, its score, and the cluster that joined", async () => {
  const owner = mintScope(null, "test", [{ role: "Owner", accountId: null }]);
  await pool().query(`TRUNCATE "ScorePoint", "Account" CASCADE`);
  const [lab, weak, first, second] = [uuidv7(), uuidv7(), uuidv7(), uuidv7()];
  const reader = mintScope(null, "test", [{ role: "Security Reader", accountId: lab }]);
  await pool().query(
    `INSERT INTO "Account" (id, provider, name, "externalId", settings, "updatedAt") VALUES ($1, 'azure', 'lab', 'y', '{}', now())`,
    [lab],
  );
  await pool().query(
    `INSERT INTO "Cluster" (id, "accountId", distribution, name, aliases, managed) VALUES ($1, $2, 'aks', 'weak', '{}', '{}')`,
    [weak, lab],
  );
  for (const scan of [first, second])
    await pool().query(
      `INSERT INTO "Scan" (id, "accountId", "clusterId", kind, trigger, status) VALUES ($1, $2, $3, 'cluster', 'schedule', 'complete')`,
      [scan, lab, weak],
    );
  const put = (scan: string, hour: number, scope: string, id: string | null, healthy: number, ledger: object[]) =>
    pool().query(
      `INSERT INTO "ScorePoint" (id, scope, "scopeId", at, "scanId", score, expected, evaluated, groups, ledger) VALUES ($1, $2, $3, $4, $5, 55.2, 1, 1, $6, $7)`,
      [uuidv7(), scope, id, at(hour), scan, JSON.stringify(groups(healthy)), JSON.stringify(ledger)],
    );
  await put(first, 0, "account", lab, 10, []);
  await put(first, 1, "cluster", weak, 0, []);
  await put(first, 1, "account", lab, 90, []);
  await put(first, 1, "fleet", null, 90, WEIGHTS);
  await put(second, 5, "account", lab, 40, [{ step: "gone", delta: 0, resources: 50 }]);
  await put(second, 5, "fleet", null, 40, WEIGHTS);
  const { items } = await scorePage(owner, scoreQuery.parse({}));
  expect(items.map(({ movedBy }) => [movedBy?.account.name, movedBy?.cluster?.name, movedBy?.joined])).toEqual([
    ["lab", "weak", false],
    ["lab", "weak", true],
  ]);
  expect(items.map(({ movedBy }) => movedBy?.weight)).toEqual([
    { heavier: false, score: 55.2 },
    { heavier: true, score: 55.2 },
  ]);
  const [move] = (await readTrend(owner, at(0), "UTC")).moves;
  expect(move?.parts).toMatchObject([{ step: "weights", others: 0, mover: { account: { name: "lab" } } }]);

  // What moves nothing that shows is left out, and counted; a first reading is not.
  const quiet = await scoreCounts(owner, scoreQuery.parse({ scope: "account" }));
  expect([quiet.total, quiet.facets.points?.map(({ value, count }) => [value, count])]).toEqual([
    1,
    [
      ["quiet", 2],
      ["moved", 1],
    ],
  ]);
  const every = { points: "moved,quiet" };
  expect((await scorePage(owner, scoreQuery.parse({ ...every, scope: "account" }))).items).toHaveLength(3);
  const file = await exportScores(owner, scoreQuery.parse({}));
  await file.close();
  expect(file.total).toBe(2);

  // Who has no role on everything is shown his accounts, not an empty fleet.
  const own = await scorePage(reader, scoreQuery.parse(every));
  expect([own.items.map(({ scope: of }) => of), own.notes]).toEqual([["account", "account", "account"], []]);
  expect((await scorePage(reader, scoreQuery.parse({ scope: "fleet" }))).notes).toHaveLength(1);

  // On a day on which nothing moved, what moved last is still told.
  expect(await happenings(owner, at(6), 5)).toEqual([expect.objectContaining({ what: "new" })]);
  expect(await lastChange(owner, at(6))).toMatchObject({ what: "weights", delta: -0.9, cluster: { name: "weak" } });
  expect(await lastChange(owner, at(0))).toBeNull();

  // Of one account, points are the account's own, and the cluster is the one whose scan moved them; another account sees none of it.
  const one = narrowScope(owner, [lab]);
  await put(second, 7, "account", lab, 40, [{ step: "fixed", delta: 2.5, resources: 3 }]);
  await put(second, 7, "fleet", null, 40, [{ step: "fixed", delta: 0.4, resources: 3 }]);
  expect((await happenings(one, at(6), 5)).filter(({ what }) => what === "fixed")).toEqual([
    expect.objectContaining({ delta: 2.5, cluster: { id: weak, name: "weak" } }),
  ]);
  expect(await lastChange(one, at(8))).toMatchObject({ what: "fixed", delta: 2.5 });
  expect(await happenings(narrowScope(owner, [uuidv7()]), at(0), 5)).toEqual([]);
});

test("a point that lost sight of something is seen, though its score stood", async () => {
  const owner = mintScope(null, "test", [{ role: "Owner", accountId: null }]);
  await pool().query(`TRUNCATE "ScorePoint", "Account" CASCADE`);
  const put = async (hour: number, before: number | null, coverage: number | null, ledger: object[]) => {
    const id = uuidv7();
    await pool().query(
      `INSERT INTO "ScorePoint" (id, scope, at, score, coverage, "coverageBefore", expected, evaluated, groups, ledger) VALUES ($1, 'fleet', $2, 60, $3, $4, 100, 90, '{}', $5)`,
      [id, at(hour), coverage, before, JSON.stringify(ledger)],
    );
    return id;
  };
  const fixed = { step: "fixed", delta: 0.001, resources: 1 };
  await put(1, 1, 0.9996, [fixed]);
  await put(2, null, null, []);
  const blind = await put(3, 0.9, 0.7, [fixed]);
  const lost = await put(4, 0.7, 0.7, [{ step: "coverage", delta: 0, resources: 2 }]);
  await put(5, 0.7, 0.7, [{ step: "coverage", delta: 0, resources: 0 }]);
  const query = scoreQuery.parse({});
  const page = await scorePage(owner, query);
  expect(page.items.map(({ id, coverageChange }) => [id, coverageChange])).toEqual([
    [lost, 0],
    [blind, expect.closeTo(-0.2)],
  ]);
  expect(page.notes).toEqual([expect.stringMatching(/^3 points are left out: /)]);
  const counts = await scoreCounts(owner, query);
  expect([counts.total, counts.facets.points?.map(({ value, count }) => [value, count])]).toEqual([
    2,
    [
      ["quiet", 3],
      ["moved", 2],
    ],
  ]);
  const file = await exportScores(owner, query);
  await file.close();
  expect(file.total).toBe(2);
  const told = (await happenings(owner, at(3), 5)).map(({ what, resources, coverage }) => [what, resources, coverage]);
  expect(told).toEqual([["coverage", 2, expect.closeTo(-0.2)]]);
  expect(await lastChange(owner, at(4))).toMatchObject({ what: "coverage", pointId: blind });
});

test("the point before which there is none is the first reading, and no change", async () => {
  const owner = mintScope(null, "test", [{ role: "Owner", accountId: null }]);
  await pool().query(`TRUNCATE "ScorePoint", "Account" CASCADE`);
  const put = async (hour: number, before: number | null, coverage: number) => {
    const id = uuidv7();
    await pool().query(
      `INSERT INTO "ScorePoint" (id, scope, at, score, coverage, "coverageBefore", expected, evaluated, groups, ledger) VALUES ($1, 'fleet', $2, 60, $3, $4, 100, 90, '{}', '[]')`,
      [id, at(hour), coverage, before],
    );
    return id;
  };
  const [reading, later] = [await put(1, null, 0.9), await put(2, 0.9, 0.7)];
  const firsts = async () => (await scorePage(owner, scoreQuery.parse({}))).items.map(({ id, first }) => [id, first]);
  expect(await firsts()).toEqual([
    [later, false],
    [reading, true],
  ]);
  expect((await readScorePoint(owner, reading))?.first).toBe(true);
  expect((await happenings(owner, at(0), 5)).map(({ what, coverage }) => [what, coverage])).toEqual([
    ["coverage", expect.closeTo(-0.2)],
  ]);
  expect(await lastChange(owner, at(2))).toBeNull();
  // Where older points are not kept any more, the oldest that is kept is no first reading.
  await pool().query(`DELETE FROM "ScorePoint" WHERE id = $1`, [reading]);
  expect(await firsts()).toEqual([[later, false]]);
});

test("a first reading is always listed, and has no change of coverage", async () => {
  const owner = mintScope(null, "test", [{ role: "Owner", accountId: null }]);
  await pool().query(`TRUNCATE "ScorePoint", "Account" CASCADE`);
  const reading = uuidv7();
  for (const [id, hour, before, ledger] of [
    [reading, 1, null, [{ step: "appeared", delta: 0, resources: 74 }]],
    [uuidv7(), 2, 1, []],
  ] as const)
    await pool().query(
      `INSERT INTO "ScorePoint" (id, scope, at, score, coverage, "coverageBefore", expected, evaluated, groups, ledger, "changeWithoutExemptions", lift)
       VALUES ($1, 'fleet', $2, 0, 1, $3, 100, 100, '{}', $4, 0, '{}')`,
      [id, at(hour), before, JSON.stringify(ledger)],
    );
  for (const exemptions of ["with", "without"]) {
    const query = scoreQuery.parse({ exemptions });
    const page = await scorePage(owner, query);
    expect(page.items.map(({ id, first }) => [id, first])).toEqual([[reading, true]]);
    expect(page.notes).toEqual([expect.stringMatching(/^1 point is left out: /)]);
    const { total, facets } = await scoreCounts(owner, query);
    expect([total, facets.points?.map(({ value, count }) => `${value} ${count}`).sort()]).toEqual([
      1,
      ["moved 1", "quiet 1"],
    ]);
  }
  await pool().query(`UPDATE "ScorePoint" SET score = 60, coverage = 0.5, ledger = $2 WHERE id = $1`, [
    reading,
    JSON.stringify([{ step: "appeared", delta: 60, resources: 74 }]),
  ]);
  expect(await readScorePoint(owner, reading)).toMatchObject({ first: true, change: 60, coverageChange: 0 });
});

test("a first reading hides no change that came before it elsewhere", async () => {
  await pool().query(`TRUNCATE "ScorePoint", "Account" CASCADE`);
  const [known, unseen, empty, third] = [uuidv7(), uuidv7(), uuidv7(), uuidv7()];
  const put = async (account: string, hour: number, before: number | null, coverage: number, ledger: object[]) => {
    const id = uuidv7();
    await pool().query(
      `INSERT INTO "ScorePoint" (id, scope, "scopeId", at, score, coverage, "coverageBefore", expected, evaluated, groups, ledger) VALUES ($1, 'account', $2, $3, 60, $4, $5, 100, 90, '{}', $6)`,
      [id, account, at(hour), coverage, before, JSON.stringify(ledger)],
    );
    return id;
  };
  const reader = narrowScope(mintScope(null, "test", [{ role: "Owner", accountId: null }]), [
    ...[known, unseen, empty, third],
  ]);
  await put(known, 1, null, 0.9, []);
  const fixed = await put(known, 2, 0.9, 0.9, [{ step: "fixed", delta: 5, resources: 3 }]);
  await put(unseen, 3, null, 0, []);
  await put(empty, 4, null, 0.5, [{ step: "appeared", delta: 0, resources: 74 }]);
  expect(await lastChange(reader, at(5))).toMatchObject({ what: "fixed", pointId: fixed });
  const met = await put(third, 5, null, 0.5, [{ step: "appeared", delta: 60, resources: 74 }]);
  expect(await lastChange(reader, at(6))).toMatchObject({ what: "appeared", pointId: met });
});

test("points that moved are the same with and without exemptions as long as there were none", async () => {
  const owner = mintScope(null, "test", [{ role: "Owner", accountId: null }]);
  await pool().query(`TRUNCATE "ScorePoint", "Account" CASCADE`);
  type Parts = Record<string, number>;
  const put = async (parts: Parts, change: number | null, coverage = 1): Promise<string> => {
    const id = uuidv7();
    const ledger = Object.entries(parts).map(([step, delta]) => ({ step, delta, resources: 1 }));
    await pool().query(
      `INSERT INTO "ScorePoint" (id, scope, at, score, coverage, "coverageBefore", expected, evaluated, groups, ledger, "changeWithoutExemptions", lift)
       VALUES ($1, 'fleet', now(), 50, $2, 1, 1, 1, '{}', $3, $4, '{}')`,
      [id, coverage, JSON.stringify(ledger), change],
    );
    return id;
  };
  const moved = async (exemptions: string): Promise<string[]> => {
    const query = scoreQuery.parse({ exemptions });
    const { items } = await scorePage(owner, query);
    const { total, facets } = await scoreCounts(owner, { ...query, facets: ["points"] });
    expect([total, facets.points?.find(({ value }) => value === "moved")?.count]).toEqual([items.length, items.length]);
    return items.map(({ id }) => id).sort();
  };
  await put({}, 0);
  await put({ fixed: 0.002 }, 0.002);
  const [cancels, adds, unseen, early] = [
    await put({ fixed: 0.4, broken: -0.4 }, 0),
    await put({ fixed: 0.003, appeared: 0.003 }, 0.006),
    await put({}, 0, 0.9),
    await put({ fixed: 0.003, appeared: 0.003 }, null),
  ];
  expect(await moved("with")).toEqual([cancels, adds, unseen, early].sort());
  expect(await moved("without")).toEqual([cancels, adds, unseen, early].sort());

  const approved = await put({ exemptions: 1.2, weights: 0.1 }, 0);
  const exempted = await put({}, -0.3);
  const both = await put({ exemptions: 1.2, fixed: 0.4, broken: -0.4 }, 0);
  expect(await moved("with")).toEqual([cancels, adds, unseen, early, approved, both].sort());
  expect(await moved("without")).toEqual([cancels, adds, unseen, early, exempted, both].sort());
});
