import type { SimCluster } from "./model";
import { checkObject } from "./published-object";
import { uuid } from "./random";
import { dateOf, type Scenario } from "./scenario";
import type { ClusterPlan } from "./scenario-clusters";

export type Json = Record<string, unknown>;

export interface Metadata extends Json {
  name: string;
  namespace?: string;
  uid: string;
  creationTimestamp: string;
  labels?: Record<string, string>;
}

export interface KubeObject extends Json {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
}

/** An object as it stands, and the simulated day it last changed: its resourceVersion follows from that day alone. */
export interface Rendered {
  /** Plural resource name: `pods`. */
  resource: string;
  object: KubeObject;
  changed: number;
}

/** Where and when objects are rendered. `day` is relative to the anchor. */
export interface Place {
  world: Scenario;
  plan: ClusterPlan;
  cluster: SimCluster;
  day: number;
  /** Day the cluster was created. */
  born: number;
}

export const timestamp = (place: Place, day: number): string =>
  dateOf(place.world, day)
    .toISOString()
    .replace(/\.\d+Z$/, "Z");

export const seedOf = (place: Place, ...path: string[]): string =>
  [place.world.seed, place.plan.base.id, ...path].join("/");

interface ObjectInput {
  apiVersion: string;
  kind: string;
  resource: string;
  namespace?: string;
  name: string;
  created: number;
  changed?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  owner?: KubeObject;
  generation?: number;
  /** The field manager that made it, e.g. `helm`; absent: no managedFields. */
  manager?: string;
  /** An older API version in which kubectl wrote it first, and which its managedFields still name. */
  writtenBefore?: string;
  body: Json;
  /** `fieldsOf` what it is made of, when the caller has it for many of one form. */
  fields?: { own: Json; status: Json };
}

/** Server-side-apply field sets of a value: realistic weight and form, lists keyed by name where Kubernetes does so. */
export const fieldsOf = (value: unknown, depth = 0): Json => {
  if (value === null || typeof value !== "object" || depth > 7) return {};
  const fields: Json = depth === 0 ? {} : { ".": {} };
  if (Array.isArray(value)) {
    if (!value.every((item) => item !== null && typeof item === "object" && "name" in item)) return {};
    for (const item of value) fields[`k:{"name":${JSON.stringify(item.name)}}`] = fieldsOf(item, depth + 1);
    return fields;
  }
  for (const [key, child] of Object.entries(value)) fields[`f:${key}`] = fieldsOf(child, depth + 1);
  return fields;
};

export function render(place: Place, input: ObjectInput): Rendered {
  const changed = input.changed ?? input.created;
  const metadata: Metadata = {
    name: input.name,
    ...(input.namespace === undefined ? {} : { namespace: input.namespace }),
    uid: uuid(seedOf(place, input.kind, input.namespace ?? "", input.name, String(input.created))),
    creationTimestamp: timestamp(place, input.created),
    ...(input.generation === undefined ? {} : { generation: input.generation }),
    ...(input.labels === undefined ? {} : { labels: input.labels }),
    ...(input.annotations === undefined ? {} : { annotations: input.annotations }),
    ...(input.owner === undefined ? {} : { ownerReferences: [ownerReference(input.owner)] }),
  };
  if (input.manager !== undefined) {
    const { status, ...rest } = input.body;
    const entry = (manager: string, fields: Json, more: Json = {}): Json => ({
      manager,
      operation: "Update",
      apiVersion: input.apiVersion,
      time: timestamp(place, changed),
      fieldsType: "FieldsV1",
      fieldsV1: fields,
      ...more,
    });
    const before = input.writtenBefore;
    metadata.managedFields = [
      ...(before === undefined ? [] : [entry("kubectl-client-side-apply", { "f:spec": {} }, { apiVersion: before })]),
      entry(input.manager, {
        "f:metadata": fieldsOf({ labels: input.labels ?? {} }),
        ...(input.fields?.own ?? fieldsOf(rest)),
      }),
      ...(status === undefined
        ? []
        : [
            entry(
              input.kind === "Pod" ? "kubelet" : "kube-controller-manager",
              input.fields?.status ?? fieldsOf({ status }),
              {
                subresource: "status",
              },
            ),
          ]),
    ];
  }
  const object = { apiVersion: input.apiVersion, kind: input.kind, metadata, ...input.body };
  checkObject(object);
  return { resource: input.resource, changed, object };
}

const ownerReference = (owner: KubeObject) => ({
  apiVersion: owner.apiVersion,
  kind: owner.kind,
  name: owner.metadata.name,
  uid: owner.metadata.uid,
  controller: true,
  blockOwnerDeletion: true,
});
