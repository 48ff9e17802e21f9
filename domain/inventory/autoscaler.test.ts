import { expect, test } from "vitest";
import { leastReplicas } from "./autoscaler";
import type { KubernetesObject } from "./schema";

const object = (apiVersion: string, kind: string, name: string, spec = {}, namespace = "shop"): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name, namespace },
  spec,
});
const web = object("apps/v1", "Deployment", "web");
const ref = { apiVersion: "apps/v1", kind: "Deployment", name: "web" };
const autoscaler = (spec: Record<string, unknown>, namespace?: string) =>
  object("autoscaling/v2", "HorizontalPodAutoscaler", "hpa", spec, namespace);

test.each([
  ["none", [], undefined],
  ["of this workload", [autoscaler({ scaleTargetRef: ref, minReplicas: 3 })], 3],
  ["without a number", [autoscaler({ scaleTargetRef: ref })], 1],
  ["another name", [autoscaler({ scaleTargetRef: { ...ref, name: "db" }, minReplicas: 3 })], undefined],
  ["another kind", [autoscaler({ scaleTargetRef: { ...ref, kind: "StatefulSet" }, minReplicas: 3 })], undefined],
  ["another group", [autoscaler({ scaleTargetRef: { ...ref, apiVersion: "x.io/v1" }, minReplicas: 3 })], undefined],
  ["another namespace", [autoscaler({ scaleTargetRef: ref, minReplicas: 3 }, "other")], undefined],
  ["one for each stage", [3, 2].map((minReplicas) => autoscaler({ scaleTargetRef: ref, minReplicas })), 2],
  ["one can't be read", ["3", 2].map((minReplicas) => autoscaler({ scaleTargetRef: ref, minReplicas })), undefined],
  ["no specification", [autoscaler({})], undefined],
])("%s", (_name, autoscalers, expected) => {
  expect(leastReplicas(autoscalers)(web)).toBe(expected);
});
