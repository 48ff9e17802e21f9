import { expect, test } from "vitest";
import { componentOf } from "./control-plane";
import type { KubernetesObject } from "./schema";

const pod = (container: Record<string, unknown>, metadata: Record<string, unknown> = {}): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name: "kube-apiserver-n1",
    namespace: "kube-system",
    annotations: { "kubernetes.io/config.mirror": "x" },
    ownerReferences: [{ apiVersion: "v1", kind: "Node", name: "n1", uid: "u", controller: true }],
    ...metadata,
  },
  spec: { containers: [{ name: "kube-apiserver", image: "registry.k8s.io/kube-apiserver:v1.33.1", ...container }] },
});

test("a static pod of kube-system is a component, what only looks like one is not", () => {
  const command = ["kube-apiserver", "--profiling=false"];
  expect(componentOf(pod({ command }))).toMatchObject({ kind: "KubeApiServer", flags: { profiling: "false" } });
  expect(componentOf(pod({ command }, { annotations: {} }))).toBeNull();
  expect(componentOf(pod({ command }, { ownerReferences: [] }))).toBeNull();
  expect(componentOf(pod({ command }, { namespace: "shop" }))).toBeNull();
  expect(componentOf(pod({ command, name: "proxy" }))).toBeNull();
  expect(componentOf(pod({ command: ["sh", "-c", "x"] }))).not.toHaveProperty("flags");
});
