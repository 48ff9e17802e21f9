import { shortHash } from "@/domain/inventory/prune";
import {
  CONFIG_MAPS,
  type Distribution,
  type Gap,
  LISTED_KINDS,
  type ManagedCluster,
  type ResourceKey,
  resourceKeyText,
} from "@/domain/inventory/schema";
import type { ResourceWrite, StoredResource } from "@/domain/inventory/store";
import type { ControlSet } from "@/domain/posture/parameter/resolve";
import type { Control, NotEvaluatedReason } from "@/domain/posture/schema";
import { storableJson } from "@/lib/storable-json";
import type { Collected } from "./collect";
import { isSubject, Judge, type Verdict } from "./judge";
import { KUBELET_KIND } from "./part";
import type { Sighting } from "./sighting";

/** What a scan decides about one resource. `after` null: seen to be gone. `verdict` null: not assessed anew. */
export interface Decision {
  key: ResourceKey;
  before: StoredResource | null;
  after: StoredResource | null;
  verdict: Verdict | null;
}
export interface Plan {
  /** Every resource, changed or not. */
  decisions: Map<string, Decision>;
  /** What is still to be written of what changed. */
  writes: ResourceWrite[];
  /** Resources of which something changed. */
  changed: number;
  gone: StoredResource[];
  evaluated: number;
}
export interface PlanInput {
  stored: ReadonlyMap<string, StoredResource>;
  collected: Collected;
  controls: readonly Control[];
  /** Controls of namespaces that have parameters of their own. */
  namespaces?: ControlSet["namespaces"];
  clusterName: string;
  /** The cloud's facts as described for this scan; null when they could not be described. */
  managed: ManagedCluster | null;
  distribution: Distribution;
  /** The time of the scan, for what ends on a day. */
  now: Date;
  /** Evaluates everything, whatever is current: the daily sweep. */
  full: boolean;
  /** Of a first scan, by resource: what its row was made of already (`HeadStart`). */
  written?: ReadonlyMap<string, Sighting>;
}

const EPHEMERAL = ["ReplicaSet", "ReplicationController", "Job", "Pod"];
const LISTED: ReadonlySet<string> = new Set(LISTED_KINDS.map(({ apiGroup, kind }) => `${apiGroup}/${kind}`));
export const MANAGED_KIND = "ManagedCluster";

/** The reason of an assessment that a gap prevented. */
export function reasonOf(gap: Gap | undefined): NotEvaluatedReason {
  if (gap === undefined) return "not_listed";
  if (gap.code === "denied" || gap.code === "unauthenticated") return "denied";
  return gap.code === "unreachable" || gap.code === "timeout" ? "unreachable" : "not_listed";
}

/** Why a stored resource that was not seen can't be called gone; null when its absence is known. */
function unseenReason(row: StoredResource, { collected, managed }: PlanInput): NotEvaluatedReason | null {
  if (row.kind === MANAGED_KIND) return managed === null ? "stale" : null;
  if (row.kind === KUBELET_KIND && !collected.complete.has(KUBELET_KIND)) {
    const node = resourceKeyText({ apiGroup: "", kind: "Node", namespace: "", name: row.name });
    return collected.complete.has("Node") && !collected.sightings.has(node) ? null : "denied";
  }
  if (row.kind === CONFIG_MAPS.kind && row.apiGroup === CONFIG_MAPS.apiGroup) {
    if (collected.complete.has(CONFIG_MAPS.kind)) return null;
    const gap = collected.failures.get(CONFIG_MAPS.kind);
    return gap === undefined ? "denied" : reasonOf(gap);
  }
  const kinds = LISTED.has(`${row.apiGroup}/${row.kind}`) ? [row.kind] : EPHEMERAL;
  const missing = kinds.find((kind) => !collected.complete.has(kind));
  return missing === undefined ? null : reasonOf(collected.failures.get(missing));
}

/** Known verdicts of what was not seen become not evaluated; not applicable stays. */
function unknown(row: StoredResource, reason: NotEvaluatedReason): StoredResource {
  if (row.outcomes === null || row.assessedHash === null) return row;
  const outcomes = Object.entries(row.outcomes).map(([id, code]) => [id, code === "n" ? code : `e:${reason}`]);
  return { ...row, outcomes: Object.fromEntries(outcomes), assessedHash: null };
}

/** Whether nothing of what is stored of a resource changes. */
const isSame = (a: StoredResource, seen: Seen, now: Pick<StoredResource, "outcomes" | "assessedHash">): boolean =>
  a.uid === seen.uid &&
  a.resourceVersion === seen.resourceVersion &&
  a.hash === seen.hash &&
  a.ownerKind === seen.owner.kind &&
  a.ownerName === seen.owner.name &&
  a.assessedHash === now.assessedHash &&
  a.shape === seen.shape &&
  a.running === seen.running &&
  a.phase === seen.phase &&
  (a.outcomes === null) === (now.outcomes === null);

type Seen = Pick<
  Sighting,
  "key" | "uid" | "resourceVersion" | "hash" | "owner" | "covered" | "shape" | "running" | "phase"
>;

/** Outcomes of what is no subject: none, unless it was one and now names an owner that nobody saw. */
function unjudged(seen: Seen, before: StoredResource | null): StoredResource["outcomes"] {
  return seen.covered || before === null ? null : unknown(before, "not_listed").outcomes;
}

/** The stored outcomes themselves where a new verdict says the same: then nothing is counted as having moved. */
function judgedOutcomes(verdict: Verdict | null, before: StoredResource | null): StoredResource["outcomes"] {
  const known = before?.outcomes ?? null;
  if (verdict === null || known === null) return verdict?.outcomes ?? known;
  const ids = Object.keys(verdict.outcomes);
  const same = ids.length === Object.keys(known).length && ids.every((id) => verdict.outcomes[id] === known[id]);
  return same ? known : verdict.outcomes;
}

/** A resource as it is stored. Field by field: a scan makes tens of thousands of these. */
export const storedOf = (
  { key, uid, resourceVersion, hash, owner, shape, running, phase }: Seen,
  { outcomes, assessedHash }: Pick<StoredResource, "outcomes" | "assessedHash">,
): StoredResource => ({
  apiGroup: key.apiGroup,
  kind: key.kind,
  namespace: key.namespace,
  name: key.name,
  uid,
  resourceVersion,
  hash,
  ownerKind: owner.kind,
  ownerName: owner.name,
  outcomes,
  assessedHash,
  shape,
  running,
  phase,
});

/** When an agent was last heard of is another time at each look, and no change of its cluster. */
const withoutSightings = (key: string, value: unknown): unknown => (key === "lastSeenAt" ? undefined : value);

/** Subjects that are judged between two steps: some 10 ms. */
const STEP = 25;

/**
 * Decides what a scan changes, from what was stored and what was seen, in steps: after each the plan is given as far as it
 * has come, so that its caller can write the first decisions while the next are made. Pure: reads no clock and no database.
 */
export function* planScan(input: PlanInput): Generator<Plan, Plan> {
  const { stored, collected } = input;
  const { controls, namespaces = new Map(), written = new Map() } = input;
  const plan: Plan = { decisions: new Map(), writes: [], changed: 0, gone: [], evaluated: 0 };

  const decide = (seen: Seen, doc: string | null, subject: ReturnType<Judge["subject"]>) => {
    const id = resourceKeyText(seen.key);
    const before = stored.get(id) ?? null;
    const current = !input.full && before?.outcomes != null && before.assessedHash === subject?.hash;
    const verdict = subject === null || current ? null : subject.judge();
    if (verdict) plan.evaluated += Object.keys(verdict.outcomes).length;
    const outcomes = subject === null ? unjudged(seen, before) : judgedOutcomes(verdict, before);
    const now = { outcomes, assessedHash: subject?.hash ?? null };
    const same = before !== null && isSame(before, seen, now);
    const after = same && before.outcomes === outcomes ? before : storedOf(seen, now);
    if (!same) plan.changed++;
    const already = written.get(id);
    // Of two sightings of a pod the row may hold the first.
    if (!same && already !== seen)
      plan.writes.push({ row: after, doc, fresh: before === null && already === undefined });
    plan.decisions.set(id, { key: seen.key, before, after, verdict });
  };

  const subjects: Sighting[] = [];
  for (const seen of collected.sightings.values()) {
    if (isSubject(seen)) subjects.push(seen);
    else decide(seen, seen.doc, null);
  }
  yield plan;
  const judge = new Judge({ controls, namespaces }, collected, { ...input, day: input.now });
  for (const [at, seen] of subjects.entries()) {
    if (at % STEP === 0) yield plan;
    decide(seen, seen.doc, judge.subject(seen));
  }
  if (input.managed !== null) {
    const key = { apiGroup: "", kind: MANAGED_KIND, namespace: "", name: input.clusterName };
    const hash = shortHash(JSON.stringify(input.managed, withoutSightings));
    const doc = stored.get(resourceKeyText(key))?.hash === hash ? null : storableJson(input.managed);
    const owner = { kind: key.kind, name: key.name };
    const pod = { shape: null, running: null, phase: null };
    const seen = { key, uid: null, resourceVersion: null, hash, owner, covered: true, ...pod };
    decide(seen, doc, judge.managed(key, input.managed, hash));
  }
  for (const [id, before] of stored) {
    if (plan.decisions.has(id)) continue;
    const reason = unseenReason(before, input);
    if (reason === null) {
      plan.gone.push(before);
      plan.decisions.set(id, { key: before, before, after: null, verdict: null });
      continue;
    }
    const after = unknown(before, reason);
    if (after !== before) {
      plan.changed++;
      plan.writes.push({ row: after, doc: null, fresh: false });
    }
    plan.decisions.set(id, { key: before, before, after, verdict: null });
  }
  return plan;
}
