import type { KubernetesReader } from "@/connectors/connector";
import { componentOf } from "@/domain/inventory/control-plane";
import type { RunningImage } from "@/domain/inventory/image";
import { isStorableName } from "@/domain/inventory/json";
import { type Gap, LISTED_KINDS, resourceKeyText } from "@/domain/inventory/schema";
import type { StoredResource } from "@/domain/inventory/store";
import { gapOf } from "./list-gap";
import { seeConfigMaps, seeKubelets, seePart } from "./part";
import { Pass } from "./pass";
import type { Sighting } from "./sighting";

/** What one pass over a cluster's API saw. */
export interface Collected {
  sightings: Map<string, Sighting>;
  images: Map<string, RunningImage>;
  /** Kinds of which every page was read. Only these may lose resources. */
  complete: Set<string>;
  /** Why a kind could not be listed completely. */
  failures: Map<string, Gap>;
  gaps: Gap[];
  version?: string;
  uid?: string;
  listed: Record<string, number>;
}

/**
 * kube-system was asked for by name: a whole list of namespaces that leaves it out, or tells another one, was cut to what somebody may
 * see or is another cluster's. Then no list is taken for whole: what it leaves out is unknown, not gone.
 */
function distrustFiltered({ uid, sightings, complete, failures, gaps }: Collected): void {
  const id = resourceKeyText({ apiGroup: "", kind: "Namespace", namespace: "", name: "kube-system" });
  if (uid === undefined || !complete.has("Namespace") || sightings.get(id)?.uid === uid) return;
  const gap: Gap = {
    code: "truncated",
    what: "namespaces",
    message:
      "The list of namespaces leaves out kube-system, which is there. Check that nothing between Seawall and the API server filters what is listed.",
  };
  for (const kind of complete) failures.set(kind, gap);
  complete.clear();
  gaps.push(gap);
}

/**
 * Lists everything of one cluster. Objects whose resourceVersion is the stored one keep the stored hash. Failures of the
 * cluster become gaps; anything but a ConnectorError is a fault of ours and rejects. `onPage` is called after each page.
 */
export async function collect(
  reader: KubernetesReader,
  stored: ReadonlyMap<string, StoredResource>,
  onPage: (soFar: Collected) => void = () => undefined,
): Promise<Collected> {
  const collected: Collected = {
    sightings: new Map(),
    images: new Map(),
    complete: new Set(),
    failures: new Map(),
    gaps: [],
    listed: {},
  };
  try {
    const uid = await reader.clusterUid();
    if (isStorableName(uid)) collected.uid = uid;
  } catch (error) {
    const gap = gapOf(error);
    collected.gaps.push(gap);
    // An API that answers `denied` can still be listed; one that does not answer can't.
    if (gap.code !== "denied" && gap.code !== "not_found") {
      for (const { kind } of LISTED_KINDS) collected.failures.set(kind, gap);
      return collected;
    }
  }
  try {
    const version = await reader.version();
    if (isStorableName(version)) collected.version = version;
  } catch (error) {
    collected.gaps.push(gapOf(error));
  }
  const pass = new Pass(reader, stored, collected, onPage);
  await pass.list();
  await seeConfigMaps(reader, collected, stored);
  distrustFiltered(collected);
  for (const { key, judged } of [...collected.sightings.values()]) {
    const component = key.kind === "Pod" && key.namespace === "kube-system" && judged && componentOf(judged);
    if (component) seePart(collected, stored, component);
  }
  await seeKubelets(reader, collected, stored);
  return collected;
}
