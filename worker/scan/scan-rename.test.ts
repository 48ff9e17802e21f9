import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { renameManaged } from "@/domain/inventory/identity/store";
import { inTransaction } from "@/lib/db";
import { db, estate, input, reset, rows, scan, startDatabase, stopDatabase } from "../testing/scan-fixture";

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
