import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { managedClusterSchema } from "@/domain/inventory/schema";
import { applyExemptionChange } from "@/domain/posture/exemption/reconcile/store";
import type { ExemptionTarget } from "@/domain/posture/exemption/schema";
import { inTransaction } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { wrongLifts, wrongStates } from "@/lib/testing/finding-counts";
import { useScanDatabase } from "../testing/scan-database";
import {
  clock,
  db,
  deployment,
  input,
  ledgersAddUp,
  namespace,
  points,
  policy,
  reset,
  rows,
  scan,
} from "../testing/scan-fixture";

useScanDatabase();

interface Scores {
  score: number | null;
  scoreWithoutExemptions: number | null;
}
/** The score of cluster, account and fleet by their last points, with exemptions and without. */
async function standing(): Promise<Scores[]> {
  const { id, accountId } = input.cluster;
  const all = await Promise.all([points("cluster", id), points("account", accountId), points("fleet", null)]);
  const last = all.map((each) => each.at(-1));
  return last.map((point) => ({
    score: point?.score ?? null,
    scoreWithoutExemptions: point?.scoreWithoutExemptions ?? null,
  }));
}
const bare = async () => (await standing()).map(({ scoreWithoutExemptions }) => scoreWithoutExemptions);
const equal = ({ score, scoreWithoutExemptions }: Scores): boolean => score === scoreWithoutExemptions;

/** Begins an exemption as its approval does. */
async function begin(
  type: "mitigated" | "waiver",
  targets: ExemptionTarget[],
): Promise<{ id: string; end: () => Promise<number>; moved: number }> {
  const id = uuidv7();
  const moved = await inTransaction(db.pool, async (tx) => {
    await tx.query(
      `INSERT INTO "Exemption" ("id", "type", "state", "targets", "everywhere", "accountIds", "reason", "requestedBy", "requestedAt")
       VALUES ($1, $2, 'active', $3, true, '{}', 'why', 'me', now())`,
      [id, type, JSON.stringify(targets)],
    );
    return applyExemptionChange(tx, { id, targets }, new Date(clock + 60_000));
  });
  const end = () =>
    inTransaction(db.pool, async (tx) => {
      await tx.query(`UPDATE "Exemption" SET "state" = 'expired' WHERE "id" = $1`, [id]);
      return applyExemptionChange(tx, { id, targets }, new Date(clock + 120_000));
    });
  return { id, end, moved };
}
const rollups = async () => ({
  groups: await rows(
    `SELECT "scoreGroup", "healthy", "unhealthy", "out", "liftHealthy", "liftUnhealthy", "liftOut" FROM "GroupRollup"
     WHERE "healthy" <> 0 OR "unhealthy" <> 0 OR "out" <> 0 OR "liftHealthy" <> 0 OR "liftUnhealthy" <> 0 OR "liftOut" <> 0 ORDER BY 1`,
  ),
  controls: await rows(`SELECT * FROM "ControlRollup" ORDER BY "controlId"`),
  sole: await rows(`SELECT * FROM "SoleFailure" WHERE "clusterId" = $1 ORDER BY "controlId"`, input.cluster.id),
  score: await rows<Scores>(`SELECT "score", "scoreWithoutExemptions" FROM "Cluster"`),
  findings: await rows(`SELECT "name", "controlId", "state", "exemption" FROM "Finding" ORDER BY 1, 2`),
});
const estate = [namespace(), policy(), ...deployment("web", false), ...deployment("batch", true)];
const lastSteps = async () =>
  ((await points()).at(-1)?.ledger ?? []).filter(({ delta }) => delta !== 0).map(({ step }) => step);

describe.each(["mitigated", "waiver"] as const)("%s", (type) => {
  it("moves the score at once, by the step exemptions, and the next scan finds nothing to move", async () => {
    await scan(estate);
    const before = await rollups();
    const exemption = await begin(type, [{ control: "SW-9001", cluster: input.cluster.id }]);
    expect(exemption.moved).toBe(1);
    expect(await lastSteps()).toEqual(["exemptions"]);
    const during = await rollups();
    expect(during.score).not.toEqual(before.score);
    expect(await bare()).toEqual(before.score.flatMap(({ score }) => [score, score, score]));
    expect((await standing()).some(equal)).toBe(false);
    const many = (await points()).length;
    await scan(estate, { full: true });
    expect(await rollups()).toEqual(during);
    expect(await points()).toHaveLength(many);
    expect(await exemption.end()).toBe(1);
    expect(await rollups()).toEqual(before);
    expect((await standing()).every(equal)).toBe(true);
    expect((await points()).at(-1)?.lift).toEqual({});
    await ledgersAddUp();
  });

  it("takes findings that open later, and leaves with them", async () => {
    const calm = [namespace(), policy(), ...deployment("web", false)];
    await begin(type, [{ group: "access-and-permissions" }]);
    await scan(calm);
    const batch = deployment("batch", true);
    await scan([...calm, ...batch]);
    expect((await rollups()).findings.filter(({ exemption }) => exemption === type)).toHaveLength(1);
    await scan(calm);
    expect((await rollups()).findings.filter(({ exemption }) => exemption !== null)).toEqual([]);
    await ledgersAddUp();
  });
});

it("is told with the findings that open, and no example is exempted", async () => {
  await begin("waiver", [{ name: "batch" }]);
  await scan([namespace(), policy(), ...deployment("batch", true), ...deployment("web", true)]);
  const told = await rows<{
    exempted: number;
    places: { exempted: number }[];
    controls: { id: string; count: number; exempted: number; examples: { name: string }[] }[];
  }>(
    `SELECT p.* FROM "OutboxEvent", jsonb_to_record("payload") AS p(exempted int, places jsonb, controls jsonb) WHERE "kind" = 'finding.opened'`,
  );
  const sum = (of: { exempted: number }[]) => of.reduce((total, { exempted }) => total + exempted, 0);
  for (const { exempted, places, controls } of told) expect([sum(places), sum(controls)]).toEqual([exempted, exempted]);
  expect(sum(told)).toBeGreaterThan(0);
  expect(told.flatMap(({ controls }) => controls).find(({ id }) => id === "SW-9001")).toMatchObject({
    ...{ count: 2, exempted: 1, examples: [{ name: "web" }] },
  });
});

it("fits by namespace, labels and image, and only then", async () => {
  await scan(estate);
  const fitting: ExemptionTarget[] = [
    { namespace: "shop", control: "SW-9001" },
    { image: "acr.io/*:1", control: "SW-9001" },
    { kind: "Deployment", name: "batch", apiGroup: "apps", control: "SW-9001" },
    { account: input.cluster.accountId, control: "SW-9001" },
  ];
  for (const target of fitting) {
    const exemption = await begin("waiver", [target]);
    expect([target, exemption.moved]).toEqual([target, 1]);
    const during = await rollups();
    await scan(estate, { full: true });
    expect(await rollups()).toEqual(during);
    await exemption.end();
  }
  const others: ExemptionTarget[] = [
    { namespace: "other" },
    { image: "ghcr.io/*" },
    { labels: { app: "batch" } },
    { cluster: uuidv7() },
  ];
  for (const target of others) expect([target, (await begin("waiver", [target])).moved]).toEqual([target, 0]);
});

it("holds for a cluster's own facts by what names them, and never by labels or images, which they have none of", async () => {
  const { cluster } = input;
  const managed = managedClusterSchema.parse({ distribution: "aks", name: "one", api: { publicEndpoint: true } });
  const open = { cluster: { ...cluster, managed } };
  const never: ExemptionTarget[] = [
    { labels: { app: "x" } },
    { image: "*fluent*" },
    { group: "network-access", labels: { app: "x" } },
    { account: cluster.accountId, labels: { app: "x" } },
    { control: "SW-9003", labels: { app: "x" } },
  ];
  await scan(estate);
  const early = await begin("waiver", never);
  await scan(estate, open);
  for (const target of never) expect([target, (await begin("waiver", [target])).moved]).toEqual([target, 0]);
  const named = await begin("mitigated", [{ account: cluster.accountId, control: "SW-9003" }, ...never]);
  expect([early.moved, named.moved]).toEqual([0, 1]);
  const during = await rollups();
  await scan(estate, { ...open, full: true });
  expect(await rollups()).toEqual(during);
  expect([await early.end(), await named.end()]).toEqual([0, 1]);
  expect((await rollups()).findings.filter(({ exemption }) => exemption !== null)).toEqual([]);
  await ledgersAddUp();
});

it("is never green for what was not re-checked", async () => {
  await scan(estate);
  await scan(estate, { denied: ["Deployment", "ReplicaSet", "Pod"] });
  await begin("mitigated", [{ control: "SW-9001" }]);
  expect((await rollups()).groups.find(({ scoreGroup }) => scoreGroup === "access-and-permissions")).toMatchObject({
    healthy: 0,
    unhealthy: 0,
    out: 2,
  });
});

it("is told apart in the roll-ups by control, as the migration tells it apart in what is there already", async () => {
  const lifts = `"liftHealthy", "liftNotApplicable", "liftNotEvaluated"`;
  const told = () => rows(`SELECT "controlId", ${lifts} FROM "ControlRollup" ORDER BY 1`);
  const file = readFileSync("prisma/migrations/20261122070000_control_lift/migration.sql", "utf8");
  const update = /^UPDATE "ControlRollup"[^;]*;/m.exec(file)?.[0] ?? "";
  await scan([...estate, ...deployment("cache", true)]);
  await begin("mitigated", [{ name: "cache" }]);
  await begin("waiver", [{ control: "SW-9002" }]);
  await scan([...estate, ...deployment("cache", true)], { full: true });
  const seen = await told();
  await scan(estate, { denied: ["Deployment", "ReplicaSet", "Pod"] });
  const denied = await told();
  expect(seen).toMatchObject([
    { controlId: "SW-9001", liftHealthy: 1, liftNotApplicable: 0, liftNotEvaluated: 0 },
    { controlId: "SW-9002", liftHealthy: 1, liftNotApplicable: 1, liftNotEvaluated: 0 },
    { controlId: "SW-9003", liftHealthy: 0, liftNotApplicable: 0, liftNotEvaluated: 0 },
  ]);
  expect(denied).toMatchObject([{ liftNotEvaluated: 1 }, { liftNotApplicable: 1, liftNotEvaluated: 1 }, {}]);
  await rows(`UPDATE "ControlRollup" SET (${lifts}) = (0, 0, 0)`);
  await rows(update);
  expect(await told()).toEqual(denied);
  expect([await wrongLifts(db.pool, new Set()), await wrongStates(db.pool)]).toEqual([[], []]);
});

it("is not lost when it begins while a scan runs", async () => {
  await scan(estate);
  let begun: Awaited<ReturnType<typeof begin>> | undefined;
  let late: Promise<unknown> = Promise.resolve();
  await scan(estate, {
    full: true,
    onPage: () => {
      if (begun === undefined) {
        begun = { id: "", moved: 0, end: async () => 0 };
        late = begin("mitigated", [{ control: "SW-9001" }]);
      }
    },
  });
  await late;
  const during = await rollups();
  expect(during.findings.filter(({ exemption }) => exemption === "mitigated")).toHaveLength(1);
  await scan(estate, { full: true });
  expect(await rollups()).toEqual(during);
  await ledgersAddUp();
});

it("is the same counted step by step as counted anew, and ends without a trace", async () => {
  const target = fc.oneof(
    fc.record({ control: fc.constantFrom("SW-9001", "SW-9002") }),
    fc.constant<ExemptionTarget>({ namespace: "shop" }),
    fc.constant<ExemptionTarget>({ group: "network-access" }),
    fc.record({ name: fc.constantFrom("web", "batch"), kind: fc.constant("Deployment") }),
    fc.constant<ExemptionTarget>({ image: "acr.io/*" }),
  );
  const step = fc.oneof(
    fc.record({
      do: fc.constant("begin" as const),
      type: fc.constantFrom("mitigated" as const, "waiver" as const),
      target,
    }),
    fc.record({ do: fc.constant("end" as const), at: fc.nat(9) }),
    fc.record({ do: fc.constant("scan" as const), web: fc.boolean(), batch: fc.boolean(), denied: fc.boolean() }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 9 }), async (steps) => {
      await reset();
      await rows(`TRUNCATE "Exemption"`);
      let objects = estate;
      let faults: { denied?: string[] } = {};
      const running: Awaited<ReturnType<typeof begin>>[] = [];
      await scan(objects);
      for (const one of steps) {
        const untouched = await bare();
        if (one.do === "begin") running.push(await begin(one.type, [one.target]));
        else if (one.do === "end") await running.splice(one.at % Math.max(1, running.length), 1)[0]?.end();
        if (one.do !== "scan") expect(await bare()).toEqual(untouched);
        else {
          objects = [namespace(), ...deployment("web", one.web), ...deployment("batch", one.batch)];
          faults = one.denied ? { denied: ["Deployment", "ReplicaSet", "Pod"] } : {};
          await scan(objects, faults);
        }
        const now = [...(await standing()), ...(await rollups()).score];
        for (const { score, scoreWithoutExemptions: without } of now) {
          expect(score === null || (without ?? Number.NaN) <= score).toBe(true);
          if (running.length === 0) expect(without).toBe(score);
        }
        expect(now[3]).toEqual(now[0]);
        const counted = await rollups();
        await scan(objects, { ...faults, full: true });
        expect(await rollups()).toEqual(counted);
      }
      for (const one of running) await one.end();
      const ended = await rollups();
      expect([...(await standing()), ...ended.score].every(equal)).toBe(true);
      expect(ended.findings.every(({ exemption }) => exemption === null)).toBe(true);
      expect(
        ended.groups.every((group) => group.liftHealthy === 0 && group.liftUnhealthy === 0 && group.liftOut === 0),
      ).toBe(true);
      await ledgersAddUp();
    }),
    { numRuns: 12 },
  );
}, 300_000);
