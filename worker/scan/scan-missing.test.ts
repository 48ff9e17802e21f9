import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { mintScope } from "@/domain/access/scope";
import { readRequirement } from "@/domain/benchmark/requirement/queries";
import { readCluster } from "@/domain/inventory/cluster/detail/queries";
import { findCluster } from "@/domain/inventory/queries";
import type { KubernetesObject } from "@/domain/inventory/schema";
import { loadControls } from "@/domain/posture/load";
import {
  readRecommendation,
  recommendationPage,
  recommendationPageAndCounts,
} from "@/domain/posture/recommendation/list";
import { recommendationQuery } from "@/domain/posture/recommendation/schema";
import { closeDatabase } from "@/lib/db";
import { db, estate, type Faults, input, reset, scan, startDatabase, stopDatabase } from "../testing/scan-fixture";

const everything = mintScope("u", "Ada", [{ role: "Owner", accountId: null }]);
const KUBELETS = 14;
const node: KubernetesObject = {
  apiVersion: "v1",
  kind: "Node",
  metadata: { name: "n1", uid: "uid-n1", resourceVersion: "1", creationTimestamp: "2026-01-01T00:00:00Z" },
  status: { nodeInfo: { kubeletVersion: "v1.33.1" } },
};
const look = (faults: Faults = {}) => scan([...estate(), node], { ...faults, controls: loadControls() });

/** What the link beside "could not be made" shows, with what the cluster's page says. */
async function told() {
  const cluster = await findCluster(everything, input.cluster.id);
  const query = recommendationQuery.parse({
    state: "not-evaluated",
    maturity: "stable",
    cluster: input.cluster.id,
    size: "200",
  });
  const { page, counts } = await recommendationPageAndCounts(everything, query);
  const rest = page.next === null ? [] : (await recommendationPage(everything, { ...query, cursor: page.next })).items;
  const items = [...page.items, ...rest];
  const listed = items.reduce((sum, { notEvaluated }) => sum + notEvaluated, 0);
  const missing = cluster?.missing ?? {};
  const all = Object.values(missing).reduce((sum, amount) => sum + amount, 0);
  return {
    cluster,
    missing,
    all,
    listed,
    items,
    counts,
    due: (cluster?.expected ?? 0) - (cluster?.evaluated ?? 0),
  };
}

beforeAll(async () => {
  await startDatabase();
  process.env.DATABASE_URL = db.url;
}, 300_000);
afterAll(async () => {
  await closeDatabase();
  await stopDatabase();
});
beforeEach(reset);

test("controls of kubelets that nobody may ask are not evaluated, once for the cluster: in the list, in detail and under a requirement", async () => {
  await look();
  const { missing, due, all, listed, items, counts } = await told();
  expect(missing).toMatchObject({ kubelets: KUBELETS });
  expect(missing.unlisted).toBeUndefined();
  expect(due).toBeGreaterThan(KUBELETS);
  expect([all, listed]).toEqual([due, due]);
  expect(counts.facets.state?.find(({ value }) => value === "not-evaluated")?.count).toBe(items.length);
  expect(items.find(({ id }) => id === "SW-0377")).toMatchObject({ state: "not-evaluated", notEvaluated: 1 });
  const filter = { account: [], distribution: [], cluster: [] };
  expect(await readRecommendation(everything, "SW-0377", filter)).toMatchObject({ notEvaluated: 1, healthy: 0 });
  const place = { scope: "cluster" as const, id: input.cluster.id };
  const requirement = await readRequirement(everything, "cis-aks-1.8", "3.2.4", place);
  expect(requirement?.state).toBe("not_evaluated");
  expect(requirement?.controls.map(({ notEvaluated }) => notEvaluated)).toEqual([1]);
  expect((await readCluster(everything, input.cluster.id))?.score).not.toBeNull();
});

test("what is unhealthy somewhere and could not be judged elsewhere is among what was not evaluated", async () => {
  await look({ denied: ["Job"] });
  const { missing, due, all, listed, items } = await told();
  expect(missing.unlisted).toBeGreaterThan(0);
  expect([all, listed]).toEqual([due, due]);
  expect(items.filter(({ state }) => state === "unhealthy").length).toBeGreaterThan(0);
});

test("open findings that were not checked again are told apart from what the list of controls counts", async () => {
  await look();
  const { cluster } = await told();
  await look({ denied: ["Deployment", "ReplicaSet", "Pod"] });
  const after = await told();
  const again = after.missing["not-rechecked"] ?? 0;
  expect(again).toBeGreaterThan(0);
  expect([after.all, after.listed]).toEqual([after.due, after.due - again]);
  expect(after.cluster?.score).toBeLessThanOrEqual(cluster?.score ?? -1);
});

test("a cluster that did not answer lacks no right", async () => {
  await look({ unreachable: true });
  const { missing, due, all, listed } = await told();
  expect(missing).not.toHaveProperty("kubelets");
  expect(missing).not.toHaveProperty("config-maps");
  expect(missing.unlisted).toBeGreaterThan(0);
  expect([all, listed]).toEqual([due, due]);
});
