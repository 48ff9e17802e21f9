import { beforeEach, expect, test } from "vitest";
import type { KubernetesReader } from "@/connectors/connector";
import { mintScope } from "@/domain/access/scope";
import { claimLease, isFree } from "@/domain/inventory/lease/store";
import { LISTED_KINDS } from "@/domain/inventory/schema";
import { requestExemption, withdrawExemption } from "@/domain/posture/exemption/mutations";
import { NoPlaceError } from "@/domain/posture/exemption/reach";
import { applyExemptionChange } from "@/domain/posture/exemption/reconcile/store";
import type { ExemptionTarget } from "@/domain/posture/exemption/schema";
import { inTransaction } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { useScanDatabase } from "../testing/scan-database";
import {
  clock,
  db,
  estate,
  findings,
  input,
  ledgersAddUp,
  newCluster,
  readerOf,
  rows,
  use,
} from "../testing/scan-fixture";
import { settleIdentity } from "./identity";
import { scanCluster } from "./scan-cluster";

useScanDatabase();
beforeEach(async () => {
  asked.length = 0;
});

/** Rows that a merge asked a scan of. */
const asked: string[] = [];
const SEEN = { uid: "uid-of-kube-system", authority: "a" };
const settle = (cluster: typeof input.cluster, fence = 7n) =>
  settleIdentity(
    db.pool,
    { ...cluster, uid: null },
    SEEN,
    { id: uuidv7(), now: new Date(clock + 10), fence },
    async (_tx, id) => asked.push(id),
  );
const stored = async (table: "Resource" | "RunningImage", clusterId: string): Promise<number> =>
  (await rows<{ n: number }>(`SELECT count(*)::int AS n FROM "${table}" WHERE "clusterId" = $1`, clusterId))[0]?.n ?? 0;
const open = async () => (await findings()).filter(({ state }) => state === "open").map(({ id }) => id);
/** As the next scan does: whoever had the lease has it no more, and it is free. */
async function retake(): Promise<void> {
  expect(await isFree(db.pool, input.cluster.id)).toBe(true);
  const fence = await claimLease(db.pool, input.cluster.id, "test", 45);
  if (fence === null) throw new Error("no lease");
  use({ ...input, fence });
}
const scanWith = (reader: KubernetesReader, at: number) =>
  scanCluster({ ...input, reader, scanId: uuidv7(), now: new Date(clock + at) });

test("a first scan that a merge overtakes writes nothing, says why, and loses nothing: its retry succeeds", async () => {
  const objects = estate();
  await rows(`UPDATE "Cluster" SET "distribution" = 'arc' WHERE "id" = $1`, input.cluster.id);
  const arc = { ...input.cluster, distribution: "arc" as const };
  await scanWith(readerOf(objects), 1);
  await rows(`UPDATE "Cluster" SET "uid" = NULL WHERE "id" = $1`, arc.id); // as when its account was paused meanwhile
  const [resources, images, before] = [
    await stored("Resource", arc.id),
    await stored("RunningImage", arc.id),
    await open(),
  ];
  expect(before.length).toBeGreaterThan(0);

  // The cloud's own row is scanned for the first time. While it lists, Arc's scan finds out that the two are one.
  await newCluster();
  expect(await settle(input.cluster)).toEqual({ as: "own" });
  const reader = readerOf(objects);
  let isMerged = false;
  const overtaken: KubernetesReader = {
    ...reader,
    async *list(...asked) {
      if (!isMerged) {
        isMerged = true;
        expect(await settle(arc)).toEqual({ as: "second-name", id: input.cluster.id });
      }
      return yield* reader.list(...asked);
    },
  };
  await expect(scanWith(overtaken, 2)).rejects.toMatchObject({
    name: "FencedError",
    message: expect.stringMatching(
      /turned out to be another account's cluster too; the results of this one are dropped/,
    ),
  });
  expect(isMerged).toBe(true);
  expect(await stored("Resource", input.cluster.id)).toBe(resources);
  expect(await stored("RunningImage", input.cluster.id)).toBe(images);
  expect(await stored("Resource", arc.id)).toBe(0);
  expect(await open()).toEqual(before);
  expect(await rows(`SELECT 1 FROM "Scan" WHERE "clusterId" = $1 AND "status" <> 'running'`, input.cluster.id)).toEqual(
    [],
  );

  await retake();
  expect(await scanWith(reader, 3)).toMatchObject({ status: "complete", opened: 0, resolved: 0 });
  expect(await stored("Resource", input.cluster.id)).toBe(resources);
  expect(await stored("RunningImage", input.cluster.id)).toBe(images);
  expect(await open()).toEqual(before);
  await ledgersAddUp();
});

/** Reads what `reader` does, and has `meanwhile` happen once while it lists. */
function interrupted(reader: KubernetesReader, meanwhile: () => Promise<unknown>): KubernetesReader {
  let isOver = false;
  return {
    ...reader,
    async *list(...asked) {
      if (!isOver) {
        isOver = true;
        await meanwhile();
      }
      return yield* reader.list(...asked);
    },
  };
}
const blind = readerOf([], { denied: LISTED_KINDS.map(({ kind }) => kind) });

test("no scan of either row that began before the merge commits on what is now one cluster", async () => {
  const objects = estate();
  await scanWith(blind, 1); // the cloud's row was looked at before, and showed nothing
  await rows(`UPDATE "Cluster" SET "uid" = NULL WHERE "id" = $1`, input.cluster.id);
  const eks = input;
  await newCluster();
  await rows(`UPDATE "Cluster" SET "distribution" = 'arc' WHERE "id" = $1`, input.cluster.id);
  const arc = { ...input, cluster: { ...input.cluster, distribution: "arc" as const } };
  use(arc);
  await scanWith(readerOf(objects), 2);
  expect(await settle(arc.cluster)).toEqual({ as: "own" });
  const before = await open();
  expect(before.length).toBeGreaterThan(0);

  // While Arc's row is scanned, the cloud's finds out that the two are one: Arc's scan would write on a second name.
  use(arc);
  const merging = interrupted(readerOf(objects.slice(3)), async () =>
    expect(await settle(eks.cluster)).toEqual({ as: "own" }),
  );
  await expect(scanWith(merging, 3)).rejects.toMatchObject({ name: "FencedError" });
  expect(await stored("Resource", arc.cluster.id)).toBe(0);
  expect(asked).toEqual([]); // the scan that found out goes on
  use(eks);
  expect(await open()).toEqual(before);
  expect(await scanWith(readerOf(objects), 4)).toMatchObject({ status: "complete", opened: 0, resolved: 0 });
  await ledgersAddUp();
});

test("a later scan of the row that stays, which compared with its own only, is refused and begins anew", async () => {
  const objects = estate();
  await scanWith(blind, 1);
  expect(await settle(input.cluster)).toEqual({ as: "own" });
  const eks = input;
  await newCluster();
  await rows(`UPDATE "Cluster" SET "distribution" = 'arc' WHERE "id" = $1`, input.cluster.id);
  const arc = { ...input, cluster: { ...input.cluster, distribution: "arc" as const } };
  await scanWith(readerOf(objects), 2);
  const before = await open();
  use(eks);
  const merging = interrupted(blind, async () =>
    expect(await settle(arc.cluster)).toEqual({ as: "second-name", id: eks.cluster.id }),
  );
  await expect(scanWith(merging, 3)).rejects.toMatchObject({ name: "FencedError" });
  expect(await open()).toEqual(before);
  await retake();
  expect(await scanWith(blind, 4)).toMatchObject({ status: "failed", resolved: 0 });
  expect(await open()).toEqual(before);
  await ledgersAddUp();
});

test("what moved is of the account that the cluster is in: who sees the other account only sees none of its history", async () => {
  const objects = estate();
  await rows(`UPDATE "Cluster" SET "distribution" = 'arc' WHERE "id" = $1`, input.cluster.id);
  const arc = { ...input.cluster, distribution: "arc" as const };
  await scanWith(readerOf(objects), 1);
  await scanWith(readerOf(objects.slice(3)), 2);
  expect(await settle(arc)).toEqual({ as: "own" });
  await newCluster();
  await scanWith(readerOf(objects), 3); // some findings are known under both names
  await scanWith(readerOf([]), 4);
  const counted = (table: string, accountId: string) =>
    rows(`SELECT 1 FROM "${table}" WHERE "accountId" = $1 LIMIT 1`, accountId);
  expect(await counted("FindingTransition", arc.accountId)).toHaveLength(1);
  expect(await settle(input.cluster)).toEqual({ as: "own" });

  expect(await counted("Finding", arc.accountId)).toEqual([]);
  expect(await counted("FindingTransition", arc.accountId)).toEqual([]);
  for (const table of ["ResourceChange", "SoleFailure", "Resource", "RunningImage", "ControlRollup", "GroupRollup"])
    expect([table, await rows(`SELECT 1 FROM "${table}" WHERE "clusterId" = $1`, arc.id)]).toEqual([table, []]);
  expect(await rows(`SELECT 1 FROM "FindingTransition" WHERE "findingId" NOT IN (SELECT "id" FROM "Finding")`)).toEqual(
    [],
  );
  // One history each, that ends with how the finding is.
  const ends = await rows<{ state: string; change: string }>(
    `SELECT DISTINCT f."state", (SELECT t."change" FROM "FindingTransition" t WHERE t."findingId" = f."id" ORDER BY t."at" DESC, t."id" DESC LIMIT 1) AS change FROM "Finding" f ORDER BY 1, 2`,
  );
  expect(ends.length).toBeGreaterThan(0);
  for (const { state, change } of ends) expect([state, change === "resolved"]).toEqual([state, state === "resolved"]);
});

test("a merge asks for a scan of the row that stays, unless that is being scanned; what is exempted under the other name stays so", async () => {
  const objects = estate();
  const reachable = (one: typeof input): typeof input => {
    const managed = one.cluster.managed && { ...one.cluster.managed, api: { publicEndpoint: true } };
    return { ...one, cluster: { ...one.cluster, managed } };
  };
  use(reachable(input));
  await scanWith(readerOf(objects), 1);
  expect(await settle(input.cluster)).toEqual({ as: "own" });
  const eks = input;
  await newCluster();
  await rows(`UPDATE "Cluster" SET "distribution" = 'arc', "name" = 'two' WHERE "id" = $1`, input.cluster.id);
  const arc = { ...input, cluster: { ...input.cluster, distribution: "arc" as const, name: "two" } };
  use(reachable(arc));
  await scanWith(readerOf(objects), 2);
  const inArc = { account: arc.cluster.accountId, cluster: arc.cluster.id };
  const exempted = async () =>
    (
      await rows<{ controlId: string; name: string }>(
        `SELECT "controlId", "name" FROM "Finding" WHERE "clusterId" = $1 AND "exemptionId" IS NOT NULL AND "state" = 'open' ORDER BY 1, 2`,
        eks.cluster.id,
      )
    ).map(({ controlId, name }) => `${controlId} ${name}`);
  const change = (state: "active", id: string, targets: ExemptionTarget[]) =>
    inTransaction(db.pool, async (tx) => {
      await tx.query(
        `INSERT INTO "Exemption" ("id", "type", "state", "targets", "everywhere", "accountIds", "reason", "requestedBy", "requestedAt")
         VALUES ($1, 'waiver', $2, $3, false, $4, 'why', 'me', now()) ON CONFLICT ("id") DO UPDATE SET "state" = $2`,
        [id, state, JSON.stringify(targets), [arc.cluster.accountId]],
      );
      return applyExemptionChange(tx, { id, targets }, new Date(clock + 60_000));
    });
  const [privileged, facts, account] = [uuidv7(), uuidv7(), uuidv7()];
  expect(await change("active", privileged, [{ ...inArc, control: "SW-9001" }])).toBe(1);
  expect(await change("active", facts, [{ ...inArc, kind: "ManagedCluster", name: "two" }])).toBe(1);
  expect(await change("active", account, [{ account: arc.cluster.accountId, control: "SW-9002" }])).toBe(1);
  expect(asked).toEqual([]);

  expect(await settle(arc.cluster)).toEqual({ as: "second-name", id: eks.cluster.id });
  expect(asked).toEqual([eks.cluster.id]);
  use(eks);
  await retake();
  await scanWith(readerOf(objects), 3);
  // What was asked for a whole account does not follow the cluster into another.
  expect(await exempted()).toEqual(["SW-9001 batch", "SW-9003 one"]);
  expect(await settle(eks.cluster, input.fence)).toEqual({ as: "own" });
  expect(asked).toEqual([eks.cluster.id]);

  // What named the one now names the other, is of the other's account alone, and ends there.
  const [moved] = await rows<{ targets: ExemptionTarget[]; accountIds: string[] }>(
    `SELECT "targets", "accountIds" FROM "Exemption" WHERE "id" = $1`,
    privileged,
  );
  const inEks = { account: eks.cluster.accountId, cluster: eks.cluster.id };
  expect(moved).toEqual({ targets: [{ ...inEks, control: "SW-9001" }], accountIds: [eks.cluster.accountId] });
  const admin = (accountId: string) => mintScope(null, "Olga", [{ role: "Security Admin", accountId }]);
  const [here, there] = [admin(eks.cluster.accountId), admin(arc.cluster.accountId)];
  expect(await withdrawExemption(there, privileged)).toBeNull();
  expect(await withdrawExemption(here, privileged)).toEqual({ findings: 1 });
  expect(await exempted()).toEqual(["SW-9003 one"]);
  // Who may only see the second name exempts nothing of what it stands for; who may see both may use either.
  const later = {
    ...{
      type: "waiver" as const,
      reason: "It is being replaced.",
      evidence: "",
      expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
    },
    targets: [{ ...inArc, namespace: "shop", control: "SW-9001" }],
  };
  await expect(requestExemption(there, later)).rejects.toBeInstanceOf(NoPlaceError);
  const both = mintScope(null, "Olga", [{ role: "Security Admin", accountId: null }]);
  expect(await requestExemption(both, later)).toMatchObject({ state: "active", findings: 1 });
  expect(await exempted()).toEqual(["SW-9001 batch", "SW-9003 one"]);
  await scanWith(readerOf(objects), 4);
  expect(await exempted()).toEqual(["SW-9001 batch", "SW-9003 one"]);
  await ledgersAddUp();
});
