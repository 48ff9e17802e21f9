import { expect, test } from "vitest";
import { componentOf, flagsOf } from "./control-plane";
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

test("flags stand in command and arguments, assigned, apart or alone", () => {
  expect(
    flagsOf({
      command: ["kube-apiserver", "--anonymous-auth=false", "--profiling"],
      args: ["--authorization_mode", "Node,RBAC", "--v=2", "--v=4", "rest"],
    }),
  ).toEqual({
    "anonymous-auth": "false",
    profiling: "true",
    "authorization-mode": "Node,RBAC",
    v: "4",
  });
});
test("what a shell starts, or is no text, nobody knows", () => {
  expect(flagsOf({ command: ["/bin/sh", "-c", "kube-apiserver --anonymous-auth=true"] })).toBeUndefined();
  expect(flagsOf({ command: ["kube-apiserver", 7] })).toBeUndefined();
  expect(flagsOf({})).toBeUndefined();
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
