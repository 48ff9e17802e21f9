import { deriveFacts } from "@/domain/inventory/derive";
import { shortHash } from "@/domain/inventory/prune";
import type { KubernetesObject, ManagedCluster, ResourceKey } from "@/domain/inventory/schema";
import { isWorkloadKind } from "@/domain/inventory/workload";
import { assess, controlsByKind, controlVersion } from "@/domain/posture/engine";
import { APPLIES_TO, type AppliesTo, type Control, type Evidence, type Subject } from "@/domain/posture/schema";
import type { OutcomeCode } from "@/domain/posture/score";
import type { Collected, Sighting } from "./collect";

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

/** Judges the subjects of one cluster. Deprecated controls judge nothing. */
export class Judge {
  readonly #byKind: ReadonlyMap<AppliesTo, readonly Control[]>;
  readonly #versions = new Map<AppliesTo, string>();
  readonly #facts: ReturnType<typeof deriveFacts>;
  readonly #cluster: Record<string, unknown>;

  constructor(controls: readonly Control[], collected: Collected, managed: ManagedCluster | null) {
    this.#byKind = controlsByKind(controls);
    this.#cluster = managed === null ? {} : { ...managed };
    const cluster = shortHash(JSON.stringify(this.#cluster));
    for (const [word, some] of this.#byKind) {
      this.#versions.set(
        word,
        shortHash(JSON.stringify([cluster, ...some.map((one) => [one.id, controlVersion(one)])])),
      );
    }
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
    });
  }

  /** The hash of all that a subject's assessments depend on, and how to make them; null when no control judges it. */
  subject(sighting: Sighting): { hash: string; judge: () => Verdict } | null {
    if (sighting.judged === null) return null;
    const appliesTo = appliesToOf(sighting.judged.kind);
    if (appliesTo === null) return null;
    const facts = this.#facts(sighting.judged);
    const object = sighting.judged;
    return this.#prepare({ key: sighting.key, appliesTo, object, facts: { ...facts } }, sighting.hash);
  }

  /** The cloud's facts of the cluster as a subject of its own. */
  managed(key: ResourceKey, managed: ManagedCluster, hash: string) {
    return this.#prepare({ key, appliesTo: "ManagedCluster", object: { ...managed }, facts: {} }, hash);
  }

  #prepare(subject: Subject, objectHash: string): { hash: string; judge: () => Verdict } {
    const version = this.#versions.get(subject.appliesTo) ?? "";
    const hash = shortHash(JSON.stringify([objectHash, subject.facts, version]));
    return { hash, judge: () => this.#judge(subject) };
  }

  #judge(subject: Subject): Verdict {
    const outcomes: Record<string, OutcomeCode> = {};
    const failing = new Map<string, Evidence[]>();
    for (const control of this.#byKind.get(subject.appliesTo) ?? []) {
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
