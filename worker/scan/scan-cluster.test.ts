import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { KubernetesObject } from "@/domain/inventory/schema";
import { rescoreAccount } from "@/domain/posture/point/store";
import { inTransaction } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import {
  clock,
  db,
  deployment,
  estate,
  findings,
  input,
  ledgersAddUp,
  meta,
  NO_POLICY,
  namespace,
  newCluster,
  PRIVILEGED,
  PUBLIC,
  points,
  policy,
  readerOf,
  reset,
  rows,
  scan,
  snapshot,
  startDatabase,
  stopDatabase,
  use,
} from "../testing/scan-fixture";
import { FencedError } from "./commit";

let objects: KubernetesObject[];
beforeAll(startDatabase);
afterAll(stopDatabase);
beforeEach(async () => {
  await reset();
  objects = estate();
});

describe("scanning a cluster", () => {
  test("first scan: resources, owners, images, findings, roll-ups, points, events", async () => {
    const outcome = await scan(objects);
    expect(outcome).toMatchObject({ status: "complete", reasons: [], listed: 9, opened: 2, resolved: 0 });
    expect((await findings()).map(({ name, controlId, state }) => [name, controlId, state])).toEqual([
      ["batch", "SW-9001", "open"],
      ["batch", "SW-9002", "open"],
    ]);
    // access: 1 of 2; network: web and the cluster itself healthy, batch not.
    const expected = ((4 / 2 + (4 * 2) / 3) / 8) * 100;
    const [point] = await points();
    expect(point?.score).toBeCloseTo(expected, 4);
    expect(point?.coverage).toBe(1);
    expect(point?.ledger.map(({ step }) => step)).toEqual(["appeared"]);
    expect(
      await rows(
        `SELECT "ownerKind", "ownerName", "pods" FROM "RunningImage" WHERE "clusterId" = $1 ORDER BY 2`,
        input.cluster.id,
      ),
    ).toEqual([
      { ownerKind: "Deployment", ownerName: "batch", pods: 1 },
      { ownerKind: "Deployment", ownerName: "web", pods: 1 },
    ]);
    expect(
      await rows(
        `SELECT "uid", "workloads", "lastScanStatus", "expected", "evaluated" FROM "Cluster" WHERE "id" = $1`,
        input.cluster.id,
      ),
    ).toEqual([{ uid: "uid-of-kube-system", workloads: 2, lastScanStatus: "complete", expected: 5, evaluated: 5 }]);
    const events = await rows<{ kind: string }>(
      `SELECT "kind" FROM "OutboxEvent" WHERE "clusterId" = $1 ORDER BY "id"`,
      input.cluster.id,
    );
    expect(events.map(({ kind }) => kind)).toEqual(["finding.opened"]);
    await ledgersAddUp();
  });

  test("an unchanged scan evaluates nothing and writes nothing but its own row", async () => {
    await scan(objects);
    const before = await snapshot();
    expect(await scan(objects)).toMatchObject({ status: "complete", changed: 0, evaluated: 0, opened: 0, resolved: 0 });
    expect(await snapshot()).toBe(before);
    expect(await rows(`SELECT "status" FROM "Scan" WHERE "clusterId" = $1`, input.cluster.id)).toHaveLength(2);
  });

  test("the daily sweep evaluates all and finds nothing new", async () => {
    await scan(objects);
    const before = await snapshot();
    const outcome = await scan(objects, { full: true });
    expect(outcome.evaluated).toBeGreaterThan(0);
    expect(outcome).toMatchObject({ changed: 0, opened: 0, resolved: 0 });
    expect(await snapshot()).toBe(before);
  });

  test("the same scan committed twice is the same", async () => {
    const scanId = uuidv7();
    await scan(objects, { scanId });
    const before = await snapshot();
    expect(await scan([], { scanId })).toMatchObject({ status: "complete", changed: 0, gone: 0 });
    expect(await snapshot()).toBe(before);
  });

  test("a redeploy under new UIDs keeps finding and history", async () => {
    await scan(objects);
    const before = await findings();
    await scan([namespace(), policy(), ...deployment("web", false), ...deployment("batch", true)]);
    expect(await findings()).toEqual(before);
    expect(await points()).toHaveLength(1);
  });

  test("fixed, broken, fixed again: resolved, reopened, and the ledger says so", async () => {
    await scan(objects);
    const rest = objects.filter(({ metadata }) => !metadata.name.startsWith("batch"));
    await scan([...rest, ...deployment("batch", false)]);
    expect((await findings())[0]).toMatchObject({ state: "resolved", resolution: "fixed" });
    await scan([...rest, ...deployment("batch", true)]);
    expect((await findings())[0]).toMatchObject({ state: "open", resolution: null, reopened: 1 });
    expect((await points()).map(({ ledger }) => ledger[0]?.step)).toEqual(["appeared", "fixed", "broken"]);
    const changes = await rows<{ change: string }>(
      `SELECT t."change" FROM "FindingTransition" t JOIN "Finding" f ON f."id" = t."findingId" WHERE f."clusterId" = $1 AND t."controlId" = 'SW-9001' ORDER BY t."at"`,
      input.cluster.id,
    );
    expect(changes.map(({ change }) => change)).toEqual(["opened", "resolved", "reopened"]);
    await ledgersAddUp();
  });

  test("a deleted resource resolves as gone", async () => {
    await scan(objects);
    await scan(objects.filter(({ metadata }) => !metadata.name.startsWith("batch")));
    expect((await findings()).map(({ state, resolution }) => [state, resolution])).toEqual([
      ["resolved", "gone"],
      ["resolved", "gone"],
    ]);
    expect((await points()).at(-1)).toMatchObject({ score: 100 });
    expect((await points()).at(-1)?.ledger.map(({ step }) => step)).toEqual(["gone"]);
    expect(
      await rows(`SELECT FROM "Resource" WHERE "clusterId" = $1 AND "name" LIKE 'batch%'`, input.cluster.id),
    ).toEqual([]);
  });

  test("the inventory keeps what came, changed and went; a first scan and an unchanged one tell nothing", async () => {
    const told = async () =>
      (
        await rows(
          `SELECT "change", "kind", "name" FROM "ResourceChange" WHERE "clusterId" = $1 ORDER BY "at", "change", "name"`,
          input.cluster.id,
        )
      ).map(({ change, kind, name }) => `${change} ${kind} ${name}`);
    await scan(objects);
    await scan(objects);
    expect(await told()).toEqual([]);
    const [first] = objects.filter(({ kind }) => kind === "Deployment");
    if (first === undefined) throw new Error("no Deployment in the fixture");
    const changed = { ...first, metadata: { ...first.metadata, resourceVersion: "77", labels: { tier: "new" } } };
    await scan([
      ...objects.filter((object) => object !== first && object.kind !== "NetworkPolicy"),
      changed,
      ...deployment("fresh", false),
    ]);
    expect(await told()).toEqual([
      "appeared Deployment fresh",
      `changed Deployment ${first.metadata.name}`,
      ...objects.flatMap(({ kind, metadata }) =>
        kind === "NetworkPolicy" ? [`gone NetworkPolicy ${metadata.name}`] : [],
      ),
    ]);
  });

  test("a policy that goes re-evaluates the workload it selected, though that did not change", async () => {
    await scan(objects);
    await scan(objects.filter(({ kind }) => kind !== "NetworkPolicy"));
    expect((await findings()).map(({ name, controlId }) => [name, controlId])).toContainEqual(["web", "SW-9002"]);
  });

  test("a workload of an unknown owner is judged under the owner's name, over redeploys", async () => {
    const rollout = (hash: string): KubernetesObject[] => {
      const [, replicaSet, pod] = deployment("canary", true);
      if (!replicaSet || !pod) throw new Error("no objects");
      const name = `canary-${hash}`;
      return [
        {
          ...replicaSet,
          metadata: { ...meta(name, "shop", ["argoproj.io/v1alpha1", "Rollout", "canary"]), uid: name },
        },
        { ...pod, metadata: meta(`${name}-x`, "shop", ["apps/v1", "ReplicaSet", name, name]) },
      ];
    };
    await scan([namespace(), ...rollout("aaa")]);
    const before = await findings();
    expect(before.map(({ name, controlId }) => [name, controlId])).toContainEqual(["canary", "SW-9001"]);
    await scan([namespace(), ...rollout("bbb")]);
    expect(await findings()).toEqual(before);
    await scan([namespace()], { denied: ["ReplicaSet"] });
    expect((await findings()).map(({ state }) => state)).toEqual(["open", "open"]);
    await scan([namespace()]);
    expect((await findings()).map(({ resolution }) => resolution)).toEqual(["gone", "gone"]);
    await ledgersAddUp();
  });

  test("a cluster that discovery calls gone leaves account and fleet, and the ledgers say gone", async () => {
    await scan(objects);
    await rows(`UPDATE "Cluster" SET "goneAt" = now() WHERE "id" = $1`, input.cluster.id);
    const stamp = { accountId: input.cluster.accountId, scanId: null, now: new Date(clock + 1000) };
    await inTransaction(db.pool, (tx) => rescoreAccount(tx, stamp));
    await inTransaction(db.pool, (tx) => rescoreAccount(tx, stamp));
    expect(await points()).toHaveLength(2);
    expect((await points()).at(-1)).toMatchObject({ score: null, coverage: null });
    expect((await points()).at(-1)?.ledger.map(({ step }) => step)).toEqual(["gone"]);
    await ledgersAddUp();
  });

  test("a changed control is the ledger's reason", async () => {
    await scan(objects);
    const stricter = { ...PRIVILEGED, violates: "true" };
    await scan(objects, { controls: [stricter, NO_POLICY, PUBLIC] });
    expect((await points()).at(-1)?.ledger.map(({ step }) => step)).toEqual(["controls"]);
    await scan(objects, { controls: [NO_POLICY, PUBLIC] });
    expect(
      (await findings()).filter(({ controlId }) => controlId === "SW-9001").every(({ state }) => state === "resolved"),
    ).toBe(true);
    expect((await points()).at(-1)?.ledger.map(({ step }) => step)).toEqual(["controls"]);
    await ledgersAddUp();
  });
});

describe("the commit", () => {
  test("a fenced scan is refused and leaves nothing", async () => {
    await scan(objects);
    const before = await snapshot();
    await expect(scan([], { fence: 6n })).rejects.toBeInstanceOf(FencedError);
    expect(await snapshot()).toBe(before);
  });

  test("two scans from the same baseline: the second is refused", async () => {
    const late = readerOf(objects);
    const reader = {
      ...late,
      version: async () => {
        await scan(objects);
        return late.version();
      },
    };
    await expect(scan(objects, { reader })).rejects.toBeInstanceOf(FencedError);
    expect(await points()).toHaveLength(1);
  });

  test("a kill in the middle of the commit leaves nothing", async () => {
    const before = await snapshot();
    // The last statement of the transaction meets a dying server.
    await db.pool.query(
      `CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$`,
    );
    await db.pool.query(`CREATE TRIGGER die BEFORE INSERT ON "OutboxEvent" EXECUTE FUNCTION die()`);
    try {
      await expect(scan(objects)).rejects.toThrow();
    } finally {
      await db.pool.query(`DROP TRIGGER die ON "OutboxEvent"; DROP FUNCTION die`);
    }
    expect(await snapshot()).toBe(before);
    expect(await rows(`SELECT FROM "Scan" WHERE "clusterId" = $1`, input.cluster.id)).toEqual([]);
    expect(await scan(objects)).toMatchObject({ status: "complete", opened: 2 });
  });

  test("an EKS and an AKS account of one fleet: concurrent commits keep the fleet's ledger whole", async () => {
    const first = scan(objects);
    const one = input;
    await newCluster();
    const second = scan([namespace(), ...deployment("other", true)], {
      reader: readerOf([namespace(), ...deployment("other", true)], { uid: "uid-2" }),
    });
    await Promise.all([first, second]);
    await ledgersAddUp();
    use(one);
    await ledgersAddUp();
  });
});
