import { hash } from "node:crypto";
import { isStorableName, list, record, text } from "./json";
import type { KubernetesObject, ListedKind } from "./schema";
import { otherVersions } from "./written";

/** Annotations that repeat the object or change without meaning. */
const NOISE = new Set([
  "kubectl.kubernetes.io/last-applied-configuration",
  "control-plane.alpha.kubernetes.io/leader",
  "deployment.kubernetes.io/revision",
]);
/** Whether a listed item can be identified at all. */
export function isObject(item: unknown, kind: ListedKind): item is KubernetesObject {
  const { name, namespace } = record(record(item).metadata);
  return isStorableName(name) && (!kind.namespaced || isStorableName(namespace));
}

function prunedMetadata(object: KubernetesObject, kind: ListedKind): KubernetesObject["metadata"] {
  const { name, namespace, uid, creationTimestamp, labels, annotations, ownerReferences } = object.metadata;
  const kept = Object.entries(record(annotations)).filter(([key]) => !NOISE.has(key));
  const versions = otherVersions(object, kind.apiVersion);
  return {
    name,
    ...(kind.namespaced && namespace !== undefined ? { namespace } : {}),
    ...(typeof uid === "string" ? { uid } : {}),
    ...(typeof creationTimestamp === "string" ? { creationTimestamp } : {}),
    ...(labels ? { labels } : {}),
    ...(kept.length > 0 ? { annotations: Object.fromEntries(kept) as Record<string, string> } : {}),
    ...(Array.isArray(ownerReferences) ? { ownerReferences } : {}),
    ...(versions.length > 0 ? { managedFields: versions.map((apiVersion) => ({ apiVersion })) } : {}),
  };
}

/** A node's conditions without their heartbeats, which change every few minutes and say nothing. */
const conditionsOf = (conditions: unknown) =>
  list(conditions).map((item) => {
    const { type, status, lastTransitionTime } = record(item);
    return { type, status, lastTransitionTime };
  });

/**
 * The object without status and noise, and of managedFields only other API versions. A node keeps `status.nodeInfo`,
 * `capacity`, `addresses` and its conditions.
 * It says the kind that was listed, whatever it claims to be. Shares structure with `object`.
 */
export function prune(object: KubernetesObject, kind: ListedKind): KubernetesObject {
  const { status, metadata: _metadata, ...rest } = object;
  const pruned: KubernetesObject = {
    ...rest,
    apiVersion: kind.apiVersion,
    kind: kind.kind,
    metadata: prunedMetadata(object, kind),
  };
  if (kind.kind === "Node") {
    const { nodeInfo, capacity, addresses, conditions } = record(status);
    pruned.status = {
      ...(nodeInfo ? { nodeInfo } : {}),
      ...(capacity ? { capacity } : {}),
      ...(addresses ? { addresses } : {}),
      ...(conditions ? { conditions: conditionsOf(conditions) } : {}),
    };
  }
  return pruned;
}

/** A pod of a workload: where it runs and what images; its template is judged at the workload. */
export function prunePod(pod: KubernetesObject, kind: ListedKind): KubernetesObject {
  const spec = record(pod.spec);
  const images = (containers: unknown) =>
    list(containers).map((item) => ({ name: text(record(item).name), image: text(record(item).image) }));
  const { labels: _labels, annotations: _annotations, ...metadata } = prunedMetadata(pod, kind);
  return {
    apiVersion: kind.apiVersion,
    kind: kind.kind,
    metadata,
    spec: {
      nodeName: text(spec.nodeName),
      containers: images(spec.containers),
      ...(spec.initContainers ? { initContainers: images(spec.initContainers) } : {}),
    },
  };
}

export const shortHash = (value: string): string => hash("sha256", value, "base64url").slice(0, 22);

/** Hash of labels, annotations and spec (and, where there is no spec, of all else): not of UID, times and versions. */
export function hashOf(pruned: KubernetesObject): string {
  const { metadata, ...rest } = pruned;
  const { uid: _uid, creationTimestamp: _created, ownerReferences: _owners, ...kept } = metadata;
  return shortHash(JSON.stringify([kept, rest]));
}
