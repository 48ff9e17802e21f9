import { clusterFacts } from "@/domain/inventory/cluster-facts";
import { deriveFacts } from "@/domain/inventory/derive";
import { shortHash } from "@/domain/inventory/prune";
import type { Distribution, KubernetesObject, ManagedCluster, ResourceKey } from "@/domain/inventory/schema";
import { isWorkloadKind } from "@/domain/inventory/workload";
import { assess, controlsByKind, controlVersion } from "@/domain/posture/engine";
import type { ControlSet } from "@/domain/posture/parameter/resolve";
import { APPLIES_TO, type AppliesTo, type Control, type Evidence, type Subject } from "@/domain/posture/schema";
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

/** What a cluster is judged by. `day`: ends of support and ages are told for it. */
export interface Around {
  managed: ManagedCluster | null;
  distribution: Distribution;
  day: Date;
}

/** Controls by the kind they judge, and for each kind what its verdicts depend on besides the subject. */
interface Judging {
  byKind: ReadonlyMap<AppliesTo, readonly Control[]>;
  versions: ReadonlyMap<AppliesTo, string>;
}

function judging(controls: readonly Control[], cluster: string): Judging {
  const byKind = controlsByKind(controls);
  const version = (some: readonly Control[]): string =>
    shortHash(JSON.stringify([cluster, ...some.map((one) => [one.id, controlVersion(one)])]));
  return { byKind, versions: new Map([...byKind].map(([word, some]) => [word, version(some)])) };
}

/** Judges the subjects of one cluster. Deprecated controls judge nothing. */
export class Judge {
  readonly #own: Judging;
  /** Namespaces whose controls have parameters of their own. */
  readonly #namespaces: ReadonlyMap<string, Judging>;
  readonly #facts: ReturnType<typeof deriveFacts>;
  readonly #cluster: Record<string, unknown>;
  readonly #day: Date;

  constructor({ controls, namespaces }: ControlSet, collected: Collected, { managed, distribution, day }: Around) {
    this.#day = day;
    this.#cluster = managed === null ? {} : { ...managed };
    const cluster = shortHash(JSON.stringify(this.#cluster));
    this.#own = judging(controls, cluster);
    this.#namespaces = new Map([...namespaces].map(([name, some]) => [name, judging(some, cluster)]));
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
    return this.#prepare(
      { key, appliesTo: "ManagedCluster", object: { ...managed }, facts: { ...clusterFacts(managed, this.#day) } },
      hash,
    );
  }

  #prepare(subject: Subject, objectHash: string): { hash: string; judge: () => Verdict } {
    const { kind, name, namespace } = subject.key;
    const { byKind, versions } = this.#namespaces.get(kind === "Namespace" ? name : namespace) ?? this.#own;
    const version = versions.get(subject.appliesTo) ?? "";
    const hash = shortHash(JSON.stringify([objectHash, subject.facts, version]));
    return { hash, judge: () => this.#judge(subject, byKind.get(subject.appliesTo) ?? []) };
  }

  #judge(subject: Subject, controls: readonly Control[]): Verdict {
    const outcomes: Record<string, OutcomeCode> = {};
    const failing = new Map<string, Evidence[]>();
    for (const control of controls) {
      const assessment = assess(control, subject, { cluster: this.#cluster });
      if (assessment.outcome === "unhealthy") failing.set(control.id, assessment.evidence);
      outcomes[control.id] =
        assessment.outcome === "healthy"
          ? "h"
          : assessment.outcome === "unhealthy"
            ? "u"
            : assessment.outcome === "not_applicable"
              ? "n"
              : `e:${assessment.reason}`;
    }
    return { outcomes, failing };
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
