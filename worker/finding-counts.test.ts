import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { applyExemptionChange } from "@/domain/posture/exemption/reconcile/store";
import type { ExemptionTarget } from "@/domain/posture/exemption/schema";
import { reopenFindingsOfReturnedClusters, resolveFindingsOfGoneClusters } from "@/domain/posture/gone/store";
import { rescoreAccount } from "@/domain/posture/point/store";
import { inTransaction } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { jobClient } from "@/lib/jobs";
import { wrongCounts, wrongLifts, wrongStates, wrongSums } from "@/lib/testing/finding-counts";
import { forget } from "./handlers/forget";
import { removeAccount } from "./handlers/remove-account";
import { mergeClusters, replaceCluster } from "./scan/rename";
import { newKey } from "./testing/connect";
import {
  clock,
  db,
  deployment,
  type Faults,
  input,
  namespace,
  newCluster,
  policy,
  readerOf,
  reset,
  rows,
  scan,
  startDatabase,
  stopDatabase,
  use,
} from "./testing/scan-fixture";

const DAY = 86_400_000;
const signal = new AbortController().signal;

beforeAll(startDatabase, 300_000);
afterAll(stopDatabase);

/** Four clusters; the first three are of one account. */
async function begin(): Promise<(typeof input)[]> {
  await reset();
  await rows(`TRUNCATE "Exemption", "AccountFindingByControl", "AccountFindingByNamespace", "AccountControlRollup"`);
  await rows(`TRUNCATE "FindingBySeverity", "FindingByControl", "FindingByNamespace"`);
  const first = input;
  const all = [first];
  for (let more = 0; more < 2; more++) {
    const cluster = { ...first.cluster, id: uuidv7(), name: `more-${more}` };
    await rows(
      `INSERT INTO "Cluster" ("id", "accountId", "distribution", "name", "aliases", "managed", "fence") SELECT $2, "accountId", "distribution", $3, '{}', "managed", "fence" FROM "Cluster" WHERE "id" = $1`,
      ...[first.cluster.id, cluster.id, cluster.name],
    );
    all.push({ ...first, cluster });
  }
  await newCluster();
  return [...all, input];
}

const estate = fc
  .record({
    broken: fc.subarray(["web", "batch", "cache", "mail"]),
    there: fc.subarray(["web", "batch", "cache", "mail"]),
    guarded: fc.boolean(),
    owner: fc.constantFrom(undefined, "team-a", "team-b"),
  })
  .map(({ broken, there, guarded, owner }) => {
    const space = namespace();
    return [
      { ...space, metadata: { ...space.metadata, name: "shop", ...(owner && { labels: { owner } }) } },
      ...(guarded ? [policy()] : []),
      ...there.flatMap((name) => deployment(name, broken.includes(name))),
    ];
  });
const at = fc.nat({ max: 3 });
const fault = fc.constantFrom<Faults>(
  {},
  {},
  { unreachable: true },
  { denied: ["Deployment", "ReplicaSet", "Pod"] },
  { cut: ["Deployment"] },
);

/** Each cluster says its own UID: a scan does not wait for another of the same. */
function scanOne(chosen: typeof input, objects: Parameters<typeof readerOf>[0], faults: Faults = {}): Promise<unknown> {
  use(chosen);
  return scan(objects, { reader: readerOf(objects, { ...faults, uid: `uid-of-${chosen.cluster.id}` }) });
}

/** Everything that writes findings. A step on a cluster or an account that is gone does nothing. */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ does: fc.constant("scan" as const), at, estate, fault }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant("scan all at once, and forget" as const), at, estate }) },
  { arbitrary: fc.record({ does: fc.constant("go" as const), at }), weight: 1 },
  { arbitrary: fc.record({ does: fc.constant("come back" as const), at }), weight: 2 },
  { arbitrary: fc.record({ does: fc.constant("merge" as const), at, into: at }), weight: 2 },
  { arbitrary: fc.record({ does: fc.constant("replace" as const), at }), weight: 1 },
  {
    arbitrary: fc.record({
      does: fc.constant("exempt" as const),
      at,
      type: fc.constantFrom("mitigated", "waiver"),
      everywhere: fc.boolean(),
    }),
    weight: 3,
  },
  { arbitrary: fc.record({ does: fc.constant("end an exemption" as const), at: fc.nat({ max: 9 }) }), weight: 2 },
  { arbitrary: fc.record({ does: fc.constant("forget" as const), days: fc.constantFrom(1, 500) }), weight: 2 },
  { arbitrary: fc.record({ does: fc.constant("remove the account" as const), at }), weight: 1 },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const forgetAfter = (days: number) => forget({ pool: db.pool, clock: () => new Date(clock + days * DAY) }, { signal });
const isThere = async ({ cluster }: typeof input): Promise<boolean> =>
  (await rows(`SELECT 1 FROM "Cluster" WHERE "id" = $1 AND "goneAt" IS NULL`, cluster.id)).length > 0;

const inside = <T>(work: Parameters<typeof inTransaction<T>>[1]) => inTransaction(db.pool, work);

/** Ends one of the exemptions in force, as its withdrawal and its last day do. */
async function endExemption(at: number, now: Date): Promise<void> {
  const active = await rows<{ id: string; targets: ExemptionTarget[] }>(
    `SELECT "id", "targets" FROM "Exemption" WHERE "state" = 'active' ORDER BY "id"`,
  );
  const one = active[at % Math.max(1, active.length)];
  if (one === undefined) return;
  await inside(async (tx) => {
    await tx.query(`UPDATE "Exemption" SET "state" = 'expired' WHERE "id" = $1`, [one.id]);
    await applyExemptionChange(tx, one, now);
  });
}

/** `waiting`: clusters that something came to otherwise than by a scan; it is kept up to date. */
async function take(clusters: (typeof input)[], waiting: Set<string>, one: Step): Promise<void> {
  const [now, scanId] = [new Date(clock + 1000), uuidv7()];
  if (one.does === "forget") return void (await forgetAfter(one.days));
  if (one.does === "end an exemption") return await endExemption(one.at, now);
  const chosen = clusters[one.at];
  if (chosen === undefined) return;
  const { id, accountId } = chosen.cluster;
  if (one.does === "come back") {
    const gone = await rows<{ id: string; goneAt: Date }>(
      `UPDATE "Cluster" n SET "goneAt" = NULL FROM "Cluster" o WHERE n."id" = $1 AND o."id" = n."id" AND n."aliasOf" IS NULL AND o."goneAt" IS NOT NULL RETURNING n."id", o."goneAt"`,
      id,
    );
    for (const back of gone) waiting.add(back.id);
    return inside((tx) => reopenFindingsOfReturnedClusters(tx, gone, scanId, now));
  }
  if (!(await isThere(chosen))) return;
  switch (one.does) {
    case "scan":
      await scanOne(chosen, one.estate, one.fault);
      waiting.delete(id);
      return;
    case "scan all at once, and forget": {
      const running: Promise<unknown>[] = [forgetAfter(1)];
      for (const each of clusters) {
        if (await isThere(each)) running.push(scanOne(each, one.estate));
      }
      await Promise.all(running);
      return waiting.clear();
    }
    case "go":
      return inside(async (tx) => {
        await tx.query(`UPDATE "Cluster" SET "goneAt" = $2 WHERE "id" = $1`, [id, now]);
        await resolveFindingsOfGoneClusters(tx, [id], scanId, now);
        await rescoreAccount(tx, { accountId, scanId, now });
      });
    case "merge": {
      const into = clusters[one.into];
      if (into === undefined || into === chosen || !(await isThere(into))) return;
      waiting.add(into.cluster.id);
      return inside((tx) => mergeClusters(tx, into.cluster.id, id, { id: scanId, now }));
    }
    case "replace": {
      const made = await inside((tx) => replaceCluster(tx, id, { id: scanId, now }));
      clusters[one.at] = { ...chosen, cluster: { ...chosen.cluster, id: made }, fence: 0n };
      return;
    }
    case "exempt": {
      const targets = [{ control: "SW-9001", ...(one.everywhere ? {} : { cluster: id }) }];
      const exemption = uuidv7();
      await rows(
        `INSERT INTO "Exemption" ("id", "type", "state", "targets", "everywhere", "accountIds", "reason", "requestedBy", "requestedAt")
         VALUES ($1, $3, 'active', $2, true, '{}', 'why', 'me', now())`,
        ...[exemption, JSON.stringify(targets), one.type],
      );
      return void (await inside((tx) => applyExemptionChange(tx, { id: exemption, targets }, now)));
    }
    case "remove the account": {
      await rows(
        `UPDATE "Cluster" SET "goneAt" = coalesce("goneAt", $2), "fence" = "fence" + 1 WHERE "accountId" = $1`,
        ...[accountId, now],
      );
      await rows(`UPDATE "Account" SET "enabled" = false, "removedAt" = $2 WHERE "id" = $1`, accountId, now);
      const world = { pool: db.pool, boss: jobClient(db.url, "sender"), ring: newKey().ring, clock: () => now };
      return void (await removeAccount(world, { accountId }, { signal }));
    }
  }
}

/** Parts that nobody added up. */
const parts = () =>
  rows(
    `SELECT "accountId" FROM "AccountFindingByControl" WHERE "part" <> 0 UNION SELECT "accountId" FROM "AccountFindingByNamespace" WHERE "part" <> 0
     UNION SELECT "accountId" FROM "AccountControlRollup" WHERE "part" <> 0`,
  );

test("counts equal the findings after whatever writes them, one after another and at once", async () => {
  const found = { open: 0, resolved: 0, stated: 0, lifted: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
      const [clusters, waiting] = [await begin(), new Set<string>()];
      for (const one of steps) {
        await take(clusters, waiting, one);
        expect([one.does, await wrongCounts(db.pool)]).toEqual([one.does, []]);
        expect([one.does, await wrongStates(db.pool)]).toEqual([one.does, []]);
        expect([one.does, await wrongSums(db.pool)]).toEqual([one.does, []]);
        expect([one.does, await wrongLifts(db.pool, waiting)]).toEqual([one.does, []]);
        if (["scan", "go", "merge", "replace"].includes(one.does) && !steps.some(({ does }) => does.includes("forget")))
          expect([one.does, await parts()]).toEqual([one.does, []]);
      }
      const [sum] = await rows<typeof found>(
        `SELECT coalesce(sum(open), 0)::int AS open, coalesce(sum(resolved), 0)::int AS resolved FROM "AccountFindingByControl"`,
      );
      const [stated] = await rows<{ n: number; lifted: number }>(
        `SELECT count(*)::int AS n, count(*) FILTER (WHERE states ~ '[UEHN](,|$)')::int AS lifted FROM "ControlStates" WHERE states <> '' AND judged <> ''`,
      );
      found.stated += stated?.n ?? 0;
      found.lifted += stated?.lifted ?? 0;
      found.open += sum?.open ?? 0;
      found.resolved += sum?.resolved ?? 0;
    }),
    { numRuns: 40 },
  );
  expect(found.open).toBeGreaterThan(0);
  expect(found.resolved).toBeGreaterThan(0);
  expect(found.stated).toBeGreaterThan(0);
  expect(found.lifted).toBeGreaterThan(0);
}, 600_000);

test("the sums of an account lose a cluster that goes or is deleted, and have it again when it comes back", async () => {
  const clusters = await begin();
  const [one, two] = clusters;
  if (one === undefined || two === undefined) throw new Error("There are four clusters.");
  const sums = async () => {
    expect(await wrongSums(db.pool)).toEqual([]);
    return rows(
      `SELECT "controlId", sum(unhealthy)::int AS unhealthy, sum(clusters)::int AS clusters FROM "AccountControlRollup" GROUP BY 1 HAVING sum(clusters) > 0 ORDER BY 1`,
    );
  };
  for (const each of [one, two]) await scanOne(each, [namespace(), policy(), ...deployment("batch", true)]);
  const both = await sums();
  expect(both).toMatchObject([{ controlId: "SW-9001", unhealthy: 2, clusters: 2 }, { controlId: "SW-9002" }]);
  await take(clusters, new Set(), { does: "go", at: 0 });
  expect(await sums()).toMatchObject([{ unhealthy: 1, clusters: 1 }, {}]);
  await take(clusters, new Set(), { does: "come back", at: 0 });
  expect(await sums()).toEqual(both);
  for (const each of [one, two]) await rows(`DELETE FROM "Cluster" WHERE "id" = $1`, each.cluster.id);
  expect(await sums()).toEqual([]);
});

test("a transaction that fails leaves no part; two of one account do not wait for each other's", async () => {
  const [one, two] = await begin();
  const [a, b] = [await db.pool.connect(), await db.pool.connect()];
  const open = `INSERT INTO "Finding" (id, "accountId", "clusterId", "controlId", "scoreGroup", severity, "apiGroup", kind, namespace, name, state, message, evidence, "firstSeenAt", "lastSeenAt")
    VALUES ($1, $2, $3, 'SW-9001', 'network-access', 1, '', 'Pod', 'n', $4, 'open', 'm', '[]', now(), now())`;
  try {
    const row = (of: typeof one, name: string) => [uuidv7(), of?.cluster.accountId, of?.cluster.id, name];
    await a.query("BEGIN");
    await a.query(open, row(one, "p"));
    await b.query("BEGIN");
    await b.query("SET LOCAL lock_timeout = '2s'");
    await b.query(open, row(two, "p"));
    await b.query(open, row(two, "q"));
    await a.query("ROLLBACK");
    await b.query("COMMIT");
  } finally {
    a.release();
    b.release();
  }
  expect(await rows(`SELECT "open" FROM "AccountFindingByControl"`)).toEqual([{ open: 2 }]);
  expect(await wrongCounts(db.pool)).toEqual([]);
});
