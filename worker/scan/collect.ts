import { ConnectorError, type KubernetesReader } from "@/connectors/connector";
import { countImages, type RunningImage } from "@/domain/inventory/image";
import { hashOf, isObject, prune, prunePod } from "@/domain/inventory/prune";
import {
  type Gap,
  type KubernetesObject,
  LISTED_KINDS,
  type ListedKind,
  type ResourceKey,
  resourceKeyText,
} from "@/domain/inventory/schema";
import type { StoredResource } from "@/domain/inventory/store";
import { isWorkloadKind, type Owner, Owners } from "@/domain/inventory/workload";

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
}

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

/** Workload kinds are listed owners first, so that a pod's owner is known when the pod is read. */
const PHASES = [
  LISTED_KINDS.filter(({ kind }) => !["ReplicaSet", "ReplicationController", "Job", "Pod"].includes(kind)),
  LISTED_KINDS.filter(({ kind }) => ["ReplicaSet", "ReplicationController", "Job"].includes(kind)),
  LISTED_KINDS.filter(({ kind }) => kind === "Pod"),
];
const PARALLEL = 4;
/** After two of these no further kind is tried: each would wait for its time-out in vain. */
const HOPELESS: ReadonlySet<string> = new Set(["unreachable", "timeout", "unauthenticated"]);

const gapOf = (error: unknown): Gap => {
  if (error instanceof ConnectorError) return error.gap;
  throw error;
};

/**
 * Lists everything of one cluster. Objects whose resourceVersion is the stored one keep the stored hash. Failures of the
 * cluster become gaps; anything but a ConnectorError is a fault of ours and rejects.
 */
export async function collect(
  reader: KubernetesReader,
  stored: ReadonlyMap<string, StoredResource>,
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
    collected.uid = await reader.clusterUid();
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
    collected.version = await reader.version();
  } catch (error) {
    collected.gaps.push(gapOf(error));
  }
  const pass = new Pass(reader, stored, collected);
  for (const kinds of PHASES) await pass.phase(kinds);
  return collected;
}

class Pass {
  readonly #owners = new Owners();
  /** Newest object of each owner of an unknown kind, which stands for it. */
  readonly #strangers = new Map<string, string>();
  #hopeless: Gap[] = [];

  constructor(
    private readonly reader: KubernetesReader,
    private readonly stored: ReadonlyMap<string, StoredResource>,
    private readonly collected: Collected,
  ) {}

  async phase(kinds: readonly ListedKind[]): Promise<void> {
    const queue = [...kinds];
    const worker = async () => {
      for (let kind = queue.shift(); kind !== undefined; kind = queue.shift()) await this.#kind(kind);
    };
    await Promise.all(Array.from({ length: Math.min(PARALLEL, queue.length) }, worker));
  }

  async #kind(kind: ListedKind): Promise<void> {
    const [, given] = this.#hopeless;
    if (given !== undefined) return this.#failed(kind, [given]);
    let rubbish = 0;
    this.collected.listed[kind.kind] = 0;
    try {
      const pages = this.reader.list(kind, (metadata) => this.#isKnownPart(kind, metadata));
      let page = await pages.next();
      for (; !page.done; page = await pages.next()) {
        for (const item of page.value) {
          if (isObject(item, kind)) this.#see(item, kind);
          else rubbish++;
        }
      }
      const { complete, gaps } = page.value;
      if (complete && rubbish === 0) this.collected.complete.add(kind.kind);
      else this.#failed(kind, [...gaps, ...(rubbish > 0 ? [rubbishGap(kind, rubbish)] : [])]);
      if (complete && rubbish === 0) this.collected.gaps.push(...gaps);
    } catch (error) {
      const gap = gapOf(error);
      if (gap.code === "not_found" && kind.optional) {
        this.collected.complete.add(kind.kind);
        return;
      }
      if (HOPELESS.has(gap.code)) this.#hopeless.push(gap);
      this.#failed(kind, [gap]);
    }
  }

  #failed(kind: ListedKind, gaps: Gap[]): void {
    const what = `${kind.apiGroup === "" ? "" : `${kind.apiGroup}/`}${kind.resource}`;
    const fallback: Gap = { code: "truncated", what, message: `Not every page of ${what} was read. Scan again.` };
    const [first = fallback] = gaps;
    this.collected.failures.set(kind.kind, first);
    for (const gap of gaps.length > 0 ? gaps : [fallback]) {
      if (!this.collected.gaps.includes(gap)) this.collected.gaps.push(gap);
    }
    if (!isWorkloadKind(kind.kind)) return;
    for (const [key, row] of this.stored) {
      if (row.kind !== kind.kind || this.collected.sightings.has(key)) continue;
      this.#owners.remember(row.namespace, row.kind, row.name, this.#storedOwner(row));
    }
  }

  #storedOwner(row: StoredResource): Owner {
    const listed = LISTED_KINDS.find(({ kind }) => kind === row.ownerKind);
    const stranger = [...this.stored.values()].find(
      ({ kind, namespace, name }) => kind === row.ownerKind && namespace === row.namespace && name === row.ownerName,
    );
    return {
      apiGroup: listed?.apiGroup ?? stranger?.apiGroup ?? "",
      kind: row.ownerKind,
      name: row.ownerName,
      uid: "",
    };
  }

  #see(object: KubernetesObject, kind: ListedKind): void {
    this.collected.listed[kind.kind] = (this.collected.listed[kind.kind] ?? 0) + 1;
    const namespace = kind.namespaced ? (object.metadata.namespace ?? "") : "";
    const key: ResourceKey = { apiGroup: kind.apiGroup, kind: kind.kind, namespace, name: object.metadata.name };
    const owner = isWorkloadKind(kind.kind)
      ? this.#owners.add(kind.kind, object.metadata, kind.apiGroup)
      : { ...key, uid: "" };
    if (kind.kind === "Pod") countImages(this.collected.images, object, owner);
    const own = owner.kind === kind.kind && owner.name === key.name;
    const stranger = !own && !isWorkloadKind(owner.kind);
    const doc = own || stranger ? prune(object, kind) : prunePod(object, kind);
    const sighting = this.#sight(key, object.metadata, owner, doc);
    if (own) sighting.judged = doc;
    if (stranger) this.#standIn({ ...owner, namespace }, owner, doc);
  }

  /** An unchanged part of a workload (its pod, its ReplicaSet): neither its specification nor its hash is needed again. */
  #isKnownPart(kind: ListedKind, metadata: KubernetesObject["metadata"]): boolean {
    if (!isWorkloadKind(kind.kind)) return false;
    const owner = this.#owners.of(kind.kind, metadata, kind.apiGroup);
    if (owner.kind === kind.kind || !isWorkloadKind(owner.kind)) return false;
    const { namespace = "", name } = metadata;
    const known = this.stored.get(resourceKeyText({ apiGroup: kind.apiGroup, kind: kind.kind, namespace, name }));
    return known !== undefined && isSame(known, metadata);
  }

  #sight(key: ResourceKey, metadata: KubernetesObject["metadata"], owner: Sighting["owner"], doc: KubernetesObject) {
    const id = resourceKeyText(key);
    const known = this.stored.get(id);
    const hash = known !== undefined && isSame(known, metadata) ? known.hash : hashOf(doc);
    const sighting: Sighting = {
      key,
      uid: wordOf(metadata.uid),
      resourceVersion: wordOf(metadata.resourceVersion),
      hash,
      owner: { kind: owner.kind, name: owner.name },
      doc: known?.hash === hash ? null : doc,
      judged: null,
    };
    this.collected.sightings.set(id, sighting);
    return sighting;
  }

  /** Lets the newest object of an unknown owner (an Argo Rollout) stand for it, under the owner's name. */
  #standIn({ apiGroup, kind, namespace, name }: ResourceKey, owner: Owner, doc: KubernetesObject): void {
    const key: ResourceKey = { apiGroup, kind, namespace, name };
    const id = resourceKeyText(key);
    const age = `${doc.metadata.creationTimestamp ?? ""} ${doc.metadata.name}`;
    if ((this.#strangers.get(id) ?? "") >= age) return;
    this.#strangers.set(id, age);
    // Its generated name and labels are not the workload's: only the template counts for the hash.
    const nameless = { ...doc, metadata: { name, namespace } };
    const sighting = this.#sight(key, { name, uid: owner.uid }, owner, nameless);
    sighting.judged = doc;
  }
}

const wordOf = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);

/** Whether the object is the stored one, unchanged. An API that sends no resourceVersion never says so. */
const isSame = (known: StoredResource, { uid, resourceVersion }: KubernetesObject["metadata"]): boolean =>
  wordOf(resourceVersion) !== null && known.resourceVersion === resourceVersion && known.uid === wordOf(uid);

const rubbishGap = (kind: ListedKind, count: number): Gap => ({
  code: "malformed",
  what: kind.resource,
  message: `${count} of the listed ${kind.resource} hold no usable name. Check what answers at the address of the API server.`,
});
