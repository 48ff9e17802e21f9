import { isStorableName, type Json, list, record, text } from "./json";
import { groupOf, type KubernetesObject, LISTED_KINDS, WORKLOAD_KINDS } from "./schema";

export interface Owner {
  apiGroup: string;
  kind: string;
  name: string;
  uid: string;
}

const WORKLOADS: ReadonlySet<string> = new Set(WORKLOAD_KINDS);
const LISTED: ReadonlySet<string> = new Set(LISTED_KINDS.map(({ apiGroup, kind }) => `${apiGroup}/${kind}`));
const WORKLOAD_GROUPS: ReadonlyMap<string, string> = new Map(
  LISTED_KINDS.filter(({ kind }) => WORKLOADS.has(kind)).map(({ apiGroup, kind }) => [kind, apiGroup]),
);
/**
 * Workload kinds whose objects come and go under generated names, and which of Kubernetes' own workloads may own them: those
 * that are listed before them. Any other reference to one of Kubernetes' own kinds is nobody's doing but the writer's.
 */
const PARENTS: Readonly<Record<string, ReadonlySet<string>>> = {
  Pod: new Set(["Deployment", "DaemonSet", "StatefulSet", "ReplicaSet", "ReplicationController", "Job", "CronJob"]),
  ReplicaSet: new Set(["Deployment"]),
  ReplicationController: new Set(),
  Job: new Set(["CronJob"]),
};

export const isWorkloadKind = (kind: string): boolean => WORKLOADS.has(kind);

/** The controlling owner of an object, as its reference says; null without one. */
export function controllerOf(metadata: KubernetesObject["metadata"]): Owner | null {
  for (const item of list(metadata.ownerReferences)) {
    const { apiVersion, kind, name, uid, controller } = record(item);
    if (controller !== true || ![apiVersion, kind, name].every(isStorableName)) continue;
    const version = text(apiVersion);
    return {
      apiGroup: groupOf(version),
      kind: text(kind),
      name: text(name),
      uid: text(uid),
    };
  }
  return null;
}

/** Whether kind and group name one of Kubernetes' own workloads; `apps.kruise.io` has a StatefulSet of its own. */
export const isListedWorkload = (apiGroup: string, kind: string): boolean => WORKLOAD_GROUPS.get(kind) === apiGroup;

/**
 * Where an object belongs. `self`: it is a workload. `part`: of a workload that was seen. `stranger`: of an owner of a kind
 * that is not listed (an Argo Rollout). `unseen`: it names an owner of a listed kind that was not seen.
 */
export interface Place {
  as: "self" | "part" | "stranger" | "unseen";
  owner: Owner;
}

/**
 * Finds the topmost owner within a namespace. Objects are added owner kinds first (Deployment, ReplicaSet, …, Pod), so that
 * a pod's owner is known when the pod is read. A reference is believed only when the object it names was seen with that
 * group, kind, name and UID: anybody who may create a pod may write any owner into it. A node owning its mirror pod is no
 * workload.
 */
export class Owners {
  readonly #topmost = new Map<string, { uid: string; owner: Owner }>();

  /** Where this object belongs; not remembered. */
  place(kind: string, metadata: KubernetesObject["metadata"], apiGroup: string): Place {
    const self: Owner = { apiGroup, kind, name: metadata.name, uid: metadata.uid ?? "" };
    const parent = controllerOf(metadata);
    const parents = PARENTS[kind];
    if (parent === null || parents === undefined) return { as: "self", owner: self };
    if (isListedWorkload(parent.apiGroup, parent.kind) && parents.has(parent.kind)) {
      const known = this.#topmost.get(nameOf(parent, metadata.namespace ?? ""));
      if (known === undefined || known.uid !== parent.uid) return { as: "unseen", owner: parent };
      const { owner } = known;
      return { as: isListedWorkload(owner.apiGroup, owner.kind) ? "part" : "stranger", owner };
    }
    return LISTED.has(`${parent.apiGroup}/${parent.kind}`)
      ? { as: "self", owner: self }
      : { as: "stranger", owner: parent };
  }

  /** Remembers where an object belongs, for what it owns in turn. */
  remember(object: Owner, namespace: string, owner: Owner): void {
    this.#topmost.set(nameOf(object, namespace), { uid: object.uid, owner });
  }
}

const nameOf = ({ apiGroup, kind, name }: Owner, namespace: string): string =>
  `${apiGroup}/${kind}/${namespace}/${name}`;

/** The pod specification and template metadata of anything that carries one. */
export function podTemplate(object: Json): { spec: Json; labels: unknown } {
  if (object.kind === "Pod") return { spec: record(object.spec), labels: record(object.metadata).labels };
  const spec = record(object.spec);
  const outer = object.kind === "CronJob" ? record(record(spec.jobTemplate).spec) : spec;
  const template = record(outer.template);
  return { spec: record(template.spec), labels: record(template.metadata).labels };
}

/** Whether pods stand in the network of their node, where next to no network plugin holds a NetworkPolicy against them. */
export const isOnNodeNetwork = (podSpec: Readonly<Record<string, unknown>>): boolean => podSpec.hostNetwork === true;

/** Whether a pod has ended for good: it runs nothing any more. */
export function isFinished(pod: KubernetesObject): boolean {
  const { phase } = record(pod.status);
  return phase === "Succeeded" || phase === "Failed";
}
