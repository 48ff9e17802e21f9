import { expect, test } from "vitest";
import { countImages } from "./image";
import { storableJson } from "./json";
import { hashOf, isObject, prune } from "./prune";
import { type KubernetesObject, LISTED_KINDS, type ListedKind } from "./schema";
import { Owners } from "./workload";

const owned = (
  kind: string,
  name: string,
  by?: [apiVersion: string, kind: string, name: string],
): KubernetesObject => ({
  apiVersion: "v1",
  kind,
  metadata: {
    name,
    namespace: "shop",
    uid: `uid-${name}`,
    ...(by && { ownerReferences: [{ apiVersion: by[0], kind: by[1], name: by[2], uid: "x", controller: true }] }),
  },
});
const kindOf = (name: string): ListedKind => {
  const kind = LISTED_KINDS.find((listed) => listed.kind === name);
  if (!kind) throw new Error(name);
  return kind;
};

test("the topmost owner of a pod", () => {
  const owners = new Owners();
  const add = (object: KubernetesObject, apiGroup: string) => owners.add(object.kind, object.metadata, apiGroup);
  add(owned("Deployment", "web", ["ops/v1", "App", "web"]), "apps");
  add(owned("ReplicaSet", "web-1", ["apps/v1", "Deployment", "web"]), "apps");
  add(owned("ReplicaSet", "canary-1", ["argoproj.io/v1alpha1", "Rollout", "canary"]), "apps");
  add(owned("CronJob", "nightly"), "batch");
  add(owned("Job", "nightly-1", ["batch/v1", "CronJob", "nightly"]), "batch");
  const top = (by?: [string, string, string]) => add(owned("Pod", "p", by), "");
  expect(top(["apps/v1", "ReplicaSet", "web-1"])).toMatchObject({ apiGroup: "apps", kind: "Deployment", name: "web" });
  expect(top(["batch/v1", "Job", "nightly-1"])).toMatchObject({ kind: "CronJob", name: "nightly" });
  expect(top(["apps/v1", "ReplicaSet", "canary-1"])).toMatchObject({
    apiGroup: "argoproj.io",
    kind: "Rollout",
    name: "canary",
  });
  expect(top(["apps/v1", "ReplicaSet", "unknown"])).toMatchObject({ kind: "ReplicaSet", name: "unknown" });
  expect(top(["v1", "Node", "node-1"])).toMatchObject({ kind: "Pod", name: "p" });
  expect(top()).toMatchObject({ kind: "Pod", name: "p" });
});

test("the hash follows labels, annotations and spec; not UID, versions, status or last-applied", () => {
  const base = { ...owned("Deployment", "web"), spec: { replicas: 1 }, status: { readyReplicas: 0 } };
  const hash = (object: KubernetesObject) => hashOf(prune(object, kindOf("Deployment")));
  const same = {
    ...base,
    status: { readyReplicas: 1 },
    metadata: {
      ...base.metadata,
      uid: "other",
      resourceVersion: "9",
      managedFields: [{}],
      annotations: { "kubectl.kubernetes.io/last-applied-configuration": "{}" },
    },
  };
  expect(hash(same)).toBe(hash(base));
  expect(hash({ ...base, spec: { replicas: 2 } })).not.toBe(hash(base));
  expect(hash({ ...base, metadata: { ...base.metadata, labels: { a: "b" } } })).not.toBe(hash(base));
  expect(prune(same, kindOf("Deployment"))).not.toHaveProperty("status");
});

test("items that cannot be identified are refused", () => {
  const pod = kindOf("Pod");
  expect(isObject(owned("Pod", "p"), pod)).toBe(true);
  for (const item of [null, 1, [], {}, { metadata: { name: 1, namespace: "a" } }, { metadata: { name: "a" } }]) {
    expect(isObject(item, pod)).toBe(false);
  }
});

test("running images are counted by digest, finished pods not", () => {
  const images = new Map();
  const pod = (phase: string) => ({
    ...owned("Pod", "p"),
    status: {
      phase,
      containerStatuses: [{ name: "web", image: "acr.io/web:1", imageID: `acr.io/web@sha256:${"a".repeat(64)}` }],
    },
  });
  for (const phase of ["Running", "Running", "Succeeded"])
    countImages(images, pod(phase), { kind: "Deployment", name: "web" });
  expect([...images.values()]).toEqual([
    {
      namespace: "shop",
      ownerKind: "Deployment",
      ownerName: "web",
      container: "web",
      image: "acr.io/web:1",
      digest: `sha256:${"a".repeat(64)}`,
      pods: 2,
    },
  ]);
});

test("JSON that jsonb would refuse is made storable", () => {
  expect(JSON.parse(storableJson({ a: "\u0000 \ud800 😀 \\u0000" }))).toEqual({ a: "\ufffd \ufffd 😀 \\u0000" });
});
