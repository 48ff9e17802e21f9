import { setTimeout as wait } from "node:timers/promises";
import type { PoolClient } from "pg";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { KubernetesReader } from "@/connectors/connector";
import { type KubernetesObject, LISTED_KINDS } from "@/domain/inventory/schema";
import { applyExemptionChange } from "@/domain/posture/exemption/reconcile/store";
import { inTransaction } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import {
  clock,
  deployment,
  input,
  meta,
  readerOf,
  reset,
  rows,
  startDatabase,
  stopDatabase,
} from "../testing/scan-fixture";
import { type ScanInput, scanCluster } from "./scan-cluster";

beforeAll(startDatabase);
afterAll(stopDatabase);
beforeEach(reset);

/** A Deployment and its ReplicaSet, in a cluster of 3,500 pods. */
function manyPods(): KubernetesObject[] {
  const [top, set, pod] = deployment("web", true);
  if (top === undefined || set === undefined || pod === undefined) throw new Error("A deployment has three objects.");
  const pods = Array.from({ length: 3500 }, (_, at) => ({
    ...pod,
    metadata: meta(`web-${at}`, "shop", ["apps/v1", "ReplicaSet", set.metadata.name, set.metadata.uid]),
  }));
  return [top, set, ...pods];
}

/** Pods come in pages of 500; `after` runs when so many of them were taken in. */
function paged(objects: KubernetesObject[], after: (pods: number) => Promise<void> = async () => undefined) {
  const whole = readerOf(objects);
  const reader: KubernetesReader = {
    ...whole,
    async *list(kind) {
      if (kind.kind !== "Pod") return yield* whole.list(kind);
      const pods = objects.filter((object) => object.kind === "Pod");
      for (let at = 0; at < pods.length; at += 500) {
        yield pods.slice(at, at + 500);
        await after(Math.min(at + 500, pods.length));
      }
      return { complete: true, gaps: [] };
    },
  };
  return reader;
}

const look = (reader: KubernetesReader, more: Partial<ScanInput> = {}) =>
  scanCluster({ ...input, reader, scanId: uuidv7(), now: new Date(clock + 1), ...more });
const stored = () =>
  rows<{ kind: string; name: string; doc: { metadata: { labels?: object } }; resourceVersion: string }>(
    `SELECT "apiGroup", "kind", "namespace", "name", "uid", "resourceVersion", "hash", "ownerKind", "ownerName", "outcomes",
       "shape", "running", "doc", "firstSeenAt", "changedAt" FROM "Resource" ORDER BY "kind", "name"`,
  );
/** Transactions of this database that wait for their holder. */
const waiting = async (): Promise<number> =>
  (
    await rows<{ pid: number }>(
      `SELECT "pid" FROM "pg_stat_activity" WHERE "datname" = current_database() AND "state" = 'idle in transaction'`,
    )
  ).length;
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await wait(5);
}
/** Rows are written, whoever may see them. */
const isWriting = async (): Promise<boolean> => (await waiting()) === 1;

test("pods are written while the list goes on, nobody sees them before the commit, and the result is the same", async () => {
  const objects = manyPods();
  let seenEarly: unknown[] | undefined;
  const outcome = await look(
    paged(objects, async (pods) => {
      if (pods !== 3000) return;
      await until(isWriting);
      seenEarly = await stored();
    }),
  );
  expect(seenEarly).toEqual([]);
  expect(outcome).toMatchObject({ status: "complete", listed: 3503, opened: 2 });
  const [ahead, changed] = [await stored(), outcome.changed];
  expect(ahead.filter(({ kind }) => kind === "Pod")).toHaveLength(3500);

  await reset();
  const plain = await look(readerOf(objects)); // one page: there is nothing to be ahead of
  expect(plain.changed).toBe(changed);
  expect(await stored()).toEqual(ahead);
  expect(await look(paged(objects))).toMatchObject({ status: "complete", changed: 0 });
});

test("a cluster that takes its time holds no transaction open; its pods are written by the commit", async () => {
  const outcome = await look(
    paged(manyPods(), async (pods) => {
      if (pods === 2000) await until(isWriting);
      if (pods === 2000) await until(async () => (await waiting()) === 0);
    }),
    // Longer than a busy machine writes them: a transaction that was given up before anybody looked was never seen waiting.
    { patienceMs: 3000 },
  );
  expect(outcome).toMatchObject({ status: "complete", listed: 3503 });
  expect(await stored()).toHaveLength(3504); // and the managed cluster
});

test("nobody who exempts findings waits for a cluster that is being listed", async () => {
  let isExempted = false;
  const exempted = paged(manyPods(), async (pods) => {
    if (pods !== 3000) return;
    await until(isWriting);
    await inTransaction(input.pool, async (tx) => {
      await tx.query(`SET LOCAL lock_timeout = '1s'`);
      await applyExemptionChange(tx, { id: uuidv7(), targets: [{ cluster: input.cluster.id }] }, new Date(clock));
    });
    isExempted = true;
  });
  expect(await look(exempted)).toMatchObject({ status: "complete", listed: 3503, opened: 2 });
  expect(isExempted).toBe(true);
});

test("a scan that another one overtakes leaves nothing of what it wrote ahead", async () => {
  const overtaken = paged(manyPods(), async (pods) => {
    if (pods !== 3000) return;
    await until(isWriting);
    await rows(`UPDATE "Cluster" SET "fence" = 8 WHERE "id" = $1`, input.cluster.id);
  });
  await expect(look(overtaken)).rejects.toMatchObject({ name: "FencedError" });
  expect([await stored(), await waiting()]).toEqual([[], 0]);
});

test("of a pod that comes twice the later is kept", async () => {
  const objects = manyPods();
  const last = objects.at(-1);
  const first = objects.find(({ kind }) => kind === "Pod");
  if (last === undefined || first === undefined) throw new Error("There are pods.");
  const moved = { ...first, metadata: { ...first.metadata, resourceVersion: "moved", labels: { now: "other" } } };
  objects.splice(objects.length - 1, 1, last, moved);
  expect(await look(paged(objects))).toMatchObject({ status: "complete", listed: 3503 });
  const row = (await stored()).find(({ kind, name }) => kind === "Pod" && name === first.metadata.name);
  expect(row).toMatchObject({ resourceVersion: "moved" });
  expect(await look(paged([...objects.filter((object) => object !== first)]))).toMatchObject({ changed: 0 });
});

test("nothing of another cluster that answers at the address is written", async () => {
  await rows(`UPDATE "Cluster" SET "uid" = 'known' WHERE "id" = $1`, input.cluster.id);
  const seen: number[] = [];
  const outcome = await look(paged(manyPods(), async () => void seen.push(await waiting())));
  expect(outcome).toMatchObject({ status: "failed", reasons: [{ code: "malformed", what: "kube-system" }] });
  expect(seen).toEqual(seen.map(() => 0));
  expect((await stored()).filter(({ kind }) => LISTED_KINDS.some((listed) => listed.kind === kind))).toEqual([]);
});

test("a fault of ours while listing leaves no transaction", async () => {
  const failing = paged(manyPods(), async (pods) => {
    if (pods !== 3000) return;
    await until(isWriting);
    throw new Error("a fault of ours");
  });
  await expect(look(failing)).rejects.toThrow("a fault of ours");
  expect([await stored(), await waiting()]).toEqual([[], 0]);
});

test("when the connection dies while the cluster is listed, the commit writes it all, even if nobody has heard of it", async () => {
  let begun: PoolClient | undefined;
  const cut = paged(manyPods(), async (pods) => {
    if (pods === 500)
      input.pool.once("acquire", (client) => {
        begun = client;
      });
    if (pods !== 1500) return;
    await until(isWriting);
    begun?.removeAllListeners("error").on("error", () => undefined);
    await rows(
      `SELECT pg_terminate_backend("pid") FROM "pg_stat_activity" WHERE "datname" = current_database() AND "state" = 'idle in transaction'`,
    );
    await until(async () => (await waiting()) === 0);
  });
  expect(await look(cut)).toMatchObject({ status: "complete", listed: 3503 });
  expect(begun).toBeDefined();
  expect(await stored()).toHaveLength(3504);
});

test("a pod that came from elsewhere meanwhile is no fault of the database's, and nothing is written", async () => {
  const objects = manyPods();
  const taken = objects.find(({ kind }) => kind === "Pod");
  const met = paged(objects, async (pods) => {
    if (pods !== 500) return;
    await rows(
      `INSERT INTO "Resource" ("clusterId", "apiGroup", "kind", "namespace", "name", "hash", "ownerKind", "ownerName", "doc", "firstSeenAt", "changedAt")
       VALUES ($1, '', 'Pod', 'shop', $2, 'h', 'Pod', 'x', '{}', now(), now())`,
      input.cluster.id,
      taken?.metadata.name,
    );
  });
  await expect(look(met)).rejects.toMatchObject({ name: "FencedError", cause: { code: "23505" } });
  expect(await stored()).toHaveLength(1);
  expect(await waiting()).toBe(0);
});
