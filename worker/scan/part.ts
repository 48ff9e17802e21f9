import { hashOf } from "@/domain/inventory/prune";
import { type KubernetesObject, type ResourceKey, resourceKeyText } from "@/domain/inventory/schema";
import type { StoredResource } from "@/domain/inventory/store";
import type { Collected } from "./collect";
import { sightingOf } from "./sighting";

/**
 * Adds what is no object of the API but is judged as one: a component of the control plane, a kubelet. It bears the name of
 * what it was read from, and no UID of its own.
 */
export function seePart(
  collected: Collected,
  stored: ReadonlyMap<string, StoredResource>,
  part: KubernetesObject,
): void {
  const { name, namespace = "" } = part.metadata;
  const key: ResourceKey = { apiGroup: "", kind: part.kind, namespace, name };
  const id = resourceKeyText(key);
  const hash = hashOf(part);
  const owner = { kind: part.kind, name };
  const sighting = sightingOf({ key, uid: null, resourceVersion: null, hash, owner, shape: null, running: null });
  sighting.judged = part;
  sighting.doc = stored.get(id)?.hash === hash ? null : part;
  collected.sightings.set(id, sighting);
}
