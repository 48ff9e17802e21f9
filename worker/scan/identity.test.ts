import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { recordDiscovery } from "@/domain/accounts/store";
import { claimLease } from "@/domain/inventory/lease/store";
import { managedClusterSchema } from "@/domain/inventory/schema";
import { reopenFindingsOfReturnedClusters, resolveFindingsOfGoneClusters } from "@/domain/posture/gone/store";
import { rescoreAccount } from "@/domain/posture/point/store";
import { uuidv7 } from "@/lib/id";
import {
  clock,
  db,
  estate,
  findings,
  input,
  newCluster,
  points,
  reset,
  rows,
  scan,
  startDatabase,
  stopDatabase,
  use,
} from "../testing/scan-fixture";
import { authorityOf, settleIdentity } from "./identity";

const UID = "uid-of-kube-system";
const open = async () => (await findings()).filter(({ state }) => state === "open").length;
const uidOf = async (id: string) =>
  (
    await rows<{ uid: string | null; aliasOf: string | null; gone: boolean }>(
      `SELECT "uid", "aliasOf", "goneAt" IS NOT NULL AS gone FROM "Cluster" WHERE "id" = $1`,
      id,
    )
  )[0];
/** Rows that were to be scanned. */
let asked: string[] = [];
const judge = async (_tx: unknown, id: string) => asked.push(id);
beforeEach(() => {
  asked = [];
});
const settle = (cluster: typeof input.cluster, uid: string | null, seen: { uid: string; authority: string | null }) =>
  settleIdentity(db.pool, { ...cluster, uid }, seen, { id: uuidv7(), now: new Date(clock), fence: input.fence }, judge);
const lastScore = async (scope: "account" | "fleet", id: string | null) => (await points(scope, id)).at(-1)?.score;

/** What a discovery of the present account sees: its one cluster, or nothing. */
async function discover(present: boolean, alias = `/ids/${input.cluster.id}`, version?: string): Promise<void> {
  const { accountId, name, distribution } = input.cluster;
  const managed = managedClusterSchema.parse({ distribution, name, version, api: { publicEndpoint: false } });
  const clusters = present ? [{ name, aliases: [alias], managed, gaps: [] }] : [];
  const gone = present ? [] : [`/ids/${input.cluster.id}`];
  const now = new Date(clock + 1);
  const run = { id: uuidv7(), trigger: "manual", queuedAt: now };
  await recordDiscovery(
    db.pool,
    { id: accountId },
    [{ distribution, discovery: { clusters, complete: true, gaps: [], gone } }],
    now,
    run,
    {
      gone: async (tx, ids) => {
        await resolveFindingsOfGoneClusters(tx, ids, run.id, now);
        await rescoreAccount(tx, { accountId, scanId: run.id, now });
      },
      back: (tx, clusters) => reopenFindingsOfReturnedClusters(tx, clusters, run.id, now),
    },
  );
}

beforeAll(startDatabase);
afterAll(stopDatabase);
beforeEach(reset);

test("a cluster has the version that it tells itself, until the cloud tells another", async () => {
  const version = async () =>
    (await rows<{ version: string }>(`SELECT "version" FROM "Cluster" WHERE "id" = $1`, input.cluster.id))[0]?.version;
  await rows(`UPDATE "Cluster" SET "aliases" = ARRAY['/ids/' || "id"] WHERE "id" = $1`, input.cluster.id);
  await discover(true, undefined, "1.32");
  expect(await version()).toBe("1.32");
  await scan(estate());
  expect(await version()).toBe("1.33.1");
  await discover(true, undefined, "1.33");
  expect(await version()).toBe("1.33.1");
  await discover(true);
  expect(await version()).toBe("1.33.1");
  await discover(true, undefined, "1.33.10"); // its API may not be readable any more
  expect(await version()).toBe("1.33.10");
  await discover(true, undefined, "1.33.1");
  expect(await version()).toBe("1.33.1");
  await discover(true, undefined, "1.34");
  expect(await version()).toBe("1.34");
});

test("an authority is its certificates, whatever their order and spacing", () => {
  const block = (body: string) => `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
  expect(authorityOf(block("AAA") + block("BBB"))).toBe(authorityOf(`x ${block("BBB")}\n${block("AA\nA")}`));
  expect(authorityOf(block("AAA"))).not.toBe(authorityOf(block("AAB")));
  expect(authorityOf("nothing")).toBeNull();
});

describe("two rows that claim one kube-system UID", () => {
  test("behind different authorities stay two, and nobody's findings move", async () => {
    await settle(input.cluster, null, { uid: UID, authority: "a" });
    await scan(estate());
    const [victim, before] = [input, await open()];
    const fleet = await lastScore("fleet", null);
    await newCluster();
    for (const authority of ["b", null]) {
      expect(await settle(input.cluster, null, { uid: UID, authority })).toMatchObject({
        as: "contested",
        gap: { code: "error" },
      });
    }
    expect(await uidOf(input.cluster.id)).toMatchObject({ uid: null, gone: false });
    use(victim);
    expect(await open()).toBe(before);
    expect(await uidOf(victim.cluster.id)).toMatchObject({ uid: UID, gone: false });
    expect(await lastScore("fleet", null)).toBe(fleet);
  });

  test("behind one authority are one: what was found under Arc's name stays open under the cloud's", async () => {
    await rows(`UPDATE "Cluster" SET "distribution" = 'arc' WHERE "id" = $1`, input.cluster.id);
    await settle({ ...input.cluster, distribution: "arc" }, null, { uid: UID, authority: "a" });
    await scan(estate());
    const [arc, before] = [input, await open()];
    const fleet = await lastScore("fleet", null);
    await newCluster();
    expect(await settle(input.cluster, null, { uid: UID, authority: "a" })).toEqual({ as: "own" });
    expect(await uidOf(arc.cluster.id)).toEqual({ uid: null, aliasOf: input.cluster.id, gone: true });
    expect(await open()).toBe(before);
    expect(await lastScore("fleet", null)).toBe(fleet);
    expect(await lastScore("account", arc.cluster.accountId)).toBeNull();
    // A scan that may read next to nothing closes nothing of what moved.
    await scan(estate(), { denied: ["Deployment", "ReplicaSet", "Pod"] });
    expect(await open()).toBe(before);
    expect(await lastScore("fleet", null)).toBeLessThanOrEqual(Number(fleet));
  });

  test("a second name is a cluster again when its first is gone", async () => {
    await rows(`UPDATE "Cluster" SET "distribution" = 'arc', "aliases" = $2 WHERE "id" = $1`, input.cluster.id, [
      `/ids/${input.cluster.id}`,
    ]);
    const arc = { ...input, cluster: { ...input.cluster, distribution: "arc" as const } };
    await settle(arc.cluster, null, { uid: UID, authority: "a" });
    await newCluster();
    const eks = input;
    await settle(eks.cluster, null, { uid: UID, authority: "a" });
    use(arc);
    await discover(true);
    expect(await uidOf(arc.cluster.id)).toMatchObject({ aliasOf: eks.cluster.id, gone: true });
    await rows(`UPDATE "Account" SET "enabled" = false WHERE "id" = $1`, eks.cluster.accountId);
    await discover(true);
    expect(await uidOf(arc.cluster.id)).toEqual({ uid: null, aliasOf: null, gone: false });
    const fence = await claimLease(db.pool, arc.cluster.id, "test", 45);
    if (fence === null) throw new Error("no lease");
    use({ ...arc, fence });
    expect(await settle(arc.cluster, null, { uid: UID, authority: "a" })).toEqual({ as: "own" });
    expect(await uidOf(arc.cluster.id)).toMatchObject({ uid: UID });
  });
});

describe("a cluster that was gone", () => {
  beforeEach(async () => {
    await rows(`UPDATE "Cluster" SET "aliases" = $2 WHERE "id" = $1`, input.cluster.id, [`/ids/${input.cluster.id}`]);
  });

  test.each([
    ["unchanged", {}],
    ["unreachable", { unreachable: true }],
    ["with its pods denied", { denied: ["Deployment", "ReplicaSet", "Pod"] }],
  ])("and is back %s has its findings open, and no better score", async (_how, fault) => {
    const objects = estate();
    await scan(objects);
    const [before, score] = [await open(), await lastScore("account", input.cluster.accountId)];
    await discover(false);
    expect(await open()).toBe(0);
    await discover(true);
    expect(await open()).toBe(before);
    await scan(objects, fault);
    expect(await open()).toBe(before);
    expect(await lastScore("account", input.cluster.accountId)).toBeLessThanOrEqual(Number(score));
    // Nothing in it changed, so nothing is judged anew; it was looked at all the same.
    await scan(objects);
    expect(await lastScore("account", input.cluster.accountId)).toBe(score);
    expect((await findings()).filter(({ state }) => state === "open")).toMatchObject([
      { notRechecked: null },
      { notRechecked: null },
    ]);
  });

  test("a new one under the same name is a new cluster, and is read", async () => {
    await scan(estate());
    const old = input.cluster.id;
    const settled = await settle(input.cluster, UID, { uid: "another", authority: "b" });
    if (settled.as !== "replaced") throw new Error(settled.as);
    expect(await open()).toBe(0);
    expect(await uidOf(old)).toMatchObject({ uid: null, gone: true });
    use({ ...input, cluster: { ...input.cluster, id: settled.id }, fence: 0n });
    expect(await scan(estate())).toMatchObject({ status: "complete", opened: 2 });
    await discover(true, `/ids/${old}`);
    expect(
      await rows(`SELECT "id" FROM "Cluster" WHERE "goneAt" IS NULL AND "accountId" = $1`, input.cluster.accountId),
    ).toEqual([{ id: settled.id }]);
  });

  test("the address of an Arc cluster that another answers at is a person's mistake to mend", async () => {
    const arc = { ...input.cluster, distribution: "arc" as const };
    expect(await settle(arc, UID, { uid: "another", authority: "b" })).toEqual({ as: "own" });
    expect(await uidOf(arc.id)).toMatchObject({ gone: false });
  });
});

describe("an API server that tells a new UID with every scan", () => {
  const changed = (id: string, now = clock) =>
    settleIdentity(
      db.pool,
      { ...input.cluster, id, uid: UID },
      { uid: uuidv7(), authority: "a" },
      {
        id: uuidv7(),
        now: new Date(now),
        fence: 0n,
      },
      judge,
    );
  const named = async () => Number((await rows<{ n: number }>(`SELECT count(*)::int AS n FROM "Cluster"`))[0]?.n);
  const began = async () => {
    await rows(
      `UPDATE "Cluster" SET "fence" = 0, "uid" = $2, "firstSeenAt" = $3 WHERE "id" = $1`,
      input.cluster.id,
      UID,
      new Date(clock),
    );
    return input.cluster.id;
  };

  test("is not believed for long, piles up no rows, and says so", async () => {
    let id = await began();
    const said: string[] = [];
    for (let turn = 0; turn < 12; turn += 1) {
      const identity = await changed(id);
      said.push(identity.as);
      if (identity.as === "replaced") {
        id = identity.id;
        expect(asked.at(-1)).toBe(id);
      }
      if (identity.as === "unsteady") expect(identity.gap.message).toMatch(/keeps telling another/);
    }
    expect(said.slice(0, 3)).toEqual(["replaced", "replaced", "unsteady"]);
    expect(new Set(said.slice(2))).toEqual(new Set(["unsteady"]));
    expect(await named()).toBe(3);
    expect((await changed(id, clock + 40 * 86_400_000)).as).toBe("replaced"); // long after
  });

  test("is believed each time where its cloud says that the cluster was made anew", async () => {
    let id = await began();
    for (let day = 1; day <= 5; day += 1) {
      const createdAt = new Date(clock + day * 86_400_000).toISOString();
      await rows(
        `UPDATE "Cluster" SET "managed" = jsonb_set("managed", '{createdAt}', to_jsonb($2::text)) WHERE "id" = $1`,
        id,
        createdAt,
      );
      const identity = await changed(id, clock + day * 86_400_000 + 1000);
      expect(identity.as).toBe("replaced");
      if (identity.as === "replaced") id = identity.id;
    }
  });
});
