import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { KubernetesObject } from "@/domain/inventory/schema";
import {
  deployment,
  input,
  meta,
  namespace,
  reset,
  rows,
  scan,
  startDatabase,
  stopDatabase,
} from "../testing/scan-fixture";

beforeAll(startDatabase);
afterAll(stopDatabase);
beforeEach(reset);

const labelled = (object: KubernetesObject, labels: Record<string, string>): KubernetesObject => ({
  ...object,
  metadata: { ...object.metadata, resourceVersion: meta("x").resourceVersion ?? "", labels },
});
const owners = async () =>
  (
    await rows<{ name: string; owner: string | null }>(
      `SELECT name, owner FROM "Finding" WHERE "clusterId" = $1 AND "controlId" = 'SW-9001' ORDER BY name`,
      input.cluster.id,
    )
  ).map(({ name, owner }) => `${name} ${owner ?? "-"}`);

test("a finding bears the owner of its resource, else of its namespace, and follows both", async () => {
  const [web, ...parts] = deployment("web", true);
  const batch = deployment("batch", true);
  if (web === undefined) throw new Error("the fixture makes no deployment");
  const shop = namespace();
  await scan([shop, web, ...parts, ...batch]);
  expect(await owners()).toEqual(["batch -", "web -"]);
  await scan([labelled(shop, { team: "checkout" }), web, ...parts, ...batch]);
  expect(await owners()).toEqual(["batch checkout", "web checkout"]);
  const owned = labelled(web, { owner: "ann" });
  await scan([labelled(shop, { team: "checkout" }), owned, ...parts, ...batch]);
  expect(await owners()).toEqual(["batch checkout", "web ann"]);
  await scan([owned, ...parts, ...batch], { denied: ["Namespace"] });
  expect(await owners()).toEqual(["batch checkout", "web ann"]);
  await scan([labelled(shop, {}), owned, ...parts, ...batch]);
  expect(await owners()).toEqual(["batch -", "web ann"]);
});
