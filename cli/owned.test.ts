import { expect, it } from "vitest";
import type { KubernetesObject } from "@/domain/inventory/schema";
import { topmost } from "./owned";

type Reference = [apiVersion: string, kind: string, name: string, uid?: string];
const tame = { containers: [{ name: "web", image: "web:1" }] };
const wild = { hostPID: true, containers: [{ name: "web", image: "web:1", securityContext: { privileged: true } }] };

const object = (apiVersion: string, kind: string, name: string, spec: object, by?: Reference): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: {
    name,
    namespace: "shop",
    uid: `uid-${name}`,
    ...(by && {
      ownerReferences: [{ apiVersion: by[0], kind: by[1], name: by[2], uid: by[3] ?? "", controller: true }],
    }),
  },
  spec: kind === "Pod" || !["Deployment", "ReplicaSet", "DaemonSet"].includes(kind) ? spec : { template: { spec } },
});
const judged = (...objects: KubernetesObject[]): string[] =>
  topmost(objects.map((one) => ({ object: one, source: { file: "-", document: 1, line: 1 } }))).map(
    ({ object: { kind, metadata } }) => `${kind} ${metadata.name}`,
  );
const web = object("apps/v1", "Deployment", "web", tame);

it("leaves out what a given owner stands for", () => {
  const set = object("apps/v1", "ReplicaSet", "web-1", tame, ["apps/v1", "Deployment", "web", "uid-web"]);
  const pod = object("v1", "Pod", "web-1-a", tame, ["apps/v1", "ReplicaSet", "web-1", "uid-web-1"]);
  expect(judged(web, set, pod)).toEqual(["Deployment web"]);
  expect(judged(object("v1", "Pod", "p", tame, ["apps/v1", "Deployment", "web"]), web)).toEqual(["Deployment web"]);
});

it.each<[string, Reference]>([
  ["itself", ["v1", "Pod", "evil"]],
  ["another group's Deployment", ["evil.io/v1", "Deployment", "web", "uid-web"]],
  ["a Deployment of another UID", ["apps/v1", "Deployment", "web", "uid-old"]],
  ["a ConfigMap", ["v1", "ConfigMap", "settings"]],
  ["a SparkApplication", ["sparkoperator.k8s.io/v1beta2", "SparkApplication", "job"]],
  ["what was not given", ["apps/v1", "Deployment", "absent"]],
])("judges a pod that says it belongs to %s", (_what, by) => {
  const others = [
    web,
    object("v1", "ConfigMap", "settings", {}),
    object("sparkoperator.k8s.io/v1beta2", "SparkApplication", "job", {}),
  ];
  // Even a pod that is like the template: the owner it names is not the one that was given.
  for (const spec of [wild, tame]) {
    expect(judged(...others, object("v1", "Pod", "evil", spec, by))).toContain("Pod evil");
  }
});

it("judges a pod unlike its owner's template, and pods that own each other", () => {
  expect(judged(web, object("v1", "Pod", "evil", wild, ["apps/v1", "Deployment", "web", "uid-web"]))).toEqual([
    "Deployment web",
    "Pod evil",
  ]);
  const a = object("apps/v1", "ReplicaSet", "a", wild, ["apps/v1", "ReplicaSet", "b"]);
  const b = object("apps/v1", "ReplicaSet", "b", wild, ["apps/v1", "ReplicaSet", "a"]);
  expect(judged(a, b)).toEqual(["ReplicaSet a", "ReplicaSet b"]);
});

it("leaves out ReplicaSets of earlier revisions, which vouch for no pod", () => {
  const old = object("apps/v1", "ReplicaSet", "web-0", wild, ["apps/v1", "Deployment", "web"]);
  const pod = object("v1", "Pod", "evil", wild, ["apps/v1", "ReplicaSet", "web-0"]);
  const idle = { ...old, spec: { ...(old.spec as object), replicas: 0 } };
  expect(judged(web, idle, pod)).toEqual(["Deployment web", "Pod evil"]);
  expect(judged(web, old)).toEqual(["Deployment web", "ReplicaSet web-0"]);
});
