import { type Json, record, text } from "./json";
import { groupOf, type KubernetesObject } from "./schema";

const targetOf = (namespace = "", { apiVersion, kind, name }: Json): string =>
  [namespace, groupOf(text(apiVersion)), text(kind), text(name)].join("/");

/**
 * How few pods HorizontalPodAutoscalers leave a workload: the least `minReplicas` of those that name it, 1 where it is left out;
 * undefined where none does, or one can't be read. https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/
 */
export function leastReplicas(
  autoscalers: readonly KubernetesObject[],
): (workload: KubernetesObject) => number | undefined {
  const least = new Map<string, number>();
  for (const { metadata, spec } of autoscalers) {
    const { scaleTargetRef, minReplicas } = record(spec);
    const target = targetOf(metadata.namespace, record(scaleTargetRef));
    // NaN spreads: beside one that can't be read nothing is known of the others.
    const said = minReplicas ?? 1;
    const read = typeof said === "number" ? said : Number.NaN;
    least.set(target, Math.min(least.get(target) ?? read, read));
  }
  return ({ apiVersion, kind, metadata }) => {
    const found = least.get(targetOf(metadata.namespace, { apiVersion, kind, name: metadata.name }));
    return Number.isNaN(found) ? undefined : found;
  };
}
