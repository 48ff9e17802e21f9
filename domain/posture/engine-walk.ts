import { cloudUnknown, type Unknown } from "./engine-unknown";
import type { ForEach, Subject } from "./schema";

/** One thing that a control judges: extra bindings, and where it stands in the object. */
export interface Item {
  path: string;
  bindings: Readonly<Record<string, unknown>>;
}
/** Places whose items can't be told, with the reason; the items of all other places are judged nevertheless. */
export interface Walk {
  items: readonly Item[];
  broken: readonly Unknown[];
}

/** Bound on the items of one place; beyond it what is not judged is unknown, never cut silently. */
const MAX_ITEMS = 5000;

/** Where the pod specification of a kind stands; `spec` for a Pod. */
export const podSpecPath = (kind: unknown): string =>
  kind === "Pod" ? "spec" : kind === "CronJob" ? "spec.jobTemplate.spec.template.spec" : "spec.template.spec";

export const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Paths are those of controls and places, a few hundred; text from elsewhere must not fill the memory. */
const MAX_PATHS = 5000;
const paths = new Map<string, readonly string[]>([["", []]]);
function keysOf(path: string): readonly string[] {
  let keys = paths.get(path);
  if (keys === undefined) {
    keys = path.split(".");
    if (paths.size < MAX_PATHS) paths.set(path, keys);
  }
  return keys;
}

/** Own value at a dotted path, or undefined. */
export function at(value: unknown, path: string): unknown {
  let current = value;
  for (const key of keysOf(path)) {
    if (!isMap(current) || !Object.hasOwn(current, key)) return undefined;
    current = current[key];
  }
  return current;
}

interface Place {
  path: string;
  /** The list must be there: a pod without containers is no pod. */
  required?: boolean;
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
    case "securityContext":
    case "variable":
    case "mount":
      // Walked through the containers, in collect.
      return null;
    case "volume":
      return kind === "Workload" ? [{ path: `${pod}.volumes` }] : null;
    case "port":
      return kind === "Service" ? [{ path: "spec.ports" }] : null;
    case "rule":
      if (kind === "Role" || kind === "ClusterRole") return [{ path: "rules" }];
      if (kind === "NetworkPolicy") return [{ path: "spec.ingress" }, { path: "spec.egress" }];
      return kind === "Ingress" ? [{ path: "spec.rules" }] : null;
    case "subject":
      return kind === "RoleBinding" || kind === "ClusterRoleBinding" ? [{ path: "subjects" }] : null;
    case "webhook":
      return kind.endsWith("WebhookConfiguration") ? [{ path: "webhooks" }] : null;
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

/** What stands in a list of every container: its items with their container's bindings, and what could not be read. */
function withinContainers(
  forEach: ForEach,
  field: string,
  subject: Subject,
  more: (item: Item) => Readonly<Record<string, unknown>> = () => ({}),
): Walk | null {
  const containers = walk("container", subject);
  if (containers === null) return null;
  const items: Item[] = [];
  const broken = [...containers.broken];
  for (const { path, bindings } of containers.items) {
    const { container } = bindings;
    const place: Place = { path: `${path}.${field}` };
    const list = isMap(container) && Object.hasOwn(container, field) ? container[field] : undefined;
    const problem = isMap(container) ? problemOf(place, list) : `${path} is no object.`;
    if (problem !== null) broken.push({ outcome: "not_evaluated", reason: "error", message: problem });
    for (const item of itemsOf(forEach, place, list))
      items.push({ ...item, bindings: { ...bindings, ...item.bindings, ...more(item) } });
  }
  return { items, broken };
}

/** Every mount of a container with the volume it shows, unless there is none by its name. */
function mountsOf(subject: Subject): Walk | null {
  const volumes = new Map<unknown, unknown>();
  for (const item of listAt(subject.object, "spec.volumeClaimTemplates")) {
    const name = at(item, "metadata.name");
    volumes.set(name, { name, persistentVolumeClaim: { claimName: name } });
  }
  for (const item of listAt(subject.object, `${podSpecPath(subject.object.kind)}.volumes`))
    volumes.set(at(item, "name"), item);
  return withinContainers("mount", "volumeMounts", subject, ({ bindings }) => {
    const volume = volumes.get(at(bindings.mount, "name"));
    return volume === undefined ? {} : { volume };
  });
}

const listAt = (object: unknown, path: string): readonly unknown[] => {
  const list = at(object, path);
  return Array.isArray(list) ? list.slice(0, MAX_ITEMS) : [];
};

/** The security contexts that are written: the pod's, and those of its containers. `setOn` names the one who wrote it. */
function securityContextsOf(subject: Subject): Walk | null {
  const containers = walk("container", subject);
  if (containers === null) return null;
  const items: Item[] = [];
  const broken = [...containers.broken];
  const add = (owner: unknown, path: string, setOn: string): void => {
    if (!isMap(owner)) broken.push({ outcome: "not_evaluated", reason: "error", message: `${path} is no object.` });
    else if (Object.hasOwn(owner, "securityContext"))
      items.push({ path: `${path}.securityContext`, bindings: { securityContext: owner.securityContext, setOn } });
  };
  const pod = podSpecPath(subject.object.kind);
  add(at(subject.object, pod), pod, "The pod");
  for (const { path, bindings } of containers.items)
    add(bindings.container, path, `Container ${String(at(bindings.container, "name") ?? path)}`);
  return { items, broken };
}

function collect(forEach: ForEach, subject: Subject): Walk | null {
  if (forEach === "variable") return withinContainers("variable", "env", subject);
  if (forEach === "mount") return mountsOf(subject);
  if (forEach === "securityContext") return securityContextsOf(subject);
  const places = placesOf(forEach, subject);
  if (places === null) return null;
  const items: Item[] = [];
  const broken: Unknown[] = [];
  for (const place of places) {
    const list = at(subject.object, place.path);
    const parent = place.path.slice(0, Math.max(place.path.lastIndexOf("."), 0));
    const problem = isMap(at(subject.object, parent))
      ? problemOf(place, list)
      : `${parent} is missing or no object: nothing is known of ${place.path}.`;
    if (problem !== null) broken.push({ outcome: "not_evaluated", reason: "error", message: problem });
    else if (list === undefined && forEach === "nodePool") {
      broken.push({ outcome: "not_evaluated", reason: "fact_absent", message: cloudUnknown(place.path) });
    }
    items.push(...itemsOf(forEach, place, list));
  }
  return { items, broken };
}

const itemsOf = (forEach: ForEach, place: Place, list: unknown): Item[] =>
  (Array.isArray(list) ? list.slice(0, MAX_ITEMS) : []).map((item: unknown, index) => ({
    path: `${place.path}[${index}]`,
    bindings: { [forEach]: item, ...place.bindings },
  }));

/** Why the items of a place can't all be told; null when they can. */
function problemOf({ path, required = false }: Place, list: unknown): string | null {
  if (list === undefined)
    return required ? `${path} is missing. Judge the manifest after your tooling filled it in.` : null;
  if (!Array.isArray(list)) return `${path} is no list. Kubernetes refuses such an object: correct it.`;
  if (list.length === 0 && required) return `${path} is empty.`;
  return list.length > MAX_ITEMS ? `${path} has more than ${MAX_ITEMS} items; the others were not judged.` : null;
}
