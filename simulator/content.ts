import type { Place, Rendered } from "./objects";
import { admission } from "./objects-admission";
import { appVersion } from "./objects-app";
import { controlPlane } from "./objects-control-plane";
import { namespace, renderTenancy, tenancyVersion } from "./objects-namespace";
import { nodes } from "./objects-node";
import { clusterRbac } from "./objects-rbac";
import { cloudRbac } from "./objects-rbac-cloud";
import { renderApp } from "./objects-workload";
import { clusterAt, clusterUid, dateOf, dayOf, type Scenario } from "./scenario";
import { apps } from "./scenario-apps";
import type { ClusterPlan } from "./scenario-clusters";
import { systemApps } from "./scenario-system";
import { tenancies } from "./scenario-teams";

/** One stored object: its key in the order of etcd, and its JSON with the resourceVersion in it. */
export interface Entry {
  /** `namespace/name`, or `/name`. */
  key: string;
  namespace: string;
  name: string;
  resourceVersion: string;
  json: string;
  /** Where the text of its metadata ends in `json`. */
  metadataEnd: number;
}

const OPEN = '{"metadata":';
export const metadataOf = ({ json, metadataEnd }: Entry): string => json.slice(OPEN.length, metadataEnd);

/** A cluster's objects at one minute, by resource, sorted by key. */
export interface Content {
  at: Date;
  resourceVersion: string;
  lists: ReadonlyMap<string, readonly Entry[]>;
}

/** Things that change together: rendered again only when `version` differs. */
interface Unit {
  id: string;
  version(place: Place): string;
  render(place: Place): Rendered[];
}

const MINUTE_MS = 60_000;
/** Day that has resourceVersion 0: before every object was made. */
const EPOCH_DAY = -4000;
const DAY_MS = 86_400_000;

/** resourceVersions are the milliseconds from the epoch day to the change: monotone, and a time can be read back from them. */
export const resourceVersionOf = (day: number): string => String(Math.round((day - EPOCH_DAY) * DAY_MS));
export const dateOfResourceVersion = (world: Scenario, version: string): Date =>
  dateOf(world, Number(version) / DAY_MS + EPOCH_DAY);

/** About as many workloads as a cluster brings itself: fixed, so that a new add-on changes nothing of the teams'. */
const SYSTEM_WORKLOADS = 20;
const SYSTEM_NAMESPACES = ["default", "kube-system", "kube-public", "kube-node-lease", "seawall-system"];

/** The platform team signs the namespaces of its charts, where somebody looks after the cluster. */
const platform = ({ plan }: Place, name: string): Parameters<typeof namespace>[3] =>
  plan.care !== "bad" && ["ingress-nginx", "cert-manager", "monitoring"].includes(name)
    ? { labels: { team: "platform" } }
    : {};

/** Everything in a cluster that exists on the place's day. */
function unitsOf(place: Place): Unit[] {
  const { plan, world, born, day } = place;
  const system = systemApps(place);
  const spaces = [...new Set([...SYSTEM_NAMESPACES, ...system.map((app) => app.namespace)])];
  const units: Unit[] = [
    {
      id: "cluster",
      version: () => String(plan.changes.filter((change) => change.nodes === true && change.day <= day).length),
      render: () => [
        ...spaces
          .flatMap((name) => namespace(place, name, born, platform(place, name)))
          .map((each) => withUid(each, world, plan)),
        ...clusterRbac(place),
        ...cloudRbac(place),
        ...admission(place),
        ...nodes(place),
        ...controlPlane(place),
      ],
    },
  ];
  const add = (app: (typeof system)[number]) =>
    units.push({
      id: `app/${app.namespace}/${app.name}/${app.kind}`,
      version: (at) => appVersion(at, app),
      render: (at) => renderApp(at, app),
    });
  for (const app of system) if (app.born <= day) add(app);
  const wanted = Math.max(2, Math.round((plan.workloads - SYSTEM_WORKLOADS) * world.scale));
  for (const tenancy of tenancies(world.seed, plan, wanted)) {
    const since = Math.max(born, tenancy.appears ?? born) + 0.02;
    if (since > day) continue;
    units.push({
      id: `space/${tenancy.namespace}`,
      version: (at) => tenancyVersion(at, tenancy),
      render: (at) => renderTenancy(at, tenancy, since),
    });
    for (const app of apps(place, tenancy, since)) if (app.born <= day) add(app);
  }
  return units;
}

/** The UID of kube-system is the cluster's identity, so it is made in one place. */
const withUid = (rendered: Rendered, world: Scenario, plan: ClusterPlan): Rendered => {
  if (rendered.resource === "namespaces" && rendered.object.metadata.name === "kube-system")
    rendered.object.metadata.uid = clusterUid(world, plan.base.id);
  return rendered;
};

const entryOf = ({ object, resource, changed }: Rendered): [string, Entry] => {
  const { name, namespace: space = "" } = object.metadata;
  const resourceVersion = resourceVersionOf(changed);
  // Without its type: items of a list carry none; `get` and `watch` put it back.
  const { apiVersion: _apiVersion, kind: _kind, metadata, ...body } = object;
  const head = `${OPEN}${JSON.stringify({ ...metadata, resourceVersion })}`;
  const rest = JSON.stringify(body).slice(1);
  return [
    resource,
    {
      key: `${space}/${name}`,
      namespace: space,
      name,
      resourceVersion,
      json: `${head}${rest === "}" ? "" : ","}${rest}`,
      metadataEnd: head.length,
    },
  ];
};

const byKey = (left: Entry, right: Entry) => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0);

interface Cached {
  units: Map<string, { version: string; entries: [string, Entry][] }>;
  contents: Map<number, Content>;
  bytes: number;
}

/** Keeps what was rendered, cluster by cluster, within a budget of bytes: the least recently used cluster goes first. */
export class ContentCache {
  readonly #clusters = new Map<string, Cached>();
  constructor(
    readonly world: Scenario,
    readonly budgetBytes = 150_000_000,
  ) {}

  /** The objects of a cluster at a time (whole minutes), or undefined before the cluster exists. Pure in (world, time). */
  at(id: string, time: Date): Content | undefined {
    const minute = Math.floor(time.getTime() / MINUTE_MS);
    const at = new Date(minute * MINUTE_MS);
    const plan = this.world.plans.find((each) => each.base.id === id);
    const cluster = plan === undefined ? undefined : clusterAt(this.world, plan, at);
    if (plan === undefined || cluster === undefined) return undefined;
    const cached = this.#clusters.get(id) ?? { units: new Map(), contents: new Map(), bytes: 0 };
    this.#clusters.delete(id);
    this.#clusters.set(id, cached);
    const known = cached.contents.get(minute);
    if (known !== undefined) return known;

    const place: Place = {
      world: this.world,
      plan,
      cluster,
      day: dayOf(this.world, at),
      born: plan.appears ?? -plan.ageDays,
    };
    const lists = new Map<string, Entry[]>();
    const alive = new Set<string>();
    for (const unit of unitsOf(place)) {
      alive.add(unit.id);
      const version = unit.version(place);
      let rendered = cached.units.get(unit.id);
      if (rendered?.version !== version) {
        rendered = { version, entries: unit.render(place).map(entryOf) };
        cached.units.set(unit.id, rendered);
      }
      for (const [resource, entry] of rendered.entries) {
        const list = lists.get(resource);
        if (list === undefined) lists.set(resource, [entry]);
        else list.push(entry);
      }
    }
    for (const unit of cached.units.keys()) if (!alive.has(unit)) cached.units.delete(unit);
    cached.bytes = 0;
    for (const list of lists.values()) {
      list.sort(byKey);
      for (const entry of list) cached.bytes += entry.json.length;
    }
    const content: Content = { at, resourceVersion: resourceVersionOf(place.day), lists };
    cached.contents.set(minute, content);
    const oldest = cached.contents.keys().next();
    if (cached.contents.size > 3 && !oldest.done) cached.contents.delete(oldest.value);
    this.#evict(id);
    return content;
  }

  #evict(keep: string) {
    let total = 0;
    for (const cached of this.#clusters.values()) total += cached.bytes;
    for (const [id, cached] of this.#clusters) {
      if (total <= this.budgetBytes) return;
      if (id === keep) continue;
      this.#clusters.delete(id);
      total -= cached.bytes;
    }
  }
}
