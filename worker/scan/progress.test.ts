import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LISTED_KINDS } from "@/domain/inventory/schema";
import { uuidv7 } from "@/lib/id";
import { db, estate, input, newCluster, reset, rows, scan, startDatabase, stopDatabase } from "../testing/scan-fixture";
import type { Collected } from "./collect";
import { reporter } from "./progress";

beforeAll(async () => {
  await startDatabase();
  await reset();
  await newCluster();
});
afterAll(stopDatabase);

test("a running scan tells how far it is, not more than once a second; one that is over is left alone", async () => {
  const scanId = uuidv7();
  const { id, accountId } = input.cluster;
  await rows(
    `INSERT INTO "Scan" ("id", "accountId", "clusterId", "kind", "trigger", "status") VALUES ($1, $2, $3, 'cluster', 'manual', 'running')`,
    ...[scanId, accountId, id],
  );
  const stats = async () => (await rows(`SELECT "stats" FROM "Scan" WHERE "id" = $1`, scanId))[0]?.stats;
  const seen: Collected[] = [];
  const tell = reporter(db.pool, scanId);
  const page = (collected: Collected) => {
    seen.push(structuredClone(collected));
    tell(collected);
  };
  await scan(estate(), { onPage: page });
  const last = seen.at(-1);
  if (last === undefined) throw new Error("no page was read");
  expect(await stats()).toEqual({}); // it took less than a second
  await sleep(1050);
  tell(last);
  await expect
    .poll(stats)
    .toEqual({ progress: { kinds: expect.any(Number), of: LISTED_KINDS.length, objects: last.sightings.size } });
  await rows(`UPDATE "Scan" SET "status" = 'complete', "stats" = '{}' WHERE "id" = $1`, scanId);
  await sleep(1050);
  tell(last);
  await sleep(200);
  expect(await stats()).toEqual({});
});
