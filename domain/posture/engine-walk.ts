import type { ForEach, Subject } from "./schema";

/** One thing that a control judges: extra bindings, and where it stands in the object. */
export interface Item {
  path: string;
  bindings: Readonly<Record<string, unknown>>;
}
/** `problem`: the object has not the shape that the walk needs. `absent`: a fact of the cluster is not known. */
export type Walk = { items: Item[] } | { problem: string } | { absent: string };

/** Bound on the items of one object; an object beyond it is a problem, never cut silently. */
const MAX_ITEMS = 5000;

/** Where the pod specification of a kind stands; `spec` for a Pod. */
export const podSpecPath = (kind: unknown): string =>
  kind === "Pod" ? "spec" : kind === "CronJob" ? "spec.jobTemplate.spec.template.spec" : "spec.template.spec";

export const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Own value at a dotted path, or undefined. */
export function at(value: unknown, path: string): unknown {
  let current = value;
  for (const key of path === "" ? [] : path.split(".")) {
    if (!isMap(current) || !Object.hasOwn(current, key)) return undefined;
    current = current[key];
  }
  return current;
}

interface Place {
  path: string;
  /** The list must be there: a pod without containers is no pod. */
  required?: boolean;
  /** The API itself serves an empty list as null here. */
  nullable?: boolean;
  /** Further bindings of its items. */
  bindings?: Readonly<Record<string, unknown>>;
}

/** The places of a kind of item in a subject; null when the subject has no such items by nature. */
function placesOf(forEach: ForEach, subject: Subject): Place[] | null {
  const pod = podSpecPath(subject.object.kind);
  const kind = subject.appliesTo;
  switch (forEach) {
    case "container":
      if (kind !== "Workload") return null;
      return [
        { path: `${pod}.initContainers`, bindings: { containerKind: "init" } },
        { path: `${pod}.containers`, required: true, bindings: { containerKind: "main" } },
        { path: `${pod}.ephemeralContainers`, bindings: { containerKind: "ephemeral" } },
      ];
    case "volume":
      return kind === "Workload" ? [{ path: `${pod}.volumes` }] : null;
    case "port":
      return kind === "Service" ? [{ path: "spec.ports" }] : null;
    case "rule":
      if (kind === "Role" || kind === "ClusterRole") return [{ path: "rules", nullable: true }];
      if (kind === "NetworkPolicy") return [{ path: "spec.ingress" }, { path: "spec.egress" }];
      return kind === "Ingress" ? [{ path: "spec.rules" }] : null;
    case "subject":
      return kind === "RoleBinding" || kind === "ClusterRoleBinding" ? [{ path: "subjects", nullable: true }] : null;
    case "nodePool":
      return kind === "ManagedCluster" ? [{ path: "nodePools" }] : null;
  }
}

/** Walks by subject: many controls loop over the same containers, and a subject does not change while it is judged. */
const walks = new WeakMap<Subject, Map<ForEach, Walk | null>>();

/** The items of a subject with their paths; null when this kind of subject can't have any. Treats the subject as immutable. */
export function walk(forEach: ForEach, subject: Subject): Walk | null {
  let known = walks.get(subject);
  if (known === undefined) {
    known = new Map();
    walks.set(subject, known);
  }
  let walked = known.get(forEach);
  if (walked === undefined) {
    walked = collect(forEach, subject);
    known.set(forEach, walked);
  }
  return walked;
}

function collect(forEach: ForEach, subject: Subject): Walk | null {
  const places = placesOf(forEach, subject);
  if (places === null) return null;
  const items: Item[] = [];
  for (const place of places) {
    const parent = place.path.slice(0, Math.max(place.path.lastIndexOf("."), 0));
    if (!isMap(at(subject.object, parent))) return { problem: `${parent} is no object.` };
    const list = at(subject.object, place.path);
    if (list === undefined && forEach === "nodePool") return { absent: "nodePools is absent." };
    if (list === undefined && place.required !== true) continue;
    if (list === null && place.nullable === true) continue;
    if (!Array.isArray(list)) return { problem: `${place.path} is no list.` };
    if (list.length === 0 && place.required === true) return { problem: `${place.path} is empty.` };
    if (items.length + list.length > MAX_ITEMS) return { problem: `${place.path} has more than ${MAX_ITEMS} items.` };
    list.forEach((item: unknown, index) => {
      items.push({ path: `${place.path}[${index}]`, bindings: { [forEach]: item, ...place.bindings } });
    });
  }
  return { items };
}
