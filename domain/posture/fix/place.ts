import { list, record } from "@/domain/inventory/json";
import {
  type ContainerAtIssue,
  containersAtIssue,
  itemsAtIssue,
  podSpecOf,
  podSpecPath,
  under,
  volumesAtIssue,
} from "./item";
import { filledIn, type Roots, removing } from "./placeholder";
import { type FixTarget, isMap, type Json } from "./target";

/** What a workload's own specification holds, and not its pods'; a CronJob keeps that of its Jobs in their template. */
const OWN: ReadonlySet<string> = new Set([
  ...["replicas", "strategy", "updateStrategy", "paused"],
  ...["concurrencyPolicy", "failedJobsHistoryLimit", "successfulJobsHistoryLimit"],
]);
/** Of these, what only some kinds have. */
const OF_KINDS: Readonly<Record<string, readonly string[]>> = {
  strategy: ["Deployment"],
  paused: ["Deployment"],
  updateStrategy: ["DaemonSet", "StatefulSet"],
};
const OF_JOB: ReadonlySet<string> = new Set(["activeDeadlineSeconds", "ttlSecondsAfterFinished"]);
/** What the security context of a pod has, and that of a container has not. */
const OF_POD_ALONE: ReadonlySet<string> = new Set(["fsGroup", "fsGroupChangePolicy", "supplementalGroups", "sysctls"]);
/** Parts by which a patch says where its fields go; without them they go to the containers. */
const PARTS: ReadonlySet<string> = new Set(["spec", "container", "pod"]);

export interface Placed {
  readonly patch: Json;
  /** Whether it changes the pods, which only their template can: a Pod or Job that runs stays as it is. */
  readonly ofPod: boolean;
}

const within = (path: readonly string[], value: unknown): Json =>
  path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Json; // at least one key
const without = (map: Json, keys: ReadonlySet<string>): Json =>
  Object.fromEntries(Object.entries(map).filter(([key]) => !keys.has(key)));

function merged(one: Json, other: Json): Json {
  const both = { ...one };
  for (const [key, value] of Object.entries(other)) {
    const there = both[key];
    both[key] = isMap(there) && isMap(value) ? merged(there, value) : value;
  }
  return both;
}

function rootsOf(target: FixTarget): Roots {
  return {
    object: target.object === null ? [] : [target.object],
    volume: volumesAtIssue(target),
    webhook: itemsAtIssue(target, "webhooks").map(({ item }) => item),
    variable: containersAtIssue(target).flatMap(({ variables }) => variables),
    mount: containersAtIssue(target).flatMap(({ mounts }) => mounts),
  };
}

function inContainer(fragment: Json, one: ContainerAtIssue, roots: Roots): Json {
  const own = {
    ...roots,
    container: [one.container],
    mount: one.mounts,
    variable: one.variables,
    port: list(one.container.ports),
  };
  const { securityContext, ...rest } = record(filledIn(fragment, own));
  const context = isMap(securityContext) ? { securityContext: without(securityContext, OF_POD_ALONE) } : {};
  return { name: one.name, ...removing({ ...rest, ...context }, one.container) };
}

/** What goes to the containers, by list; empty when the evidence names none. */
function inContainers(fragment: Json, target: FixTarget, roots: Roots): Json {
  const found: Record<string, Json[]> = {};
  if (Object.keys(fragment).length === 0) return found;
  for (const one of containersAtIssue(target))
    found[one.list] = [...(found[one.list] ?? []), inContainer(fragment, one, roots)];
  return found;
}

const ownFields = (spec: Json, kind: string): Json =>
  Object.fromEntries(Object.entries(spec).filter(([key]) => OF_KINDS[key]?.includes(kind) ?? true));

/** The whole patch of a workload whose pods' specification stands at `path`; null when the fragment has no place in it. */
function ofWorkload(fragment: Json, target: FixTarget, path: readonly string[]): Placed | null {
  const roots = rootsOf(target);
  const spec = record(fragment.spec);
  const keys = Object.keys(spec);
  if (keys.length > 0 && keys.every((key) => OWN.has(key)))
    return { patch: removing({ spec: ownFields(spec, target.kind) }, target.object), ofPod: false };
  if (/Job$/.test(target.kind) && keys.length > 0 && keys.every((key) => OF_JOB.has(key)))
    return { patch: target.kind === "Job" ? fragment : within(["spec", "jobTemplate"], fragment), ofPod: false };
  const parts = Object.keys(fragment).every((key) => PARTS.has(key)) ? fragment : { container: fragment };
  const podPath = path.slice(0, -1);
  const pod = removing(record(filledIn(record(parts.pod), roots)), under(target.object, podPath));
  let ofSpec = removing(record(filledIn(spec, roots)), podSpecOf(target));
  const ofContainer = record(parts.container);
  if (isMap(ofContainer.securityContext) && target.paths.includes(`${path.join(".")}.securityContext`)) {
    const { securityContext } = ofContainer;
    ofSpec = merged(ofSpec, removing(record(filledIn({ securityContext }, roots)), podSpecOf(target)));
  }
  const containers = inContainers(ofContainer, target, roots);
  if (parts !== fragment && Object.keys(ofSpec).length + Object.keys(containers).length === 0) return null;
  ofSpec = merged(ofSpec, containers);
  const inPath = (where: readonly string[], value: Json): Json =>
    Object.keys(value).length === 0 ? {} : within(where, value);
  return { patch: merged(inPath(path, ofSpec), inPath(podPath, pod)), ofPod: true };
}

/** Fields of other kinds that a patch can change; what stands elsewhere (a process's flags, a list of rules) is for a person. */
const PATCHED: ReadonlySet<string> = new Set(["metadata", "spec", "webhooks", "automountServiceAccountToken"]);

/** The fragment as a patch of this very object, empty when it has nothing of what the patch removes; null when it has no place in it. */
export function placed(fragment: Json, target: FixTarget): Placed | null {
  const path = podSpecPath(target.kind);
  const keys = Object.keys(fragment);
  if (path !== undefined && !keys.includes("metadata")) return ofWorkload(fragment, target, path);
  if (!keys.every((key) => PATCHED.has(key))) return null;
  return { patch: removing(record(filledIn(fragment, rootsOf(target))), target.object), ofPod: false };
}
