import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { KubernetesReader } from "@/connectors/connector";
import { type Gap, type KubernetesObject, LISTED_KINDS } from "@/domain/inventory/schema";
import { LAST_SEEN } from "@/domain/posture/finding/row";
import { MOVED } from "@/domain/posture/point/moved";
import {
  clock,
  deployment,
  estate,
  type Faults,
  findings,
  input,
  kubeSystem,
  ledgersAddUp,
  namespace,
  points,
  policy,
  readerOf,
  reset,
  rows,
  scan,
  snapshot,
  startDatabase,
  stopDatabase,
} from "../testing/scan-fixture";

let objects: KubernetesObject[];
beforeAll(startDatabase);
afterAll(stopDatabase);
beforeEach(async () => {
  await reset();
  objects = estate();
});

describe("a scan that is ended for a reason of our own", () => {
  test("writes nothing, however little it read: a later one takes over", async () => {
    await scan(objects);
    const before = await snapshot();
    const ending = new AbortController();
    const stopped = { ...readerOf(objects, { denied: ["Pod", "Deployment"] }) };
    const version = async () => {
      ending.abort(new Error("the worker drains"));
      return "v1.33.1";
    };
    await expect(scan(null, { reader: { ...stopped, version }, signal: ending.signal })).rejects.toThrow(
      "the worker drains",
    );
    expect(await snapshot()).toBe(before);
  });
});

describe("what could not be read", () => {
  test.each([
    ["a denied kind", { denied: ["Deployment"] }],
    ["a denied input of a fact", { denied: ["NetworkPolicy"] }],
    ["a list cut after its first page", { cut: ["Deployment"] }],
    ["pods and owners denied", { denied: ["Pod", "ReplicaSet", "Deployment"] }],
    ["every kind denied", { denied: LISTED_KINDS.map(({ kind }) => kind) }],
    ["an unreachable cluster", { unreachable: true }],
  ])("%s: nothing closes, nothing is deleted, the score does not rise, coverage falls", async (_, faults: Faults) => {
    await scan(objects);
    const [before, resources] = [
      await findings(),
      await rows(`SELECT "kind", "name" FROM "Resource" WHERE "clusterId" = $1 ORDER BY 1, 2`, input.cluster.id),
    ];
    const outcome = await scan(objects, faults);
    expect(outcome.status).toBe(faults.unreachable || faults.denied?.includes("Node") ? "failed" : "partial");
    expect(outcome.reasons.length).toBeGreaterThan(0);
    const after = await findings();
    expect(after.filter(({ state }) => state === "open").map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    expect(after.some(({ notRechecked }) => notRechecked !== null)).toBe(true);
    expect(
      await rows(`SELECT "kind", "name" FROM "Resource" WHERE "clusterId" = $1 ORDER BY 1, 2`, input.cluster.id),
    ).toEqual(resources);
    for (const scope of ["account", "fleet"] as const) {
      const [was, is] = (await points(scope, scope === "fleet" ? null : input.cluster.accountId)).slice(-2);
      expect(is?.score ?? 0).toBeLessThanOrEqual(was?.score ?? -1);
      expect(is?.coverage).toBeLessThan(was?.coverage ?? -1);
      expect(is?.ledger.every(({ step }) => ["coverage", "weights"].includes(step))).toBe(true);
    }
    expect(await rows(`SELECT scope FROM "ScorePoint" p WHERE NOT ${MOVED}`)).toEqual([]);
    await ledgersAddUp();

    const again = await snapshot();
    await scan(objects, faults);
    expect(await snapshot()).toBe(again);

    await scan(objects);
    expect((await findings()).map(({ notRechecked }) => notRechecked)).toEqual(before.map(() => null));
    expect((await points()).at(-1)?.coverage).toBe(1);
    const all = await points();
    expect(all.at(-1)?.score).toBe(all.at(-3)?.score);
  });

  test("what stays open without a check was last seen by the newest scan that could look, and so was what is resolved", async () => {
    const seen = async () => [
      ...new Set(
        (
          await rows<{ at: Date }>(
            `SELECT ${LAST_SEEN} AS at FROM "Finding" f JOIN "Cluster" c ON c."id" = f."clusterId" WHERE c."id" = $1`,
            input.cluster.id,
          )
        ).map(({ at }) => at.getTime()),
      ),
    ];
    await scan(objects);
    await scan(objects);
    const looked = clock;
    await scan(objects, { denied: ["Deployment"] });
    await scan(objects, { denied: ["Deployment"] });
    expect(await seen()).toEqual([looked]);
    await scan(objects);
    const again = clock;
    expect(await seen()).toEqual([again]);
    await scan([namespace(), policy(), ...deployment("web", false)]);
    expect((await findings()).map(({ state }) => state)).toEqual(["resolved", "resolved"]);
    expect(await seen()).toEqual([again]);
  });

  test.each([
    ["leave out kube-system, as a proxy does that shows each tenant his own", []],
    ["tell another kube-system than the one that was asked for", [kubeSystem("somebody-else")]],
  ])("whole lists that %s: nothing closes, nothing is deleted", async (_, shown) => {
    await scan(objects);
    const before = await findings();
    const reader: KubernetesReader = {
      ...readerOf(objects),
      async *list(kind) {
        yield shown.filter((object) => object.kind === kind.kind);
        return { complete: true, gaps: [] };
      },
    };
    const outcome = await scan(null, { reader });
    expect(outcome).toMatchObject({ status: "failed", gone: 0, resolved: 0 });
    expect(outcome.reasons).toEqual([expect.objectContaining({ code: "truncated", what: "namespaces" })]);
    expect((await findings()).map(({ id, state }) => [id, state])).toEqual(before.map(({ id }) => [id, "open"]));
    expect((await points()).at(-1)?.coverage).toBeLessThan(1);
  });

  test("a cluster that never answered: no score, and one unit per control that would have applied", async () => {
    const cluster = { ...input.cluster, managed: null };
    const gaps: Gap[] = [{ code: "unauthenticated", what: "kubernetes", message: "no token" }];
    expect(await scan(null, { cluster, gaps })).toMatchObject({ status: "failed", reasons: gaps });
    expect(await points()).toEqual([
      expect.objectContaining({ score: null, scoreWithoutExemptions: null, coverage: 0, ledger: [] }),
    ]);
    expect(
      await rows(`SELECT "expected", "evaluated", "score" FROM "Cluster" WHERE "id" = $1`, input.cluster.id),
    ).toEqual([{ expected: 3, evaluated: 0, score: null }]);
  });

  test("another cluster at the same address changes nothing", async () => {
    await scan(objects);
    const reader = readerOf([], { uid: "somebody-else" });
    expect(await scan(objects, { reader })).toMatchObject({ status: "failed", gone: 0, resolved: 0 });
  });

  test("hostile names and texts are stored, and items without a name make the kind incomplete", async () => {
    const evil = deployment("evil", true).map((object) => ({
      ...object,
      metadata: { ...object.metadata, labels: { x: "\u0000\ud800" } },
    }));
    expect(await scan([...objects, ...evil])).toMatchObject({ status: "complete" });
    const nameless = { apiVersion: "v1", kind: "Pod", metadata: {} } as unknown as KubernetesObject; // what a hostile API may answer
    expect(await scan([...objects, nameless])).toMatchObject({ status: "partial" });
  });
});
