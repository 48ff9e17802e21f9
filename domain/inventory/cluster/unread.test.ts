import { beforeAll, expect, it } from "vitest";
import { mintScope } from "@/domain/access/scope";
import { makePlace, type Place } from "@/domain/access/testing/personas";
import { pool } from "@/lib/db";
import { useTestDatabase } from "@/lib/testing/use-database";
import { clusterPage, unreadClusters } from "./queries";
import { clusterQuery } from "./schema";

let [mine, other]: Place[] = [];
useTestDatabase();
beforeAll(async () => {
  [mine, other] = [await makePlace("mine"), await makePlace("other")];
  await pool().query(`UPDATE "Cluster" SET "lastScanStatus" = 'complete' WHERE id = $1`, [other.cluster]);
});

it("tells of the filter's clusters only, as the list of clusters does", async () => {
  const scope = mintScope("x", "x", [{ role: "Owner", accountId: null }]);
  const ask = (words: Record<string, string>) => unreadClusters(scope, clusterQuery.parse(words));
  const all = { amount: 1, named: [{ id: mine?.cluster, name: "cluster-mine" }] };
  expect(await ask({})).toEqual(all);
  expect(await ask({ account: mine?.account ?? "", cluster: mine?.cluster ?? "", distribution: "eks" })).toEqual(all);
  for (const words of [{ account: other?.account ?? "" }, { cluster: other?.cluster ?? "" }, { distribution: "aks" }])
    expect(await ask(words), JSON.stringify(words)).toEqual({ amount: 0, named: [] });
  const listed = await clusterPage(scope, clusterQuery.parse({ cluster: other?.cluster ?? "" }));
  expect(listed.items.map(({ name }) => name)).toEqual(["cluster-other"]);
});
