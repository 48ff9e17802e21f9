import { serviceAccountsOf } from "@/domain/inventory/rbac";
import { at, isMap, MAX_ITEMS, type Place, type PlacedItem, placesOf, podSpecPath, problemOf } from "./engine-place";
import { poolsUnknown, type Unknown } from "./engine-unknown";
import { FOR_EACH, type ForEach, type Subject } from "./schema";

/** What a subject or one of its items is called in CEL. `params` is the control's that judges it right now. */
export interface Bindings extends Record<string, unknown> {
  params: unknown;
}
/** One thing that a control judges, and where it stands in the object: the path of a list with its index there, or its own. */
export interface Item {
  readonly place: string;
  readonly index: number | null;
  readonly bindings: Bindings;
  /** Both as one text, once it was asked for. */
  path?: string;
}
/** Places whose items can't be told, with the reason; the items of all other places are judged nevertheless. */
export interface Walk {
  readonly items: readonly Item[];
  readonly broken: readonly Unknown[];
}

/** `spec.containers[0]`. Most items are healthy, and nobody asks where they stand. */
export function pathOf(item: Item): string {
  item.path ??= item.index === null ? item.place : `${item.place}[${item.index}]`;
  return item.path;
}

const unreadable = (message: string): Unknown => ({ outcome: "not_evaluated", reason: "error", message });

/** Where a kind of items stands among all kinds. */
export const rankOf = (forEach: ForEach): number => FOR_EACH.indexOf(forEach);

/** The items of one subject, which is not changed while it is judged: many controls loop over the same containers. */
export class Walks {
  /** By `rankOf`: a hundred controls ask. */
  readonly #known: (Walk | null | undefined)[] = [];

  /** `own`: what every item sees besides itself. */
  constructor(
    readonly subject: Subject,
    readonly own: Bindings,
  ) {}

  /** The items of a kind; null when this kind of subject can't have any. */
  of(forEach: ForEach, rank = rankOf(forEach)): Walk | null {
    let walked = this.#known[rank];
    if (walked === undefined) {
      walked = collect(forEach, this);
      this.#known[rank] = walked;
    }
    return walked;
  }
}

function collect(forEach: ForEach, walks: Walks): Walk | null {
  if (forEach === "variable") return withinContainers("env", walks, withVariable);
  if (forEach === "mount") return mountsOf(walks);
  if (forEach === "securityContext") return securityContextsOf(walks);
  if (forEach === "entry") return entriesOf(walks);
  const { subject, own } = walks;
  const places = placesOf(forEach, subject);
  if (places === null) return null;
  const items: Item[] = [];
  const broken: Unknown[] = [];
  for (const place of places) {
    const { path, parent } = place;
    const list = at(subject.object, path);
    const problem = isMap(at(subject.object, parent))
      ? problemOf(place, list)
      : `${parent} is missing or no object: nothing is known of ${path}.`;
    if (problem !== null) broken.push(unreadable(problem));
    else if (forEach === "nodePool") {
      // A cluster without a single pool has nothing that could be in order.
      if (Array.isArray(list) && list.length === 0) return null;
      const unknown = poolsUnknown(subject);
      if (unknown !== null) broken.push(unknown);
    }
    const bound = BOUND[forEach];
    if (place.single && isMap(list)) items.push({ place: path, index: null, bindings: bound(own, list, place) });
    let index = 0;
    for (const item of bounded(list)) {
      items.push({ place: path, index, bindings: bound(own, item, place) });
      index += 1;
    }
  }
  return { items, broken };
}

/** `account`: the service account that a subject means, as `namespace/name`; without a namespace where none is known. */
function withSubject(own: Bindings, subject: unknown): Bindings {
  const account = serviceAccountsOf(subject, String(at(own.object, "metadata.namespace") ?? ""));
  return account === null ? { ...own, subject } : { ...own, subject, account: account.replace(/^[/]/, "") };
}

/** What an item is called, and what else is told of it; written out, since a key that is worked out takes many times as long. */
const BOUND: Readonly<Record<PlacedItem, (own: Bindings, item: unknown, place: Place) => Bindings>> = {
  container: (own, container, { containerKind }) => ({ ...own, container, containerKind }),
  volume: (own, volume) => ({ ...own, volume }),
  port: (own, port) => ({ ...own, port }),
  rule: (own, rule) => ({ ...own, rule }),
  subject: withSubject,
  webhook: (own, webhook) => ({ ...own, webhook }),
  nodePool: (own, nodePool) => ({ ...own, nodePool }),
};
const withVariable = (bindings: Bindings, variable: unknown): Bindings => ({ ...bindings, variable });

const bounded = (list: unknown): readonly unknown[] =>
  !Array.isArray(list) ? [] : list.length > MAX_ITEMS ? list.slice(0, MAX_ITEMS) : list;

/** What stands in a list of every container: its items with their container's bindings, and what could not be read. */
function withinContainers(
  field: string,
  walks: Walks,
  bound: (container: Bindings, item: unknown) => Bindings,
): Walk | null {
  const containers = walks.of("container");
  if (containers === null) return null;
  const items: Item[] = [];
  const broken = [...containers.broken];
  for (const one of containers.items) {
    const { container } = one.bindings;
    const path = pathOf(one);
    const place = `${path}.${field}`;
    const list = isMap(container) && Object.hasOwn(container, field) ? container[field] : undefined;
    const problem = isMap(container) ? problemOf({ path: place }, list) : `${path} is no object.`;
    if (problem !== null) broken.push(unreadable(problem));
    let index = 0;
    for (const item of bounded(list)) {
      items.push({ place, index, bindings: bound(one.bindings, item) });
      index += 1;
    }
  }
  return { items, broken };
}

/** Every mount of a container with the volume it shows, unless there is none by its name. */
function mountsOf(walks: Walks): Walk | null {
  const { object } = walks.subject;
  const volumes = new Map<unknown, unknown>();
  for (const item of bounded(at(object, "spec.volumeClaimTemplates"))) {
    const name = at(item, "metadata.name");
    volumes.set(name, { name, persistentVolumeClaim: { claimName: name } });
  }
  for (const item of bounded(at(object, `${podSpecPath(object.kind)}.volumes`))) volumes.set(at(item, "name"), item);
  return withinContainers("volumeMounts", walks, (container, mount) => {
    const volume = volumes.get(at(mount, "name"));
    return volume === undefined ? { ...container, mount } : { ...container, mount, volume };
  });
}

/** The keys of a ConfigMap without its values (`reduceConfigMap`), at their places in it. */
function entriesOf({ subject, own }: Walks): Walk | null {
  if (subject.appliesTo !== "ConfigMap") return null;
  const list = at(subject.object, "entries");
  const problem = Array.isArray(list)
    ? problemOf({ path: "data" }, list)
    : "data or binaryData is no map. Kubernetes refuses such an object: correct it.";
  const items: Item[] = [];
  const broken = problem === null ? [] : [unreadable(problem)];
  for (const entry of bounded(list)) {
    const place = `${String(at(entry, "field"))}.${String(at(entry, "key"))}`;
    if (at(entry, "shape") !== undefined) items.push({ place, index: null, bindings: { ...own, entry } });
    else broken.push(unreadable(`${place} is no text. Kubernetes refuses such an object: correct it.`));
  }
  return { items, broken };
}

/** The security contexts that are written: the pod's, and those of its containers. `setOn` names the one who wrote it. */
function securityContextsOf(walks: Walks): Walk | null {
  const { own } = walks;
  const { object } = walks.subject;
  const containers = walks.of("container");
  if (containers === null) return null;
  const items: Item[] = [];
  const broken = [...containers.broken];
  const add = (owner: unknown, path: string, setOn: string): void => {
    if (!isMap(owner)) broken.push(unreadable(`${path} is no object.`));
    else if (Object.hasOwn(owner, "securityContext")) {
      const { securityContext } = owner;
      items.push({ place: `${path}.securityContext`, index: null, bindings: { ...own, securityContext, setOn } });
    }
  };
  const pod = podSpecPath(object.kind);
  add(at(object, pod), pod, "The pod");
  for (const item of containers.items) {
    const { container } = item.bindings;
    const path = pathOf(item);
    add(container, path, `Container ${String(at(container, "name") ?? path)}`);
  }
  return { items, broken };
}
