import { clusterFacts } from "@/domain/inventory/cluster-facts";
import { deriveFacts } from "@/domain/inventory/derive";
import { onceFor } from "@/domain/inventory/once";
import { shortHash } from "@/domain/inventory/prune";
import type { Distribution, KubernetesObject, ManagedCluster, ResourceKey } from "@/domain/inventory/schema";
import { isWorkloadKind } from "@/domain/inventory/workload";
import { Assessor, controlVersion } from "@/domain/posture/engine";
import type { ControlSet } from "@/domain/posture/parameter/resolve";
import {
  APPLIES_TO,
  type AppliesTo,
  type Assessment,
  type Control,
  type Evidence,
  type Subject,
} from "@/domain/posture/schema";
import type { OutcomeCode } from "@/domain/posture/score";
import type { Collected } from "./collect";
import type { Sighting } from "./sighting";

/** Assessments of one subject as stored, with the evidence of those that are unhealthy. */
export interface Verdict {
  outcomes: Record<string, OutcomeCode>;
  failing: ReadonlyMap<string, Evidence[]>;
}

const WORDS: ReadonlySet<string> = new Set(APPLIES_TO);

/** Which `appliesTo` word a listed or synthetic kind answers to; null when no control can judge it. */
export function appliesToOf(kind: string): AppliesTo | null {
  if (isWorkloadKind(kind)) return "Workload";
  return WORDS.has(kind) ? (kind as AppliesTo) : null;
}

/** Whether some control may judge it. */
export const isSubject = ({ judged }: Sighting): boolean => judged !== null && appliesToOf(judged.kind) !== null;

/** Once for a role: thousands of bindings may refer to one that has thousands of rules. */
const hashOfRules = onceFor((rules: readonly unknown[]): string => shortHash(JSON.stringify(rules)));

/** What a cluster is judged by. `day`: ends of support and ages are told for it. */
export interface Around {
  managed: ManagedCluster | null;
  distribution: Distribution;
  day: Date;
}

/** Judges by the controls of one place. */
class Judging {
  readonly #assessor: Assessor;
  readonly #versions = new Map<AppliesTo, string>();
  readonly #healthy = new Map<AppliesTo, Record<string, OutcomeCode>>();

  constructor(
    controls: readonly Control[],
    cluster: Record<string, unknown>,
    readonly clusterHash: string,
  ) {
    this.#assessor = new Assessor(controls, cluster);
  }

  /** What verdicts on subjects of a kind depend on besides the subject. */
  version(kind: AppliesTo): string {
    const made = (): string => {
      const controls = this.#assessor.controlsOf(kind);
      if (controls.length === 0) return "";
      return shortHash(JSON.stringify([this.clusterHash, ...controls.map((one) => [one.id, controlVersion(one)])]));
    };
    return known(this.#versions, kind, made);
  }

  judge(subject: Subject): Verdict {
    const outcomes = { ...known(this.#healthy, subject.appliesTo, () => this.#allHealthy(subject.appliesTo)) };
    const failing = new Map<string, Evidence[]>();
    this.#assessor.assess(subject, (assessment, { id }) => {
      if (assessment.outcome === "healthy") return;
      outcomes[id] = codeOf(assessment);
      if (assessment.outcome === "unhealthy") failing.set(id, assessment.evidence);
    });
    return { outcomes, failing };
  }

  /** Most verdicts are healthy: a copy of this is made at once, key by key it is not. */
  #allHealthy(kind: AppliesTo): Record<string, OutcomeCode> {
    return Object.fromEntries(this.#assessor.controlsOf(kind).map(({ id }) => [id, "h"]));
  }
}

function known<V>(made: Map<AppliesTo, V>, kind: AppliesTo, make: () => V): V {
  const value = made.get(kind) ?? make();
  made.set(kind, value);
  return value;
}

function codeOf(assessment: Assessment): OutcomeCode {
  switch (assessment.outcome) {
    case "healthy":
      return "h";
    case "unhealthy":
      return "u";
    case "not_applicable":
      return "n";
    case "not_evaluated":
      return `e:${assessment.reason}`;
  }
}

/** Judges the subjects of one cluster. Deprecated controls judge nothing. */
export class Judge {
  readonly #own: Judging;
  /** Namespaces whose controls have parameters of their own. */
  readonly #namespaces: ReadonlyMap<string, Judging>;
  readonly #facts: ReturnType<typeof deriveFacts>;
  readonly #day: Date;
  /** Undefined unless all were listed. */
  readonly #nodes: readonly KubernetesObject[] | undefined;

  constructor({ controls, namespaces }: ControlSet, collected: Collected, { managed, distribution, day }: Around) {
    this.#day = day;
    const cluster = managed === null ? {} : { ...managed };
    const hash = shortHash(JSON.stringify(cluster));
    this.#own = new Judging(controls, cluster, hash);
    this.#namespaces = new Map([...namespaces].map(([name, some]) => [name, new Judging(some, cluster, hash)]));
    const byKind = new Map<string, KubernetesObject[]>();
    const workloads: KubernetesObject[] = [];
    for (const { key, judged } of collected.sightings.values()) {
      if (judged === null) continue;
      if (isWorkloadKind(judged.kind)) workloads.push(judged);
      else {
        const some = byKind.get(key.kind);
        if (some) some.push(judged);
        else byKind.set(key.kind, [judged]);
      }
    }
    this.#nodes = collected.complete.has("Node") ? (byKind.get("Node") ?? []) : undefined;
    this.#facts = deriveFacts({
      workloads,
      objects: (kind) => byKind.get(kind) ?? [],
      complete: (kind) => collected.complete.has(kind),
      version: collected.version,
      distribution,
      now: day,
    });
  }

  /** The hash of all that a subject's assessments depend on, and how to make them; null when no control judges it. */
  subject(sighting: Sighting): { hash: string; judge: () => Verdict } | null {
    const { key, judged, variants } = sighting;
    if (judged === null) return null;
    const appliesTo = appliesToOf(judged.kind);
    if (appliesTo === null) return null;
    const subjectOf = (object: KubernetesObject): Subject => {
      return { key, appliesTo, object, facts: { ...this.#facts(object) } };
    };
    const own = this.#prepare(subjectOf(judged), sighting.hash);
    if (variants.size === 0 && !sighting.uncounted) return own;
    const others = [...variants]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([shape, pod]) => ({ ...this.#prepare(subjectOf(pod), shape), name: pod.metadata.name }));
    return {
      hash: shortHash(JSON.stringify([own.hash, sighting.uncounted, ...others.map(({ hash }) => hash)])),
      judge: () => {
        const verdicts = others.map(({ name, judge }) => ofVariant(judge(), name));
        return united([own.judge(), ...verdicts], sighting.uncounted);
      },
    };
  }

  /** The cloud's facts of the cluster as a subject of its own. */
  managed(key: ResourceKey, managed: ManagedCluster, hash: string) {
    const facts = { ...clusterFacts(managed, this.#day, this.#nodes) };
    return this.#prepare({ key, appliesTo: "ManagedCluster", object: { ...managed }, facts }, hash);
  }

  #prepare(subject: Subject, objectHash: string): { hash: string; judge: () => Verdict } {
    const { kind, name, namespace } = subject.key;
    const judging = this.#namespaces.get(kind === "Namespace" ? name : namespace) ?? this.#own;
    const { rules, ...facts } = subject.facts;
    const joined = Array.isArray(rules) ? { ...facts, rules: hashOfRules(rules) } : subject.facts;
    const hash = shortHash(JSON.stringify([objectHash, joined, judging.version(subject.appliesTo)]));
    return { hash, judge: () => judging.judge(subject) };
  }
}

/** Evidence of a pod that differs from its workload's template says which pod it is. */
function ofVariant({ outcomes, failing }: Verdict, pod: string): Verdict {
  const named = [...failing].map(([id, evidence]): [string, Evidence[]] => [
    id,
    evidence.map(({ path, message }) => ({
      path,
      message: `${message} (In the running pod ${pod}, not in the template.)`,
    })),
  ]);
  return { outcomes, failing: new Map(named) };
}

const RANK = (code: OutcomeCode): number => (code === "u" ? 3 : code.startsWith("e:") ? 2 : code === "h" ? 1 : 0);

/** The worst of several verdicts on one workload; `uncounted`: others were not looked at, so that none is healthy. */
function united(verdicts: readonly Verdict[], uncounted: boolean): Verdict {
  const outcomes: Record<string, OutcomeCode> = {};
  const failing = new Map<string, Evidence[]>();
  for (const verdict of verdicts) {
    for (const [id, code] of Object.entries(verdict.outcomes)) {
      const before = outcomes[id];
      if (before === undefined || RANK(code) > RANK(before)) outcomes[id] = code;
    }
    for (const [id, evidence] of verdict.failing) {
      // What the template shows already need not be said again of each pod.
      if (!failing.has(id)) failing.set(id, evidence);
    }
  }
  if (uncounted) {
    for (const [id, code] of Object.entries(outcomes)) if (code === "h") outcomes[id] = "e:error";
  }
  return { outcomes, failing };
}
