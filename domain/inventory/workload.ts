import { list, record, text } from "./json";
import { type KubernetesObject, LISTED_KINDS, WORKLOAD_KINDS } from "./schema";

export interface Owner {
  apiGroup: string;
  kind: string;
  name: string;
  uid: string;
}

const WORKLOADS: ReadonlySet<string> = new Set(WORKLOAD_KINDS);
const LISTED: ReadonlySet<string> = new Set(LISTED_KINDS.map((kind) => kind.kind));
/** Workload kinds whose objects come and go under generated names: an owner of an unknown kind names them better. */
const EPHEMERAL = new Set(["Pod", "ReplicaSet", "ReplicationController", "Job"]);

export const isWorkloadKind = (kind: string): boolean => WORKLOADS.has(kind);

/** The controlling owner of an object, as its reference says; null without one. */
export function controllerOf(metadata: KubernetesObject["metadata"]): Owner | null {
  for (const item of list(metadata.ownerReferences)) {
    const { apiVersion, kind, name, uid, controller } = record(item);
    if (controller !== true || text(kind) === "" || text(name) === "") continue;
    const version = text(apiVersion);
    return {
      apiGroup: version.includes("/") ? (version.split("/")[0] ?? "") : "",
      kind: text(kind),
      name: text(name),
      uid: text(uid),
    };
  }
  return null;
}

/**
 * Finds the topmost owner within a namespace. Objects are added owner kinds first (Deployment, ReplicaSet, …, Pod), so that a pod's
 * owner is known when the pod is read. Owners of unknown kinds (an Argo Rollout) keep the reference; a node owning its
 * mirror pod is no workload.
 */
export class Owners {
  readonly #topmost = new Map<string, Owner>();

  /** The topmost owner of this object (itself without one), which is remembered for what it owns. */
  add(kind: string, metadata: KubernetesObject["metadata"], apiGroup: string): Owner {
    const top = this.of(kind, metadata, apiGroup);
    this.remember(metadata.namespace ?? "", kind, metadata.name, top);
    return top;
  }

  /** The topmost owner of this object, which is not remembered. */
  of(kind: string, metadata: KubernetesObject["metadata"], apiGroup: string): Owner {
    const self: Owner = { apiGroup, kind, name: metadata.name, uid: metadata.uid ?? "" };
    return this.#above(metadata.namespace ?? "", self, controllerOf(metadata));
  }

  /** What a kind that could not be listed was last known to belong to. */
  remember(namespace: string, kind: string, name: string, topmost: Owner): void {
    this.#topmost.set(`${kind}/${namespace}/${name}`, topmost);
  }

  #above(namespace: string, self: Owner, parent: Owner | null): Owner {
    if (parent === null || !EPHEMERAL.has(self.kind)) return self;
    if (isWorkloadKind(parent.kind)) return this.#topmost.get(`${parent.kind}/${namespace}/${parent.name}`) ?? parent;
    return LISTED.has(parent.kind) ? self : parent;
  }
}

/** The pod specification and template metadata of anything that carries one. */
export function podTemplate(object: KubernetesObject): { spec: Readonly<Record<string, unknown>>; labels: unknown } {
  if (object.kind === "Pod") return { spec: record(object.spec), labels: object.metadata.labels };
  const spec = record(object.spec);
  const outer = object.kind === "CronJob" ? record(record(spec.jobTemplate).spec) : spec;
  const template = record(outer.template);
  return { spec: record(template.spec), labels: record(template.metadata).labels };
}
