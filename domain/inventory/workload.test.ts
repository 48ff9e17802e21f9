import { expect, test } from "vitest";
import { storableJson } from "@/lib/storable-json";
import { countImages, runningOf } from "./image";
import { hashOf, isObject, prune } from "./prune";
import { type KubernetesObject, LISTED_KINDS, type ListedKind } from "./schema";
import { podShape } from "./shape";
import { Owners } from "./workload";

const owned = (
  kind: string,
  name: string,
  by?: [apiVersion: string, kind: string, name: string],
  ownerUid = `uid-${by?.[2]}`,
): KubernetesObject => ({
  apiVersion: "v1",
  kind,
  metadata: {
    name,
    namespace: "shop",
    uid: `uid-${name}`,
    ...(by && { ownerReferences: [{ apiVersion: by[0], kind: by[1], name: by[2], uid: ownerUid, controller: true }] }),
  },
});
const kindOf = (name: string): ListedKind => {
  const kind = LISTED_KINDS.find((listed) => listed.kind === name);
  if (!kind) throw new Error(name);
  return kind;
};

test("the topmost owner of a pod", () => {
  const owners = new Owners();
  const add = (object: KubernetesObject, apiGroup: string) => {
    const place = owners.place(object.kind, object.metadata, apiGroup);
    const { name, namespace = "", uid = "" } = object.metadata;
    owners.remember({ apiGroup, kind: object.kind, name, uid }, namespace, place.owner);
    return place;
  };
  add(owned("Deployment", "web", ["ops/v1", "App", "web"]), "apps");
  add(owned("ReplicaSet", "web-1", ["apps/v1", "Deployment", "web"]), "apps");
  add(owned("ReplicaSet", "canary-1", ["argoproj.io/v1alpha1", "Rollout", "canary"]), "apps");
  add(owned("CronJob", "nightly"), "batch");
  add(owned("Job", "nightly-1", ["batch/v1", "CronJob", "nightly"]), "batch");
  const top = (by?: [string, string, string], uid?: string) => add(owned("Pod", "p", by, uid), "");
  expect(top(["apps/v1", "ReplicaSet", "web-1"])).toMatchObject({
    as: "part",
    owner: { apiGroup: "apps", kind: "Deployment", name: "web" },
  });
  expect(top(["batch/v1", "Job", "nightly-1"])).toMatchObject({
    as: "part",
    owner: { kind: "CronJob", name: "nightly" },
  });
  expect(top(["apps/v1", "ReplicaSet", "canary-1"])).toMatchObject({
    as: "stranger",
    owner: { apiGroup: "argoproj.io", kind: "Rollout", name: "canary" },
  });
  expect(top(["v1", "Node", "node-1"])).toMatchObject({ as: "self", owner: { kind: "Pod", name: "p" } });
  expect(top()).toMatchObject({ as: "self", owner: { kind: "Pod", name: "p" } });
  // A name that nothing seen bears, or bears under another UID or in another group, is no owner.
  expect(top(["apps/v1", "ReplicaSet", "unknown"])).toMatchObject({ as: "unseen" });
  expect(top(["apps/v1", "ReplicaSet", "web-1"], "made-up")).toMatchObject({ as: "unseen" });
  expect(top(["evil.io/v1", "Deployment", "web"])).toMatchObject({ as: "stranger", owner: { apiGroup: "evil.io" } });
  expect(top(["v1", "Pod", "p"])).toMatchObject({ as: "self", owner: { kind: "Pod", name: "p" } });
});

test("a pod is like its template, or it is not", () => {
  const spec = { containers: [{ name: "web", image: "web:1", securityContext: { privileged: false } }] };
  const deployment = { ...owned("Deployment", "web"), spec: { template: { spec } } };
  const pod = (change: object) => podShape({ ...owned("Pod", "p"), spec: { ...spec, ...change } });
  const volumes = [{ name: "kube-api-access-x1", projected: { sources: [] } }];
  expect(pod({ nodeName: "n", serviceAccountName: "default", volumes })).toBe(podShape(deployment));
  for (const change of [
    { hostPID: true },
    { containers: [{ name: "web", image: "web:2", securityContext: { privileged: false } }] },
    { containers: [{ name: "web", image: "web:1", securityContext: { privileged: true } }] },
    { ephemeralContainers: [{ name: "debug", image: "busybox" }] },
    { volumes: [{ name: "root", hostPath: { path: "/" } }] },
    { serviceAccountName: "admin" },
  ]) {
    expect(pod(change)).not.toBe(podShape(deployment));
  }
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
    countImages(images, runningOf(pod(phase)), "shop", { kind: "Deployment", name: "web" });
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
