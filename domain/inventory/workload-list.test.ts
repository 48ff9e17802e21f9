import { expect, it } from "vitest";
import { mintScope } from "@/domain/access/scope";
import { makePlace } from "@/domain/access/testing/personas";
import { pool } from "@/lib/db";
import { useTestDatabase } from "@/lib/testing/use-database";
import { listWorkloads } from "./queries";

useTestDatabase();

it("tells a workload of which something could not be evaluated from one that is known whole", async () => {
  const { cluster } = await makePlace("a");
  const add = (name: string, outcomes: Record<string, string>) =>
    pool().query(
      `INSERT INTO "Resource" ("clusterId", "apiGroup", kind, namespace, name, uid, "resourceVersion", hash, doc, outcomes, "ownerKind", "ownerName")
       VALUES ($1, 'apps', 'Deployment', 'shop', $2, $2, '1', '1', '{}', $3, 'Deployment', $2)`,
      [cluster, name, outcomes],
    );
  await add("whole", { "SW-0001": "h", "SW-0002": "n" });
  await add("partly", { "SW-0001": "h", "SW-0002": "e:denied" });
  const scope = mintScope("x", "x", [{ role: "Owner", accountId: null }]);
  const rows = await listWorkloads(scope, cluster, 10);
  expect(rows.map(({ name, open, judged }) => [name, open, judged])).toEqual([
    ["partly", 0, false],
    ["whole", 0, true],
  ]);
});
