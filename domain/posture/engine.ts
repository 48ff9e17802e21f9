import { compile, type Predicate } from "@/cel/compile";
import { fillMessage } from "./engine-message";
import { at, isMap, podSpecPath } from "./engine-place";
import { type Bound, boundTo } from "./engine-subject";
import { cloudUnknown, type Unknown, unknownOf } from "./engine-unknown";
import { pathOf } from "./engine-walk";
import type { AppliesTo, Assessment, Control, Evidence, Subject } from "./schema";

export { controlVersion } from "./control-version";

/** What is joined to every subject of one cluster. */
export interface AssessContext {
  /** The cloud's facts of the cluster (`cluster` in CEL); absent when none are known. */
  cluster?: Readonly<Record<string, unknown>>;
  /** Replaces single parameters of the control. */
  params?: Readonly<Record<string, unknown>>;
}

/** Evidence of one assessment beyond this is counted in the last entry. */
const MAX_EVIDENCE = 50;

const predicates = new WeakMap<Control, Predicate>();
/** By expression: a control with other parameters is another control that asks the same. */
const compiled = new Map<string, Predicate>();
/** The control's predicate, compiled once. Throws CelError `syntax`. */
export function predicateOf(control: Control): Predicate {
  let predicate = predicates.get(control);
  if (predicate === undefined) {
    predicate = compiled.get(control.violates) ?? compile(control.violates);
    compiled.set(control.violates, predicate);
    predicates.set(control, predicate);
  }
  return predicate;
}

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

/**
 * Judges one subject by one control. Any item that violates makes it unhealthy, with the evidence of all; otherwise any
 * item that could not be judged makes it not_evaluated; otherwise it is healthy. Pure; never throws for what the
 * subject holds.
 */
export function assess(control: Control, given: Subject, context: AssessContext = {}): Assessment {
  const bound = boundTo(given, context.cluster);
  const { subject } = bound;
  const applies = applicability(control, subject, bound.cluster);
  if (applies !== null) return applies;
  const params = context.params === undefined ? control.params : { ...control.params, ...context.params };
  if (control.forEach === undefined) return assessOne(control, bound, params);

  const walk = bound.walks.of(control.forEach);
  if (walk === null) return NOT_APPLICABLE;

  let evidence: Evidence[] | null = null;
  let unknown: Unknown | null = walk.broken[0] ?? null;
  const predicate = predicateOf(control);
  for (const item of walk.items) {
    const { bindings } = item;
    bindings.params = params;
    const verdict = predicate.judge(bindings);
    if (verdict === false) continue;
    if (verdict === true) {
      evidence ??= [];
      evidence.push({ path: pathOf(item), message: fillMessage(control.message, bindings) });
    } else if (unknown === null) {
      const told = unknownOf(verdict, subject, predicate.reads);
      unknown = { ...told, message: `${pathOf(item)}: ${told.message}` };
    }
  }
  if (evidence !== null) return { outcome: "unhealthy", evidence: bounded(evidence) };
  return unknown ?? HEALTHY;
}

function applicability(control: Control, subject: Subject, cluster: unknown): Assessment | null {
  const { resources, distributions } = control.appliesTo;
  if (!resources.includes(subject.appliesTo)) return NOT_APPLICABLE;
  if (distributions === undefined) return null;
  const distribution = at(cluster, "distribution");
  if (distribution === undefined || distribution === null) {
    return {
      outcome: "not_evaluated",
      reason: "fact_absent",
      message: cloudUnknown("distribution"),
    };
  }
  return distributions.some((name) => name === distribution) ? null : NOT_APPLICABLE;
}

const HEALTHY: Assessment = Object.freeze({ outcome: "healthy" });
const NOT_APPLICABLE: Assessment = Object.freeze({ outcome: "not_applicable" });

function assessOne(control: Control, { own, subject }: Bound, params: unknown): Assessment {
  const predicate = predicateOf(control);
  own.params = params;
  const verdict = predicate.judge(own);
  if (verdict === false) return HEALTHY;
  if (verdict !== true) return unknownOf(verdict, subject, predicate.reads);
  const path = evidencePath(predicate, subject);
  return { outcome: "unhealthy", evidence: [{ path, message: fillMessage(control.message, own) }] };
}

/** Where a control without a loop looked: the first thing it reads of the object that is set to something. */
function evidencePath(predicate: Predicate, { appliesTo, object }: Subject): string {
  const base = appliesTo === "Workload" ? podSpecPath(object.kind) : "spec";
  const { paths, fact } = lookedAt(predicate, base, appliesTo === "ManagedCluster");
  const leaves = paths.filter((path) => !isMap(at(object, path)));
  const telling = (value: unknown): boolean => value !== undefined && value !== false && value !== null;
  const found =
    leaves.find((path) => telling(at(object, path))) ?? leaves.find((path) => at(object, path) !== undefined);
  if (found !== undefined) return found;
  const map = paths.find((path) => path !== "" && path !== base && at(object, path) !== undefined);
  if (map !== undefined) return map;
  if (appliesTo === "Workload") return base;
  return paths[0] ?? fact ?? "";
}

interface LookedAt {
  /** Paths in the object, in the order of the expression. */
  readonly paths: readonly string[];
  /** The first fact that is read. */
  readonly fact: string | undefined;
}
const looks = new WeakMap<Predicate, Map<string, LookedAt>>();

/** What an expression reads of objects whose specification stands at `base`; made once. */
function lookedAt(predicate: Predicate, base: string, ofCluster: boolean): LookedAt {
  const known = looks.get(predicate) ?? new Map<string, LookedAt>();
  looks.set(predicate, known);
  const key = ofCluster ? "" : base;
  let look = known.get(key);
  if (look === undefined) {
    const reads = predicate.reads.filter((read) => !read.includes("*"));
    const paths = reads.flatMap(([root, ...keys]) => {
      // What an object is and where it lives was no reason to condemn it.
      if (root === "object" && ["kind", "metadata.namespace"].includes(keys.join("."))) return [];
      if (root === "object" || (root === "cluster" && ofCluster)) return [keys.join(".")];
      if (root === "pod") return [[...base.split(".").slice(0, -1), ...keys].join(".")];
      return root === "spec" ? [[base, ...keys].join(".")] : [];
    });
    look = { paths, fact: reads.find(([root]) => root === "facts")?.join(".") };
    known.set(key, look);
  }
  return look;
}

function bounded(evidence: Evidence[]): Evidence[] {
  const last = evidence[MAX_EVIDENCE - 1];
  if (evidence.length <= MAX_EVIDENCE || last === undefined) return evidence;
  const more = evidence.length - MAX_EVIDENCE + 1;
  return [
    ...evidence.slice(0, MAX_EVIDENCE - 1),
    { path: last.path, message: `${last.message} (and ${more - 1} more)` },
  ];
}
