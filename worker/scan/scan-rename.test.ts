import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { renameManaged } from "@/domain/inventory/identity/store";
import { inTransaction } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import {
  clock,
  db,
  estate,
  input,
  newCluster,
  reset,
  rows,
  scan,
  startDatabase,
  stopDatabase,
} from "../testing/scan-fixture";
import { settleIdentity } from "./identity";

beforeAll(startDatabase);
afterAll(stopDatabase);
beforeEach(reset);

test("of the facts of three names that became one, those of the first take its name, and the others wait to be gone", async () => {
  for (const name of ["b", "a"])
    await rows(
      `INSERT INTO "Resource" ("clusterId", "apiGroup", "kind", "namespace", "name", "hash", "ownerKind", "ownerName", "doc", "firstSeenAt", "changedAt")
       VALUES ($1, '', 'ManagedCluster', '', $2, $2, 'ManagedCluster', $2, '{}', now(), now())`,
      input.cluster.id,
      name,
    );
  await inTransaction(db.pool, (tx) => renameManaged(tx, { table: "Resource", key: [] }, input.cluster.id));
  const named = () =>
    rows<{ name: string; hash: string }>(
      `SELECT "name", "hash" FROM "Resource" WHERE "clusterId" = $1 AND "kind" = 'ManagedCluster' ORDER BY "name"`,
      input.cluster.id,
    );
  expect(await named()).toEqual([
    { name: "b", hash: "b" },
    { name: "one", hash: "a" },
  ]);
  await scan(estate());
  expect((await named()).map(({ name }) => name)).toEqual(["one"]);
});

test("a merge while somebody decides on an exemption of the other name merges nothing, and is tried again", async () => {
  const settle = (cluster: typeof input.cluster) =>
    settleIdentity(
      db.pool,
      { ...cluster, uid: null },
      { uid: "uid-of-kube-system", authority: "a" },
      { id: uuidv7(), now: new Date(clock + 10), fence: 7n },
      async () => undefined,
    );
  await scan(estate());
  expect(await settle(input.cluster)).toEqual({ as: "own" });
  await newCluster();
  await rows(`UPDATE "Cluster" SET "distribution" = 'arc' WHERE "id" = $1`, input.cluster.id);
  const arc = { ...input.cluster, distribution: "arc" as const };
  await rows(
    `INSERT INTO "Exemption" ("id", "type", "state", "targets", "everywhere", "accountIds", "reason", "requestedBy", "requestedAt")
     VALUES ($1, 'waiver', 'requested', $2, false, $3, 'why', 'me', now())`,
    uuidv7(),
    JSON.stringify([{ account: arc.accountId, cluster: arc.id }]),
    [arc.accountId],
  );
  await inTransaction(db.pool, async (tx) => {
    await tx.query(`SELECT FROM "Exemption" FOR UPDATE`);
    await expect(settle(arc)).rejects.toMatchObject({ code: "55P03" });
  });
  expect(await rows(`SELECT "aliasOf" FROM "Cluster" WHERE "aliasOf" IS NOT NULL`)).toEqual([]);
  expect(await settle(arc)).toMatchObject({ as: "second-name" });
});
