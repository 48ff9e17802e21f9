import type { KubernetesObject, ResourceKey } from "@/domain/inventory/schema";
import type { StoredResource } from "@/domain/inventory/store";

/** One resource as this scan saw it. `doc` null: the stored document is current. */
export interface Sighting {
  key: ResourceKey;
  uid: string | null;
  resourceVersion: string | null;
  hash: string;
  owner: { kind: string; name: string };
  doc: KubernetesObject | null;
  /** What controls judge; null for pods and ReplicaSets of a workload. */
  judged: KubernetesObject | null;
  /** Running pods of this workload that differ from its template, one of each shape: they are judged with it. */
  variants: Map<string, KubernetesObject>;
  /** There were more shapes than are judged: what was not can't be called healthy. */
  uncounted: boolean;
  /** False for a part whose owner was not seen: nothing that was found of it may close. */
  covered: boolean;
  /** `podShape` of a pod that is part of a workload. */
  shape: string | null;
  /** `podShape` of `judged`. */
  template(): string;
}

/** More shapes than these of one workload's pods are the work of somebody who hides one among them. */
const MAX_VARIANTS = 30;

/** Adds a pod to the workload that it belongs to when it differs from the template and from those already there. */
export function addVariant(of: Sighting, shape: string, doc: () => KubernetesObject): void {
  if (of.judged === null || of.variants.has(shape) || of.template() === shape) return;
  if (of.variants.size < MAX_VARIANTS) of.variants.set(shape, doc());
  else of.uncounted = true;
}

export const wordOf = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);

/** Whether the object is the stored one, unchanged. An API that sends no resourceVersion never says so. */
export const isSame = (known: StoredResource, { uid, resourceVersion }: KubernetesObject["metadata"]): boolean =>
  wordOf(resourceVersion) !== null && known.resourceVersion === resourceVersion && known.uid === wordOf(uid);
