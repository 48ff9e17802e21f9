import { compile, type Predicate } from "@/cel/compile";
import { fillMessage } from "./engine-message";
import { readable } from "./engine-null";
import { cloudUnknown, type Unknown, unknownOf } from "./engine-unknown";
import { at, isMap, podSpecPath, type Walk, walk } from "./engine-walk";
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
  const subject = readable(given);
  const applies = applicability(control, subject, context);
  if (applies !== null) return applies;
  const bound = boundTo(control, subject, context);
  if (control.forEach === undefined) return assessOne(control, subject, bound.own);

  const walked = walk(control.forEach, subject);
  if (walked === null) return { outcome: "not_applicable" };

  const evidence: Evidence[] = [];
  let unknown: Unknown | null = walked.broken[0] ?? null;
  const predicate = predicateOf(control);
  const all = withItems(bound, walked);
  for (let index = 0; index < all.length; index++) {
    const bindings = all[index];
    const item = walked.items[index];
    if (bindings === undefined || item === undefined) break;
    bindings.params = bound.own.params;
    const verdict = predicate.judge(bindings);
    if (verdict === false) continue;
    if (verdict === true) evidence.push({ path: item.path, message: fillMessage(control.message, bindings) });
    else if (unknown === null) {
      const told = unknownOf(verdict, subject, predicate.reads);
      unknown = { ...told, message: `${item.path}: ${told.message}` };
    }
  }
  if (evidence.length > 0) return { outcome: "unhealthy", evidence: bounded(evidence) };
  return unknown ?? HEALTHY;
}

function applicability(control: Control, subject: Subject, context: AssessContext): Assessment | null {
  if (!control.appliesTo.resources.includes(subject.appliesTo)) return { outcome: "not_applicable" };
  const { distributions } = control.appliesTo;
  if (distributions === undefined) return null;
  const cluster = subject.appliesTo === "ManagedCluster" ? subject.object : context.cluster;
  const distribution = at(cluster, "distribution");
  if (distribution === undefined || distribution === null) {
    return {
      outcome: "not_evaluated",
      reason: "fact_absent",
      message: cloudUnknown("distribution"),
    };
  }
  return distributions.some((name) => name === distribution) ? null : { outcome: "not_applicable" };
}

/** What a subject and its items are called in CEL. `params` is the control's that judges them right now. */
interface Bindings extends Record<string, unknown> {
  params: unknown;
}
/** Made once per subject, since many controls judge it. */
interface Bound {
  cluster: unknown;
  own: Bindings;
  items: Map<Walk, readonly Bindings[]>;
}
const bounds = new WeakMap<Subject, Bound>();

function boundTo(control: Control, subject: Subject, context: AssessContext): Bound {
  const cluster = subject.appliesTo === "ManagedCluster" ? subject.object : (context.cluster ?? NONE);
  let bound = bounds.get(subject);
  if (bound === undefined || bound.cluster !== cluster) {
    const specPath = subject.appliesTo === "Workload" ? podSpecPath(subject.object.kind) : "spec";
    const own = {
      object: subject.object,
      // The pod, or the template of pods: what holds the specification, with the metadata that pods get.
      pod: at(subject.object, specPath.slice(0, Math.max(0, specPath.lastIndexOf(".")))),
      spec: at(subject.object, specPath),
      facts: subject.facts,
      cluster,
      params: undefined,
    };
    bound = { cluster, own, items: new Map() };
    bounds.set(subject, bound);
  }
  bound.own.params = context.params === undefined ? control.params : { ...control.params, ...context.params };
  return bound;
}

/** Bindings of each item of a walk, made once per subject; who judges puts its `params` into them. */
function withItems({ own, items }: Bound, walked: Walk): readonly Bindings[] {
  let all = items.get(walked);
  if (all === undefined) {
    all = walked.items.map((item) => ({ ...own, ...item.bindings }));
    items.set(walked, all);
  }
  return all;
}

const NONE = {};
const HEALTHY: Assessment = Object.freeze({ outcome: "healthy" });

function assessOne(control: Control, subject: Subject, bindings: Readonly<Record<string, unknown>>): Assessment {
  const verdict = judge(control, subject, bindings);
  if (verdict === false) return HEALTHY;
  if (verdict !== true) return verdict;
  const path = evidencePath(predicateOf(control), subject);
  return { outcome: "unhealthy", evidence: [{ path, message: fillMessage(control.message, bindings) }] };
}

function judge(control: Control, subject: Subject, bindings: Readonly<Record<string, unknown>>): boolean | Unknown {
  const predicate = predicateOf(control);
  const verdict = predicate.judge(bindings);
  return typeof verdict === "boolean" ? verdict : unknownOf(verdict, subject, predicate.reads);
}

/** Where a control without a loop looked: the first thing it reads of the object that is set to something. */
function evidencePath(predicate: Predicate, subject: Subject): string {
  const base = subject.appliesTo === "Workload" ? podSpecPath(subject.object.kind) : "spec";
  const reads = predicate.reads.filter((read) => !read.includes("*"));
  const paths = reads.flatMap(([root, ...keys]) => {
    // What an object is and where it lives was no reason to condemn it.
    if (root === "object" && ["kind", "metadata.namespace"].includes(keys.join("."))) return [];
    if (root === "object" || (root === "cluster" && subject.appliesTo === "ManagedCluster")) return [keys.join(".")];
    if (root === "pod") return [[...base.split(".").slice(0, -1), ...keys].join(".")];
    return root === "spec" ? [[base, ...keys].join(".")] : [];
  });
  const leaves = paths.filter((path) => !isMap(at(subject.object, path)));
  const telling = (value: unknown): boolean => value !== undefined && value !== false && value !== null;
  const found =
    leaves.find((path) => telling(at(subject.object, path))) ??
    leaves.find((path) => at(subject.object, path) !== undefined);
  if (found !== undefined) return found;
  const map = paths.find((path) => path !== "" && path !== base && at(subject.object, path) !== undefined);
  if (map !== undefined) return map;
  if (subject.appliesTo === "Workload") return base;
  return paths[0] ?? reads.find(([root]) => root === "facts")?.join(".") ?? "";
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
