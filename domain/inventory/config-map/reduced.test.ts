import { expect, test } from "vitest";
import type { KubernetesObject } from "../schema";
import { reduceConfigMap } from "./reduced";

const configMap = (more: Record<string, unknown>): KubernetesObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: {
    name: "web",
    namespace: "shop",
    labels: { app: "web" },
    annotations: { "kubectl.kubernetes.io/last-applied-configuration": '{"data":{"A":"hunter2"}}', note: "hunter2" },
    managedFields: [{ apiVersion: "v1", fieldsV1: { "f:data": { "f:hunter2": {} } } }],
  },
  ...more,
});

test("keys stay, values go, wherever they are repeated", () => {
  const reduced = reduceConfigMap(
    configMap({
      data: { A: "hunter2", B: "", C: null, D: 7 },
      binaryData: { "k.p12": "aHVudGVyMg==" },
      entries: "hunter2",
    }),
  );
  expect(reduced).toEqual({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "web", namespace: "shop", labels: { app: "web" } },
    entries: [
      { field: "data", key: "A", shape: "text" },
      { field: "data", key: "B", shape: "harmless" },
      { field: "data", key: "C", shape: "harmless" },
      { field: "data", key: "D" },
      { field: "binaryData", key: "k.p12", shape: "binary" },
    ],
  });
  expect(JSON.stringify(reduced)).not.toMatch(/hunter2|aHVudGVy/);
});

test.each([{ data: "x" }, { data: ["x"] }, { binaryData: 7 }])("what is no map is unreadable: %j", (more) => {
  expect(reduceConfigMap(configMap(more)).entries).toBe("unreadable");
});

test("one without data has no entries", () => {
  expect(reduceConfigMap(configMap({})).entries).toEqual([]);
});
