import type { KubernetesReader } from "@/connectors/connector";
import { countImages, runningOf } from "@/domain/inventory/image";
import { phaseOf } from "@/domain/inventory/pod";
import { hashOf, isObject, prune, prunePod } from "@/domain/inventory/prune";
import {
  type Gap,
  type KubernetesObject,
  LISTED_KINDS,
  type ListedKind,
  type ResourceKey,
  resourceKeyText,
} from "@/domain/inventory/schema";
import { podShape } from "@/domain/inventory/shape";
import type { StoredResource } from "@/domain/inventory/store";
import { isFinished, isWorkloadKind, type Owner, Owners, type Place } from "@/domain/inventory/workload";
import { storableJson } from "@/lib/storable-json";
import type { Collected } from "./collect";
import { gapOf, HOPELESS, rubbishGap } from "./list-gap";
import { addVariant, countParts, isSame, sightingOf, templateOf, wordOf } from "./sighting";
import { storedOwner } from "./stored-owner";

/** Workload kinds are listed owners first, so that a pod's owner is known when the pod is read. */
const PHASES = [
  LISTED_KINDS.filter(({ kind }) => !["ReplicaSet", "ReplicationController", "Job", "Pod"].includes(kind)),
  LISTED_KINDS.filter(({ kind }) => ["ReplicaSet", "ReplicationController", "Job"].includes(kind)),
  LISTED_KINDS.filter(({ kind }) => kind === "Pod"),
];
const PARALLEL = 4;
/** Objects whose owner was not seen are held back for a second look at its kind; more than these are judged at once. */
const MAX_HELD = 2000;
/** Fewer than these fit on one page, which is as quick to read at once. */
const MANY_PARTS = 500;
/** An unchanged part of a workload: what is stored of it stands for its specification and status. */
interface Known {
  row: StoredResource;
  owner: Owner;
}

/** One pass over a cluster's API: what it sees goes into `collected`. */
export class Pass {
  readonly #owners = new Owners();
  /** Newest object of each owner of an unknown kind, which stands for it. */
  readonly #strangers = new Map<string, string>();
  /** Objects that name an owner which was made, or made up, after its kind was listed. */
  readonly #held: { object: KubernetesObject; kind: ListedKind; parent: string }[] = [];
  readonly #texts = new Map<string, string>();
  #settling = false;
  /** What was found out about metadata when their page came, for when its objects are seen. */
  readonly #known = new WeakMap<KubernetesObject["metadata"], Known>();
  #hopeless: Gap[] = [];
  #parts: ReturnType<typeof countParts> | undefined;

  constructor(
    private readonly reader: KubernetesReader,
    private readonly stored: ReadonlyMap<string, StoredResource>,
    private readonly collected: Collected,
    private readonly onPage: (soFar: Collected) => void,
  ) {}

  /** Lists all kinds, then what was missing among them. */
  async list(): Promise<void> {
    for (const kinds of PHASES) await this.#phase(kinds);
    await this.#settle();
  }

  async #phase(kinds: readonly ListedKind[]): Promise<void> {
    const queue = [...kinds];
    const worker = async () => {
      for (let kind = queue.shift(); kind !== undefined; kind = queue.shift()) await this.#kind(kind);
    };
    await Promise.all(Array.from({ length: Math.min(PARALLEL, queue.length) }, worker));
  }

  /** Looks once more for the owners that were missing, then judges what still has none for itself. */
  async #settle(): Promise<void> {
    this.#settling = true;
    if (this.#held.length === 0) return;
    const missing = new Set(this.#held.map(({ parent }) => parent));
    // A ReplicaSet that was missing may belong to a Deployment that is as new.
    if (missing.has("ReplicaSet")) missing.add("Deployment");
    if (missing.has("Job")) missing.add("CronJob");
    for (const kinds of PHASES) {
      for (const kind of kinds.filter((one) => missing.has(one.kind))) await this.#lookAgain(kind);
    }
    for (const { object, kind } of this.#held) this.#see(object, kind);
  }

  /** Takes in what appeared in a kind since it was listed. What this list leaves out was seen before: nothing is lost. */
  async #lookAgain(kind: ListedKind): Promise<void> {
    try {
      for await (const page of this.reader.list(kind)) {
        for (const item of page) {
          if (!isObject(item, kind)) continue;
          const { namespace = "", name } = item.metadata;
          const id = resourceKeyText({ apiGroup: kind.apiGroup, kind: kind.kind, namespace, name });
          if (!this.collected.sightings.has(id)) this.#see(item, kind);
        }
      }
    } catch (error) {
      gapOf(error); // The kind was listed; without this second look, what is held is judged for itself.
    }
  }

  async #kind(kind: ListedKind): Promise<void> {
    const [, given] = this.#hopeless;
    if (given !== undefined) return this.#failed(kind, [given]);
    let rubbish = 0;
    this.collected.listed[kind.kind] = 0;
    try {
      const pages = this.reader.list(kind, {
        is: (metadata) => this.#knownPart(kind, metadata) !== null,
        most: this.#expectsKnown(kind),
      });
      let page = await pages.next();
      for (; !page.done; page = await pages.next()) {
        for (const item of page.value) {
          if (isObject(item, kind)) this.#see(item, kind);
          else rubbish++;
        }
        this.onPage(this.collected);
      }
      const { complete, gaps } = page.value;
      if (complete && rubbish === 0) this.collected.complete.add(kind.kind);
      else this.#failed(kind, [...gaps, ...(rubbish > 0 ? [rubbishGap(kind, rubbish)] : [])]);
      if (complete && rubbish === 0) this.collected.gaps.push(...gaps);
    } catch (error) {
      const gap = gapOf(error);
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
      if (row.kind !== kind.kind || row.apiGroup !== kind.apiGroup || this.collected.sightings.has(key)) continue;
      this.#owners.remember({ ...row, uid: row.uid ?? "" }, row.namespace, storedOwner(row, this.stored));
    }
  }

  #see(object: KubernetesObject, kind: ListedKind): void {
    const known = this.#knownPart(kind, object.metadata);
    if (known === null) this.#seeNew(object, kind);
    else this.#seeKnown(known, object, kind);
  }

  #seeNew(object: KubernetesObject, kind: ListedKind): void {
    const namespace = kind.namespaced ? (object.metadata.namespace ?? "") : "";
    const key: ResourceKey = { apiGroup: kind.apiGroup, kind: kind.kind, namespace, name: object.metadata.name };
    let place = this.#place(kind, object.metadata);
    if (place.as === "unseen" && this.collected.complete.has(place.owner.kind)) {
      if (!this.#settling && this.#held.length < MAX_HELD) {
        this.#held.push({ object, kind, parent: place.owner.kind });
        return;
      }
      place = { as: "self", owner: { ...key, uid: object.metadata.uid ?? "" } };
    }
    this.collected.listed[kind.kind] = (this.collected.listed[kind.kind] ?? 0) + 1;
    const { as, owner } = place;
    if (isWorkloadKind(kind.kind)) this.#owners.remember({ ...key, uid: object.metadata.uid ?? "" }, namespace, owner);
    const shape = kind.kind === "Pod" && as === "part" ? podShape(object) : null;
    const running = kind.kind === "Pod" ? this.#one(runningOf(object)) : null;
    if (running !== null) countImages(this.collected.images, running, namespace, owner);
    const doc = as === "self" || as === "stranger" ? prune(object, kind) : prunePod(object, kind);
    const sighting = this.#sight(key, object.metadata, owner, doc);
    sighting.shape = shape;
    sighting.running = running;
    sighting.phase = kind.kind === "Pod" ? phaseOf(object) : null;
    sighting.covered = as !== "unseen";
    if (as === "self") sighting.judged = doc;
    if (as === "stranger" && !isFinished(object)) this.#standIn({ ...owner, namespace }, owner, doc);
    if (shape !== null && !isFinished(object)) {
      const top = this.collected.sightings.get(resourceKeyText({ ...owner, namespace }));
      // An owner that is known only from an earlier scan has no template to compare with.
      if (top === undefined) sighting.covered = false;
      else addVariant(top, shape, () => prune(object, kind));
    }
  }

  /** Pods of one workload run the same: one text of it is kept, not one for each. */
  #one(text: string): string {
    const same = this.#texts.get(text) ?? text;
    if (same === text) this.#texts.set(text, text);
    return same;
  }

  #place(kind: ListedKind, metadata: KubernetesObject["metadata"]): Place {
    if (isWorkloadKind(kind.kind)) return this.#owners.place(kind.kind, metadata, kind.apiGroup);
    return { as: "self", owner: { apiGroup: kind.apiGroup, kind: kind.kind, name: metadata.name, uid: "" } };
  }

  #stored({ apiGroup, kind, namespace, name }: ResourceKey): StoredResource | undefined {
    return this.stored.get(resourceKeyText({ apiGroup, kind, namespace, name }));
  }

  /** Whether a kind holds many parts of workloads, and little else: then most of it is usually as it was. */
  #expectsKnown({ apiGroup, kind }: ListedKind): boolean {
    this.#parts ??= countParts(this.stored.values());
    const { all = 0, parts = 0 } = this.#parts.get(`${apiGroup}/${kind}`) ?? {};
    return parts >= MANY_PARTS && parts * 2 > all;
  }

  /** An unchanged part of a workload (its ReplicaSet, a pod like its template): its specification is not needed again. */
  #knownPart(kind: ListedKind, metadata: KubernetesObject["metadata"]): Known | null {
    if (!isWorkloadKind(kind.kind)) return null;
    const before = this.#known.get(metadata);
    if (before !== undefined) return before;
    const { namespace = "", name } = metadata;
    const row = this.#stored({ apiGroup: kind.apiGroup, kind: kind.kind, namespace, name });
    if (row === undefined || !isSame(row, metadata)) return null;
    const { as, owner } = this.#owners.place(kind.kind, metadata, kind.apiGroup);
    if (as !== "part") return null;
    if (kind.kind === "Pod") {
      if (row.running === null || row.phase === null || row.shape === null) return null;
      const top = this.collected.sightings.get(resourceKeyText({ ...owner, namespace }));
      if (top?.judged == null) return null;
      // One of each shape is judged.
      if (templateOf(top) !== row.shape && !top.variants.has(row.shape)) return null;
    }
    const known = { row, owner };
    this.#known.set(metadata, known);
    return known;
  }

  #seeKnown({ row, owner }: Known, object: KubernetesObject, kind: ListedKind): void {
    const { apiGroup, namespace, name, uid, resourceVersion, hash, shape, running, phase } = row;
    const key: ResourceKey = { apiGroup, kind: kind.kind, namespace, name };
    this.collected.listed[kind.kind] = (this.collected.listed[kind.kind] ?? 0) + 1;
    this.#owners.remember({ ...key, uid: object.metadata.uid ?? "" }, namespace, owner);
    if (running !== null) countImages(this.collected.images, running, namespace, owner);
    const { kind: ownerKind, name: ownerName } = owner;
    const status = { shape, running, phase };
    const seen = { key, uid, resourceVersion, hash, ...status, owner: { kind: ownerKind, name: ownerName } };
    this.collected.sightings.set(resourceKeyText(key), sightingOf(seen));
  }

  #sight(key: ResourceKey, metadata: KubernetesObject["metadata"], owner: Owner, doc: KubernetesObject) {
    const known = this.#stored(key);
    const hash = known !== undefined && isSame(known, metadata) ? known.hash : hashOf(doc);
    const sighting = sightingOf({
      key,
      uid: wordOf(metadata.uid),
      resourceVersion: wordOf(metadata.resourceVersion),
      hash,
      owner: { kind: owner.kind, name: owner.name },
      shape: null,
      running: null,
      phase: null,
    });
    if (known?.hash !== hash) sighting.doc = storableJson(doc);
    this.collected.sightings.set(resourceKeyText(key), sighting);
    return sighting;
  }

  /**
   * Lets the newest object of an unknown owner (an Argo Rollout) stand for it, under the owner's name; others that differ
   * from it (the steps of a Workflow) are judged beside it.
   */
  #standIn({ apiGroup, kind, namespace, name }: ResourceKey, owner: Owner, doc: KubernetesObject): void {
    const key: ResourceKey = { apiGroup, kind, namespace, name };
    const id = resourceKeyText(key);
    const age = `${doc.metadata.creationTimestamp ?? ""} ${doc.metadata.name}`;
    const standing = this.collected.sightings.get(id);
    const newest = this.#strangers.get(id) ?? "";
    if (standing !== undefined && newest >= age) {
      if (doc.kind === "Pod") addVariant(standing, podShape(doc), () => doc);
      return;
    }
    this.#strangers.set(id, age);
    // Its generated name and labels are not the workload's: only the template counts for the hash.
    const nameless = { ...doc, metadata: { name, namespace } };
    const sighting = this.#sight(key, { name, uid: owner.uid }, owner, nameless);
    sighting.judged = doc;
    if (standing === undefined) return;
    for (const [shape, variant] of standing.variants) addVariant(sighting, shape, () => variant);
    const before = standing.judged;
    if (before?.kind === "Pod") addVariant(sighting, podShape(before), () => before);
  }
}
