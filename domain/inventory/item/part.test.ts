import { beforeAll, expect, it } from "vitest";
import { mintScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import { makeFleet } from "@/lib/testing/fleet";
import { useTestDatabase } from "@/lib/testing/use-database";
import { itemCounts } from "./count/counts";
import { itemPage } from "./queries";
import { itemQuery } from "./schema";

const everything = mintScope("u", "Ada", [{ role: "Owner", accountId: null }]);

useTestDatabase();
beforeAll(async () => {
  const control = { id: "SW-0001", scoreGroup: "network-access", severity: 2 };
  await makeFleet(pool(), { accounts: 1, clusters: 1, workloads: 4, failing: 0, scans: 1 }, [control]);
  await pool().query(
    `INSERT INTO "RunningImage" ("clusterId", namespace, "ownerKind", "ownerName", container, image, digest, pods)
     SELECT id, unnest(ARRAY['kube-system', 'gmp-system']), 'DaemonSet', 'agent', 'agent', 'registry/agent', '', 3 FROM "Cluster"`,
  );
}, 300_000);

const ask = async (words: Record<string, string>) => {
  const query = itemQuery.parse({ ...words, size: "500" });
  const [page, counts] = [await itemPage(everything, query), await itemCounts(everything, query)];
  expect(counts.total).toBe(page.items.length);
  const part = Object.fromEntries((counts.facets.part ?? []).map(({ value, count }) => [value, count]));
  return { total: counts.total, part, namespaces: new Set(page.items.map(({ namespace }) => namespace)) };
};

it("tells what people run from what the cluster runs itself, alike in list and counts", async () => {
  const all = await ask({});
  expect(all.part).toEqual({ own: all.total - 2, system: 2 });
  const system = await ask({ part: "system" });
  expect([...system.namespaces].sort()).toEqual(["gmp-system", "kube-system"]);
  const own = await ask({ part: "own" });
  expect(own.total).toBe(all.total - 2);
  expect(own.namespaces).not.toContain("kube-system");
  for (const each of [own, system]) expect(each.part).toEqual(all.part); // its own choice leaves a facet's counts alone
  expect((await ask({ part: "own,system" })).total).toBe(all.total);
  // Where things are counted one by one it is the same.
  expect((await ask({ part: "own", type: "image" })).part).toEqual((await ask({ type: "image" })).part);
  expect((await ask({ part: "system", kind: "Image", distribution: "aks,eks,gke,arc" })).total).toBe(2);
  expect((await ask({ part: "system", kind: "Deployment" })).total).toBe(0);
  expect((await ask({ q: "agent" })).part).toEqual({ system: 2 });
  expect((await ask({ q: "agent", part: "own" })).part).toEqual({ system: 2, own: 0 });
  expect((await ask({ namespace: "kube-system" })).part).toEqual({ system: 1 });
});
