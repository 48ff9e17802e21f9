import { expect, test } from "vitest";
import { mintScope } from "@/domain/access/scope";
import { itemCounts } from "@/domain/inventory/item/count/counts";
import { exportItems, itemPage } from "@/domain/inventory/item/queries";
import { itemQuery } from "@/domain/inventory/item/schema";
import { findCluster, listWorkloads } from "@/domain/inventory/queries";
import type { KubernetesObject } from "@/domain/inventory/schema";
import { APPLIES_TO } from "@/domain/posture/schema";
import { useScanDatabase } from "../testing/scan-database";
import { estate, input, meta, reset, rows, scan } from "../testing/scan-fixture";

const scope = mintScope("u", "Ada", [{ role: "Security Reader", accountId: null }]);
const pod = (name: string, owner?: Parameters<typeof meta>[2]): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: meta(name, "shop", owner),
  spec: { containers: [{ name: "main", image: "acr.io/app:1" }] },
  status: { phase: "Running" },
});

useScanDatabase("once");

test("a workload is a topmost owner, and everybody counts the same ones", async () => {
  const rollout = ["argoproj.io/v1alpha1", "Rollout", "canary", "uid-of-canary"] as const;
  await scan([...estate(), pod("bare"), pod("canary-1", [...rollout]), pod("canary-2", [...rollout])]);
  const cluster = await findCluster(scope, input.cluster.id);
  const listed = await listWorkloads(scope, input.cluster.id, 100);
  const query = itemQuery.parse({ type: "workload" });
  const page = await itemPage(scope, query);
  const file = await exportItems(scope, query);
  await file.close();
  const { facets } = await itemCounts(scope, itemQuery.parse({}));
  const searched = await itemCounts(scope, itemQuery.parse({ q: "a" })); // counted one by one
  expect(listed.map(({ kind, name }) => `${kind}/${name}`).sort()).toEqual([
    "Deployment/batch",
    "Deployment/web",
    "Pod/bare",
    "Rollout/canary",
  ]);
  expect(page.items.map(({ kind, name }) => `${kind}/${name}`).sort()).toEqual(
    listed.map(({ kind, name }) => `${kind}/${name}`).sort(),
  );
  expect(page.items.map(({ workload }) => workload)).toEqual([null, null, null, null]);
  const countOf = (counts: typeof facets, value: string) =>
    Object.values(counts)
      .flat()
      .find((one) => one.value === value)?.count;
  expect([cluster?.workloads, file.total, countOf(facets, "workload"), countOf(searched.facets, "workload")]).toEqual([
    4, 4, 4, 3,
  ]);
  expect((await itemPage(scope, itemQuery.parse({ kind: "Pod" }))).items).toHaveLength(5);
});

test("the column that says what an item is knows every kind that is judged as something else", async () => {
  const [column] = await rows<{ said: string }>(
    `SELECT pg_get_expr(d.adbin, d.adrelid) AS said FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
     WHERE d.adrelid = '"Resource"'::regclass AND a.attname = 'item'`,
  );
  const kinds = [...(column?.said ?? "").matchAll(/'([A-Z]\w+)'/g)].map(([, kind]) => kind);
  expect(new Set(kinds)).toEqual(
    new Set([...APPLIES_TO.filter((word) => word !== "Workload" && word !== "OtherObject"), "Pod"]),
  );
});

test("a pod says where it is, what it runs and its phase, on page and file alike; a row of an older Seawall learns it", async () => {
  await reset();
  const placed = pod("placed");
  const objects = [
    ...estate(),
    { ...placed, spec: { ...(placed.spec as object), nodeName: "node-7" } },
    pod("waiting"),
  ];
  await scan(objects);
  const query = itemQuery.parse({ kind: "Pod" });
  const said = async () => {
    const { items } = await itemPage(scope, query);
    const file = await exportItems(scope, query);
    const lines = [];
    for await (const batch of file.batches) lines.push(...batch);
    await file.close();
    expect(lines).toEqual(items);
    return Object.fromEntries(items.map(({ name, images, node, phase }) => [name, { images, node, phase }]));
  };
  const first = await said();
  expect(first.placed).toEqual({ images: ["acr.io/app:1"], node: "node-7", phase: "Running" });
  expect(first.waiting).toEqual({ images: ["acr.io/app:1"], node: null, phase: "Running" });
  await rows(`UPDATE "Resource" SET phase = NULL`);
  expect((await said()).placed?.phase).toBeNull();
  await scan(objects);
  expect(await said()).toEqual(first);
  expect((await itemPage(scope, itemQuery.parse({ kind: "Deployment" }))).items[0]).toMatchObject({
    images: null,
    node: null,
    phase: null,
  });
});
