import type { KubernetesReader } from "@/connectors/connector";
import { reduceConfigMap } from "@/domain/inventory/config-map/reduced";
import { hashOf, isObject, prune } from "@/domain/inventory/prune";
import { CONFIG_MAPS, type KubernetesObject, type ResourceKey, resourceKeyText } from "@/domain/inventory/schema";
import type { StoredResource } from "@/domain/inventory/store";
import { storableJson } from "@/lib/storable-json";
import type { Collected } from "./collect";
import { gapOf, rubbishGap } from "./list-gap";
import { sightingOf } from "./sighting";

/**
 * Adds what is judged and is no object of the API as it stands: a component of the control plane, a kubelet, a ConfigMap without its
 * values. It bears the name of what it was read from, and no UID of its own.
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

/**
 * Adds the ConfigMaps without their values, where the identity was given the right to judge them; without it there are none, and no gap
 * either. A list that breaks off is one, as of any kind.
 */
export async function seeConfigMaps(
  reader: KubernetesReader,
  collected: Collected,
  stored: ReadonlyMap<string, StoredResource>,
): Promise<void> {
  const pages = (await reader.configMaps?.(reduceConfigMap)) ?? null;
  if (pages === null) return;
  const { kind } = CONFIG_MAPS;
  let rubbish = 0;
  try {
    let page = await pages.next();
    for (; !page.done; page = await pages.next()) {
      for (const item of page.value) {
        if (isObject(item, CONFIG_MAPS)) seePart(collected, stored, prune(item, CONFIG_MAPS));
        else rubbish++;
      }
    }
    const { complete, gaps } = page.value;
    const broken = [...gaps, ...(rubbish > 0 ? [rubbishGap(CONFIG_MAPS, rubbish)] : [])];
    collected.gaps.push(...broken);
    if (complete && rubbish === 0) collected.complete.add(kind);
    else if (broken[0] !== undefined) collected.failures.set(kind, broken[0]);
  } catch (error) {
    const gap = gapOf(error);
    collected.gaps.push(gap);
    collected.failures.set(kind, gap);
  }
}
