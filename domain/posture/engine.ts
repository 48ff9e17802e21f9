import { compile, type Predicate } from "@/cel/compile";
import type { CelError } from "@/cel/error";
import { boundedEvidence, evidencePath } from "./engine-evidence";
import { fillMessage, tellsFacts } from "./engine-message";
import { readable } from "./engine-null";
import { at } from "./engine-place";
import { Bound } from "./engine-subject";
import { type Unknown, unknownOf } from "./engine-unknown";
import { pathOf, rankOf } from "./engine-walk";
import type { AppliesTo, Assessment, Control, Evidence, ForEach, Subject } from "./schema";

export { controlVersion } from "./control-version";

/** What is joined to every subject of one cluster. */
export interface AssessContext {
  /** The cloud's facts of the cluster (`cluster` in CEL); absent when none are known. */
  cluster?: Readonly<Record<string, unknown>>;
  /** Replaces single parameters of the control. */
  params?: Params;
}
type Params = Readonly<Record<string, unknown>>;

const predicates = new WeakMap<Control, Predicate>();
/** By expression: a control with other parameters is another control that asks the same. */
const compiled = new Map<string, Predicate>();
/** The control's predicate, compiled once. Throws CelError `syntax`. */
function predicateOf(control: Control): Predicate {
  let predicate = predicates.get(control);
  if (predicate === undefined) {
    predicate = compiledOnce(control.violates);
    predicates.set(control, predicate);
  }
  return predicate;
}

function compiledOnce(expression: string): Predicate {
  const predicate = compiled.get(expression) ?? compile(expression);
  compiled.set(expression, predicate);
  return predicate;
}

/** What a control asks before it judges; undefined: nothing. */
const concernOf = ({ appliesTo: { when } }: Control): Predicate | undefined =>
  when === undefined ? undefined : compiledOnce(when);

/** All that a control reads, before it judges and when it does. */
const readsOf = (control: Control): Predicate["reads"] => [
  ...predicateOf(control).reads,
  ...(concernOf(control)?.reads ?? []),
];

/** What of an object is known when only its kind and name are, with what leads there. */
const NAME: ReadonlySet<string> = new Set(["object.kind", "object.metadata", "object.metadata.name"]);

/** Whether a control asks of an object no more than its kind and name, so that it can judge one of which nothing else is known. */
export function asksNameOnly(control: Control): boolean {
  const asked = readsOf(control).filter(([root]) => root !== "facts" && root !== "params");
  return control.forEach === undefined && asked.every((read) => NAME.has(read.join(".")));
}

/** Whether facts have a part in what a control says. Those of a cluster tell whether its pools are all that there is. */
const needsFacts = (control: Control): boolean =>
  control.forEach === "nodePool" || readsOf(control).some(([root]) => root === "facts") || tellsFacts(control.message);

/** Controls by the kind they judge, so that a subject meets only those which can apply. Deprecated ones are left out. */
export function controlsByKind(controls: readonly Control[]): ReadonlyMap<AppliesTo, readonly Control[]> {
  const byKind = new Map<AppliesTo, Control[]>();
  for (const control of controls) {
    if (control.maturity === "deprecated") continue;
    for (const kind of new Set(control.appliesTo.resources)) {
      byKind.set(kind, [...(byKind.get(kind) ?? []), control]);
    }
  }
  return byKind;
}

/** What a control says of a subject; it never throws for what the subject holds. */
type Judge = (bound: Bound) => Assessment;
interface Ready {
  readonly control: Control;
  readonly judge: Judge;
  /** What it says depends on no fact. */
  readonly early: boolean;
}

/** A subject as controls read it, once those that need no facts were asked. */
export type Begun = Omit<Subject, "facts">;

/** Called with what a control says of a subject. `nth`: which of those that were given. */
type Each = (assessment: Assessment, control: Control, nth: number) => void;

/** Subjects of one kind among many, each with which of all it is. */
type Alike = { readonly bound: Bound; readonly nth: number }[];

/**
 * Judges subjects of one cluster by every control of their kind. What the controls of a kind need of the cluster, of their
 * parameters and of their expressions is worked out when the first subject of it comes.
 */
export class Assessor {
  readonly #byKind: ReadonlyMap<AppliesTo, readonly Control[]>;
  readonly #ready = new Map<AppliesTo, readonly Ready[]>();

  /** `params`: by the control's id, as in AssessContext. */
  constructor(
    controls: readonly Control[],
    readonly cluster: Params = {},
    readonly params: ReadonlyMap<string, Params> = new Map(),
  ) {
    this.#byKind = controlsByKind(controls);
  }

  /** The controls that judge subjects of a kind. */
  controlsOf(kind: AppliesTo): readonly Control[] {
    return this.#byKind.get(kind) ?? [];
  }

  /**
   * Calls `each` with what the controls say that need no facts, before these are known; `finish` asks the others. What a subject is told
   * comes in the order of `controlsOf`, but one control after the other is asked about all subjects of a kind: to ask all of a hundred
   * controls about one object after the other took a third longer (docs/performance.md). Some dozens at once are enough.
   */
  begin(given: readonly Omit<Subject, "facts">[], each: Each): Begun[] {
    const bounds = given.map((one) => new Bound(readable({ ...one, facts: NO_FACTS }), this.cluster));
    this.#ask(bounds, true, each);
    return bounds.map(({ subject }) => subject);
  }

  /** Calls `each` with what every control of the subject's kind says of it, in the order of `controlsOf`. */
  assess(given: Subject, each: (assessment: Assessment, control: Control) => void): void {
    const bound = new Bound(readable(given), this.cluster);
    for (const { control, judge } of this.#readyFor(bound)) each(judge(bound), control);
  }

  /** Calls `each` with what the controls say that need facts, of what was begun and of which they are known now. */
  finish(begun: readonly (Begun & Pick<Subject, "facts">)[], each: Each): void {
    const bounds = begun.map((subject) => new Bound(subject, this.cluster));
    this.#ask(bounds, false, each);
  }

  #ask(bounds: readonly Bound[], early: boolean, each: Each): void {
    for (const alike of byKind(bounds)) {
      const [first] = alike;
      if (first === undefined) continue;
      for (const ready of this.#readyFor(first.bound)) {
        if (ready.early !== early) continue;
        const { control, judge } = ready;
        for (const { bound, nth } of alike) each(judge(bound), control, nth);
      }
    }
  }

  #readyFor({ subject: { appliesTo }, cluster }: Bound): readonly Ready[] {
    // A cluster is asked for its own distribution, and comes but once.
    if (appliesTo === "ManagedCluster") return this.#made(appliesTo, cluster);
    const known = this.#ready.get(appliesTo);
    if (known !== undefined) return known;
    const ready = this.#made(appliesTo, cluster);
    this.#ready.set(appliesTo, ready);
    return ready;
  }

  #made(appliesTo: AppliesTo, cluster: unknown): readonly Ready[] {
    return this.controlsOf(appliesTo).map((control) => {
      const judge = judgeOf(control, appliesTo, cluster, this.params.get(control.id));
      return { control, judge, early: !needsFacts(control) };
    });
  }
}

/** Subjects by kind. Each cluster is asked by the controls of its own distribution. */
function byKind(bounds: readonly Bound[]): Iterable<Alike> {
  const kinds = new Map<unknown, Alike>();
  for (const [nth, bound] of bounds.entries()) {
    const { appliesTo } = bound.subject;
    const key = appliesTo === "ManagedCluster" ? bound : appliesTo;
    const alike = kinds.get(key);
    if (alike === undefined) kinds.set(key, [{ bound, nth }]);
    else alike.push({ bound, nth });
  }
  return kinds.values();
}

/**
 * Judges one subject by one control. Any item that violates makes it unhealthy, with the evidence of all; otherwise any
 * item that could not be judged makes it not_evaluated; otherwise it is healthy, or not_applicable where `appliesTo.when` is
 * false of all there is. Pure; never throws for what the
 * subject holds.
 */
export function assess(control: Control, given: Subject, context: AssessContext = {}): Assessment {
  const bound = new Bound(readable(given), context.cluster);
  return judgeOf(control, given.appliesTo, bound.cluster, context.params)(bound);
}

function judgeOf(control: Control, appliesTo: AppliesTo, cluster: unknown, params: Params | undefined): Judge {
  const always = applicability(control, appliesTo, cluster);
  if (always !== null) return () => always;
  const own = params === undefined ? control.params : { ...control.params, ...params };
  return control.forEach === undefined ? judgeWhole(control, own) : judgeItems(control, control.forEach, own);
}

/** What a control says of every subject of a kind in a cluster, before it looks at any. */
function applicability(control: Control, appliesTo: AppliesTo, cluster: unknown): Assessment | null {
  const { resources, distributions } = control.appliesTo;
  if (!resources.includes(appliesTo)) return NOT_APPLICABLE;
  if (distributions === undefined) return null;
  const distribution = at(cluster, "distribution");
  if (distribution === undefined || distribution === null) {
    return {
      outcome: "not_evaluated",
      reason: "fact_absent",
      message: "It is not known which distribution the cluster is. In a check of files, say it with --distribution.",
    };
  }
  return distributions.some((name) => name === distribution) ? null : NOT_APPLICABLE;
}

const NO_FACTS: Subject["facts"] = Object.freeze({});
const HEALTHY: Assessment = Object.freeze({ outcome: "healthy" });
const NOT_APPLICABLE: Assessment = Object.freeze({ outcome: "not_applicable" });

function judgeItems(control: Control, forEach: ForEach, params: Params): Judge {
  const predicate = predicateOf(control);
  const told = unknowns(predicate);
  const concern = concernOf(control);
  const toldOfConcern = concern && unknowns(concern);
  const rank = rankOf(forEach);
  return ({ own, subject, walks }) => {
    const walk = walks.of(forEach, rank);
    if (walk === null) return NOT_APPLICABLE;
    let evidence: Evidence[] | null = null;
    let unknown: Unknown | null = walk.broken[0] ?? null;
    // What is not asked of any item needs none that can be read. A concern with the items themselves is no answer without them.
    if (unknown !== null && concern !== undefined) {
      own.params = params;
      if (concern.judge(own) === false) return NOT_APPLICABLE;
    }
    let concerned = concern === undefined;
    for (const item of walk.items) {
      const { bindings } = item;
      bindings.params = params;
      const concerns = concern === undefined || concern.judge(bindings);
      if (concerns === false) continue;
      concerned = true;
      const verdict = concerns === true ? predicate.judge(bindings) : concerns;
      if (verdict === false) continue;
      if (verdict === true) {
        evidence ??= [];
        evidence.push({ path: pathOf(item), message: fillMessage(control.message, bindings) });
      } else if (unknown === null) {
        const found = (concerns === true ? told : (toldOfConcern ?? told))(verdict, subject);
        unknown = { ...found, message: `${pathOf(item)}: ${found.message}` };
      }
    }
    if (evidence !== null) return { outcome: "unhealthy", evidence: boundedEvidence(evidence) };
    return unknown ?? (concerned ? HEALTHY : NOT_APPLICABLE);
  };
}

function judgeWhole(control: Control, params: Params): Judge {
  const predicate = predicateOf(control);
  const told = unknowns(predicate);
  const concern = concernOf(control);
  return ({ own, subject }) => {
    own.params = params;
    const concerns = concern === undefined || concern.judge(own);
    if (concerns === false) return NOT_APPLICABLE;
    if (concern !== undefined && concerns !== true) return unknowns(concern)(concerns, subject);
    const verdict = predicate.judge(own);
    if (verdict === false) return HEALTHY;
    if (verdict !== true) return told(verdict, subject);
    const path = evidencePath(predicate, subject);
    return { outcome: "unhealthy", evidence: [{ path, message: fillMessage(control.message, own) }] };
  };
}

/** What errors of a predicate amount to, for subjects of one kind: each error is made once, and so is its meaning. */
function unknowns({ reads }: Predicate): (error: CelError, subject: Subject) => Unknown {
  const known = new Map<CelError, Unknown>();
  return (error, subject) => {
    const unknown = known.get(error) ?? Object.freeze(unknownOf(error, subject, reads));
    known.set(error, unknown);
    return unknown;
  };
}
