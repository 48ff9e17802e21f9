import { expect, test } from "vitest";
import { prune } from "./prune";
import { type KubernetesObject, LISTED_KINDS } from "./schema";
import { writtenAs } from "./written";

const kind = LISTED_KINDS.find((entry) => entry.kind === "Deployment");
const deployment = (metadata: Record<string, unknown>): KubernetesObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "shop", ...metadata },
  spec: {},
});
const applied = (text: string) => ({ annotations: { "kubectl.kubernetes.io/last-applied-configuration": text } });

test.each([
  ["says nothing", {}, ["apps/v1"]],
  ["the same version", { managedFields: [{ manager: "helm", apiVersion: "apps/v1" }] }, ["apps/v1"]],
  [
    "an older one",
    { managedFields: [{ apiVersion: "apps/v1" }, { apiVersion: "extensions/v1beta1" }] },
    ["apps/v1", "extensions/v1beta1"],
  ],
  ["by kubectl", applied('{"apiVersion":"apps/v1beta2","kind":"Deployment"}'), ["apps/v1", "apps/v1beta2"]],
  [
    "by a controller that writes only its own part",
    { managedFields: [{ subresource: "status", apiVersion: "apps/v1beta2" }] },
    ["apps/v1"],
  ],
  ["unreadable", { managedFields: "x", ...applied("not json") }, ["apps/v1"]],
])("%s", (_name, metadata, expected) => {
  if (kind === undefined) throw new Error("no such kind");
  expect(writtenAs(deployment(metadata))).toEqual(expected);
  const pruned = prune(deployment(metadata), kind);
  expect(writtenAs(pruned)).toEqual(expected);
  expect("managedFields" in pruned.metadata).toBe(expected.length > 1);
});
