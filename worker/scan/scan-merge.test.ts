import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { KubernetesReader } from "@/connectors/connector";
import { uuidv7 } from "@/lib/id";
import {
  clock,
  db,
  estate,
  findings,
  input,
  ledgersAddUp,
  newCluster,
  readerOf,
  reset,
  rows,
  startDatabase,
  stopDatabase,
} from "../testing/scan-fixture";
import { settleIdentity } from "./identity";
import { scanCluster } from "./scan-cluster";

beforeAll(startDatabase);
afterAll(stopDatabase);
beforeEach(reset);

const SEEN = { uid: "uid-of-kube-system", authority: "a" };
const settle = (cluster: typeof input.cluster, fence = 7n) =>
  settleIdentity(db.pool, { ...cluster, uid: null }, SEEN, { id: uuidv7(), now: new Date(clock), fence });
const stored = async (table: "Resource" | "RunningImage", clusterId: string): Promise<number> =>
  (await rows<{ n: number }>(`SELECT count(*)::int AS n FROM "${table}" WHERE "clusterId" = $1`, clusterId))[0]?.n ?? 0;
const open = async () => (await findings()).filter(({ state }) => state === "open").map(({ id }) => id);
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
        expect(await settle(arc)).toEqual({ as: "second-name" });
      }
      return yield* reader.list(...asked);
    },
  };
  await expect(scanWith(overtaken, 2)).rejects.toMatchObject({
    name: "MovedError",
    message: expect.stringMatching(/^one turned out to be the same cluster .* Nothing of this scan was written/),
    cause: expect.objectContaining({ code: "23505" }),
  });
  expect(isMerged).toBe(true);
  expect(await stored("Resource", input.cluster.id)).toBe(resources);
  expect(await stored("RunningImage", input.cluster.id)).toBe(images);
  expect(await stored("Resource", arc.id)).toBe(0);
  expect(await open()).toEqual(before);
  expect(await rows(`SELECT 1 FROM "Scan" WHERE "clusterId" = $1 AND "status" <> 'running'`, input.cluster.id)).toEqual(
    [],
  );

  expect(await scanWith(reader, 3)).toMatchObject({ status: "complete", opened: 0, resolved: 0 });
  expect(await stored("Resource", input.cluster.id)).toBe(resources);
  expect(await stored("RunningImage", input.cluster.id)).toBe(images);
  expect(await open()).toEqual(before);
  await ledgersAddUp();
});
