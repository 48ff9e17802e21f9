import { expect, test } from "vitest";
import { componentOf } from "./control-plane";
import { list, record } from "./json";
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

interface Given {
  containers?: string[][];
  initContainers?: string[][];
  sidecars?: string[][];
}
const unknown = (other: string) => ({ profiling: { written: `false | ${other}` } });

test("a static pod of kube-system is a component, what only looks like one is not", () => {
  const command = ["kube-apiserver", "--profiling=false"];
  expect(componentOf(pod({ command }))).toMatchObject({ kind: "KubeApiServer", flags: { profiling: "false" } });
  expect(componentOf(pod({ command }, { annotations: {} }))).toBeNull();
  expect(componentOf(pod({ command }, { ownerReferences: [] }))).toBeNull();
  expect(componentOf(pod({ command }, { namespace: "shop" }))).toBeNull();
  expect(componentOf(pod({ command, name: "proxy" }))).toBeNull();
  expect(componentOf(pod({ command: ["sh", "-c", "x"] }))).not.toHaveProperty("flags");
});

test("of two containers that run one component only that is known in which they agree", () => {
  const flagsOf = (...containers: Record<string, unknown>[]) =>
    componentOf({ ...pod({}), spec: { containers } })?.flags;
  const runs = (name: string, ...command: string[]) => ({ name, command });
  const first = runs("kube-apiserver", "kube-apiserver", "--profiling=false", "--v=2", "--event-ttl=1h");
  const second = ["--profiling=false", "--v=4", "--anonymous-auth=false"];
  const agreed = {
    ...{ profiling: "false", v: { written: "2 | 4" }, "event-ttl": { written: "1h | " } },
    "anonymous-auth": { written: " | false" },
  };
  for (const name of ["kube-apiserver", "other"])
    expect(flagsOf(first, runs(name, "/usr/local/bin/kube-apiserver", ...second))).toEqual(agreed);
  expect(flagsOf(first, { ...first, name: "other" })).toEqual({ profiling: "false", v: "2", "event-ttl": "1h" });
  expect(flagsOf(first, runs("kube-apiserver", "sh", "-c", "x"))).toBeUndefined();
  expect(flagsOf(first, runs("konnectivity", "/proxy-agent", "--v=4"), { name: "pause" })).toMatchObject({ v: "2" });
});

test.each([
  ["by a shell", { containers: [["/bin/sh", "-c", "exec kube-apiserver --profiling"]] }, undefined],
  ["by a shell and a path", { containers: [["sh", "-c", "cd /;'/opt/bin/kube-apiserver' --v=2"]] }, undefined],
  ["by what holds many programs", { containers: [["/hyperkube", "kube-apiserver", "--profiling"]] }, unknown("true")],
  ["as a sidecar", { sidecars: [["kube-apiserver", "--profiling"]] }, unknown("true")],
  ["by a shell in a sidecar", { sidecars: [["sh", "-c", "kube-apiserver --profiling"]] }, undefined],
  ["not: as what is done before", { initContainers: [["kube-apiserver", "--profiling"]] }, { profiling: "false" }],
  ["not: it is a flag's", { containers: [["/agent", "--watch=kube-apiserver"]] }, { profiling: "false" }],
  ["not: it is where files lie", { containers: [["ls", "/etc/kube-apiserver"]] }, { profiling: "false" }],
])("a second container runs the component too: %s", (_how, given: Given, flags) => {
  const runs = (commands: string[][] = [], more = {}) =>
    commands.map((command, nth) => ({ name: `other-${nth}`, command, ...more }));
  const { spec, ...rest } = pod({ command: ["kube-apiserver", "--profiling=false"] });
  const containers = [...list(record(spec).containers), ...runs(given.containers)];
  const initContainers = [...runs(given.initContainers), ...runs(given.sidecars, { restartPolicy: "Always" })];
  expect(componentOf({ ...rest, spec: { containers, initContainers } })?.flags).toEqual(flags);
});
