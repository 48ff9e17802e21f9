import type { KubernetesObject, ResourceKey } from "@/domain/inventory/schema";
import { podShape } from "@/domain/inventory/shape";
import type { StoredResource } from "@/domain/inventory/store";

/** One resource as this scan saw it. `doc`: JSON text, far smaller than the object; null when the stored document is current. */
export interface Sighting {
  key: ResourceKey;
  uid: string | null;
  resourceVersion: string | null;
  hash: string;
  owner: { kind: string; name: string };
  doc: string | null;
  /** What controls judge; null for pods and ReplicaSets of a workload. */
  judged: KubernetesObject | null;
  /** Running pods of this workload that differ from its template, one of each shape: they are judged with it. */
  variants: ReadonlyMap<string, KubernetesObject>;
  /** There were more shapes than are judged: what was not can't be called healthy. */
  uncounted: boolean;
  /** False for a part whose owner was not seen: nothing that was found of it may close. */
  covered: boolean;
  /** `podShape` of a pod that is part of a workload. */
  shape: string | null;
  /** `runningOf` a pod. */
  running: string | null;
  /** `phaseOf` a pod. */
  phase: string | null;
  /** `templateOf` it, once somebody asked. */
  template: string | null;
}

/** A sighting of what has no document and judges nothing, until its caller adds them. */
export const sightingOf = (
  seen: Pick<Sighting, "key" | "uid" | "resourceVersion" | "hash" | "owner" | "shape" | "running" | "phase">,
): Sighting => ({
  key: seen.key,
  uid: seen.uid,
  resourceVersion: seen.resourceVersion,
  hash: seen.hash,
  owner: seen.owner,
  doc: null,
  judged: null,
  variants: NONE,
  uncounted: false,
  covered: true,
  shape: seen.shape,
  running: seen.running,
  phase: seen.phase,
  template: null,
});
const NONE: Sighting["variants"] = new Map();

/** `podShape` of what is judged; empty when nothing is. */
export function templateOf(sighting: Sighting): string {
  sighting.template ??= sighting.judged === null ? "" : podShape(sighting.judged);
  return sighting.template;
}

/** More shapes than these of one workload's pods are the work of somebody who hides one among them. */
const MAX_VARIANTS = 30;

/** Adds a pod to the workload that it belongs to when it differs from the template and from those already there. */
export function addVariant(of: Sighting, shape: string, doc: () => KubernetesObject): void {
  if (of.judged === null || of.variants.has(shape) || templateOf(of) === shape) return;
  if (of.variants.size < MAX_VARIANTS) of.variants = new Map([...of.variants, [shape, doc()]]);
  else of.uncounted = true;
}

export const wordOf = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);

/** Whether the object is the stored one, unchanged. An API that sends no resourceVersion never says so. */
export const isSame = (known: StoredResource, { uid, resourceVersion }: KubernetesObject["metadata"]): boolean =>
  wordOf(resourceVersion) !== null && known.resourceVersion === resourceVersion && known.uid === wordOf(uid);

/** Objects of each kind, `group/kind`, and how many of them belong to a workload that another object stands for. */
export function countParts(stored: Iterable<StoredResource>): Map<string, { all: number; parts: number }> {
  const counts = new Map<string, { all: number; parts: number }>();
  for (const { apiGroup, kind, name, ownerKind, ownerName } of stored) {
    const id = `${apiGroup}/${kind}`;
    const count = counts.get(id) ?? { all: 0, parts: 0 };
    counts.set(id, count);
    count.all++;
    if (ownerKind !== kind || ownerName !== name) count.parts++;
  }
  return counts;
}
