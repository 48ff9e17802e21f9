import { record } from "@/domain/inventory/json";
import { groupOf, type KubernetesObject } from "@/domain/inventory/schema";
import { podShape } from "@/domain/inventory/shape";
import { controllerOf, isListedWorkload, type Owner } from "@/domain/inventory/workload";
import type { Given } from "./objects";

/** Which of Kubernetes' own workloads make objects of a kind; the chain always ends, and nothing owns itself. */
const MAKERS: Readonly<Record<string, ReadonlySet<string>>> = {
  Pod: new Set(["Deployment", "DaemonSet", "StatefulSet", "ReplicaSet", "ReplicationController", "Job", "CronJob"]),
  ReplicaSet: new Set(["Deployment"]),
  Job: new Set(["CronJob"]),
};

const nameOf = ({ apiGroup, kind, name }: Omit<Owner, "uid">, namespace: string): string =>
  `${apiGroup}/${kind}/${namespace}/${name}`;

/** A ReplicaSet of an earlier revision runs nothing, and so vouches for no pod. */
const isIdle = ({ kind, spec }: KubernetesObject): boolean => kind === "ReplicaSet" && record(spec).replicas === 0;

/**
 * Leaves out what another given object stands for: the pods of a dump are judged through their Deployment. Anybody may write
 * any owner into a manifest, so one is believed only when it was given with that group, kind, namespace, name and, where
 * both say one, UID; and what it owns is left out only when its pods are like the owner's template.
 */
export function topmost<G extends Pick<Given, "object">>(given: readonly G[]): G[] {
  const workloads = new Map<string, KubernetesObject[]>();
  for (const { object } of given) {
    const { apiVersion, kind, metadata } = object;
    const apiGroup = groupOf(apiVersion);
    if (!isListedWorkload(apiGroup, kind)) continue;
    const name = nameOf({ apiGroup, kind, name: metadata.name }, metadata.namespace ?? "");
    workloads.set(name, [...(workloads.get(name) ?? []), object]);
  }
  return given.filter(({ object }) => {
    if (!isListedWorkload(groupOf(object.apiVersion), object.kind)) return true;
    const owner = controllerOf(object.metadata);
    if (owner === null || MAKERS[object.kind]?.has(owner.kind) !== true) return true;
    const named = workloads.get(nameOf(owner, object.metadata.namespace ?? "")) ?? [];
    const [one, ...more] = named.filter(({ metadata }) => isSameUid(metadata.uid, owner.uid));
    // Two objects of one name (a base and its overlay): nobody can say whose this is.
    if (one === undefined || more.length > 0 || isIdle(one)) return true;
    return !isIdle(object) && podShape(object) !== podShape(one);
  });
}

const isSameUid = (given: unknown, referred: string): boolean =>
  typeof given !== "string" || given === "" || referred === "" || given === referred;
