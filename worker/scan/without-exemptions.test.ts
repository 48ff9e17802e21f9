import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { applyExemptionChange } from "@/domain/posture/exemption/reconcile/store";
import { SCORE_GROUP_IDS } from "@/domain/posture/schema";
import { type GroupRow, scoresOf, standingOf } from "@/domain/posture/standing";
import { inTransaction } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { useScanDatabase } from "../testing/scan-database";
import { clock, db, estate, input, newCluster, points, rows, scan, use } from "../testing/scan-fixture";

useScanDatabase();

async function waive(): Promise<void> {
  const [id, targets] = [uuidv7(), [{ control: "SW-9001" }]];
  await inTransaction(db.pool, async (tx) => {
    await tx.query(
      `INSERT INTO "Exemption" ("id", "type", "state", "targets", "everywhere", "accountIds", "reason", "requestedBy", "requestedAt")
       VALUES ($1, 'mitigated', 'active', $2, true, '{}', 'why', 'me', now())`,
      [id, JSON.stringify(targets)],
    );
    await applyExemptionChange(tx, { id, targets }, new Date(clock + 60_000));
  });
}
/** As points were before they kept the score without exemptions. */
const forget = () =>
  rows(`UPDATE "ScorePoint" SET "lift" = NULL, "scoreWithoutExemptions" = NULL, "changeWithoutExemptions" = NULL`);
const everything = async () => ({
  cluster: await points("cluster", input.cluster.id),
  account: await points("account", input.cluster.accountId),
  fleet: await points("fleet", null),
});

it("begins with the first scan after an upgrade, though nothing changed; the fleet's does not wait for an account that is not scanned", async () => {
  await scan(estate());
  const paused = input;
  await newCluster();
  await scan(estate());
  await waive();
  const before = await everything();
  await forget();

  await scan(estate());
  const after = await everything();
  for (const scope of ["cluster", "account", "fleet"] as const) {
    const [was, is] = [before[scope].at(-1), after[scope].at(-1)];
    expect(after[scope]).toHaveLength(before[scope].length + 1);
    expect(is).toMatchObject({ score: was?.score, ledger: [], changeWithoutExemptions: null, lift: was?.lift });
    expect(is?.scoreWithoutExemptions).toBe(was?.scoreWithoutExemptions);
    expect(is?.scoreWithoutExemptions).toBeLessThan(is?.score ?? 0);
  }
  await scan(estate());
  expect(await everything()).toEqual(after);

  use(paused);
  expect((await points("account", paused.cluster.accountId)).at(-1)?.lift).toBeNull();
  await scan(estate());
  expect((await points("account", paused.cluster.accountId)).at(-1)?.lift).not.toBeNull();
  expect((await points("fleet", null)).at(-1)?.scoreWithoutExemptions).toBe(after.fleet.at(-1)?.scoreWithoutExemptions);
});

it("is kept when only what exemptions add changed, and the score did not", async () => {
  await waive();
  await scan(estate());
  const many = (await points()).length;
  const fixed = estate().map((object) =>
    JSON.parse(JSON.stringify(object).replaceAll('"privileged":true', '"privileged":false')),
  );
  await scan(fixed);
  const [before, after] = (await points()).slice(-2);
  expect(await points()).toHaveLength(many + 1);
  expect(after?.score).toBe(before?.score);
  expect(after?.scoreWithoutExemptions).toBe(after?.score);
  expect(after?.changeWithoutExemptions).toBe((after?.score ?? 0) - (before?.scoreWithoutExemptions ?? 0));
  expect(after?.changeWithoutExemptions).toBeGreaterThan(0);
});

it("is made for known clusters by the migration as a scan makes it", async () => {
  const file = readFileSync("prisma/migrations/20261122063000_without_exemptions/migration.sql", "utf8");
  const update = /^UPDATE "Cluster"[^;]*;/m.exec(file)?.[0] ?? "";
  const amount = fc.integer({ min: 0, max: 400 });
  const row = fc.record<GroupRow>({
    scoreGroup: fc.constantFrom(...SCORE_GROUP_IDS),
    ...{ healthy: amount, unhealthy: amount, out: amount },
    ...{ liftHealthy: fc.integer({ min: -20, max: 0 }), liftUnhealthy: fc.integer({ min: -20, max: 0 }) },
    liftOut: fc.constant(0),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(row, { selector: ({ scoreGroup }) => scoreGroup, maxLength: 9 }),
      async (groups) => {
        await rows(`DELETE FROM "GroupRollup"`);
        await rows(`UPDATE "Cluster" SET "scoreWithoutExemptions" = NULL`);
        await rows(
          `INSERT INTO "GroupRollup" ("clusterId", "scoreGroup", "healthy", "unhealthy", "out", "liftHealthy", "liftUnhealthy", "liftOut")
           SELECT $1::uuid, x.* FROM jsonb_to_recordset($2::jsonb) AS x("scoreGroup" text, "healthy" int, "unhealthy" int, "out" int,
           "liftHealthy" int, "liftUnhealthy" int, "liftOut" int)`,
          input.cluster.id,
          JSON.stringify(groups),
        );
        await rows(update);
        const [made] = await rows<{ score: number | null }>(`SELECT "scoreWithoutExemptions" AS score FROM "Cluster"`);
        const wanted = scoresOf(standingOf(groups)).scoreWithoutExemptions;
        if (wanted === null) expect(made?.score).toBeNull();
        else expect(made?.score).toBeCloseTo(wanted, 5);
      },
    ),
    { numRuns: 60 },
  );
});
