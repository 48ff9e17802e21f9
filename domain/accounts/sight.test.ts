import { expect, it } from "vitest";
import { mintScope } from "@/domain/access/scope";
import { makePlace } from "@/domain/access/testing/personas";
import { assessedIn } from "@/domain/inventory/cluster/queries";
import { pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { useTestDatabase } from "@/lib/testing/use-database";
import { accountSights } from "./queries";

useTestDatabase();
const everything = mintScope("x", "x", [{ role: "Owner", accountId: null }]);

it("knows how much each account told, of all that the scope sees and of nothing else", async () => {
  expect(await accountSights(everything)).toEqual([]);
  expect(await assessedIn(everything)).toEqual({ expected: 0, evaluated: 0 });
  const places = new Map<string, string>();
  for (const health of ["degraded", "failing", "healthy", "unknown"]) {
    const { account, cluster } = await makePlace(health);
    places.set(health, account);
    await pool().query(`UPDATE "Account" SET health = $2 WHERE id = $1`, [account, health]);
    await pool().query(`UPDATE "Cluster" SET expected = 100, evaluated = 97 WHERE id = $1`, [cluster]);
  }
  const told = async (scope = everything) => (await accountSights(scope)).map((each) => [each.name, each.told]);
  expect(await told()).toEqual([
    ["account-degraded", "part"],
    ["account-failing", "nothing"],
    ["account-healthy", "all"],
    ["account-unknown", "unasked"],
  ]);
  await pool().query(`UPDATE "Account" SET "removedAt" = now() WHERE id = $1`, [places.get("failing")]);
  // What a connection test missed in a cluster hides no cluster.
  await pool().query(
    `INSERT INTO "Scan" ("id", "accountId", "kind", "trigger", "status", "queuedAt") VALUES ($1, $2, 'account', 'manual', 'complete', now())`,
    [uuidv7(), places.get("degraded")],
  );
  expect((await told())[0]).toEqual(["account-degraded", "all"]);
  const own = mintScope("y", "y", [{ role: "Security Reader", accountId: places.get("failing") ?? "" }]);
  expect(await told(own)).toEqual([["account-failing", "all"]]);
  expect(await assessedIn(everything)).toEqual({ expected: 400, evaluated: 388 });
  expect(await assessedIn(own)).toEqual({ expected: 100, evaluated: 97 });
});
