import type { KubernetesReader } from "@/connectors/connector";
import { hashOf } from "@/domain/inventory/prune";
import { type KubernetesObject, type ResourceKey, resourceKeyText } from "@/domain/inventory/schema";
import type { StoredResource } from "@/domain/inventory/store";
import { storableJson } from "@/lib/storable-json";
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
  const pod = { shape: null, running: null, phase: null };
  const sighting = sightingOf({ key, uid: null, resourceVersion: null, hash, owner, ...pod });
  sighting.judged = part;
  sighting.doc = stored.get(id)?.hash === hash ? null : storableJson(part);
  collected.sightings.set(id, sighting);
}

export const KUBELET_KIND = "Kubelet";

/**
 * Adds the kubelets, where the identity may ask for their settings: then the kind counts as complete. One that did not answer is
 * added without settings, so that all about it is unknown.
 */
export async function seeKubelets(
  reader: KubernetesReader,
  collected: Collected,
  stored: ReadonlyMap<string, StoredResource>,
): Promise<void> {
  const nodes = [...collected.sightings.values()].flatMap(({ key }) => (key.kind === "Node" ? key.name : [])).sort();
  if (nodes.length === 0) return;
  const read = (await reader.kubelets?.(nodes)) ?? null;
  if (read === null) return;
  for (const name of nodes) {
    const settings = read.get(name);
    const known = settings !== undefined && !("code" in settings);
    seePart(collected, stored, {
      apiVersion: "v1",
      kind: KUBELET_KIND,
      metadata: { name },
      ...(known ? { settings } : {}),
    });
  }
  if (collected.complete.has("Node")) collected.complete.add(KUBELET_KIND);
}
