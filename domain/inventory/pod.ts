import { list, record, text } from "./json";
import type { KubernetesObject } from "./schema";

/** What Kubernetes calls the phases of a pod's life (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-phase). */
export const PHASES = ["Pending", "Running", "Succeeded", "Failed", "Unknown"] as const;
export type Phase = (typeof PHASES)[number];

/** A phase from text; null for what is none. */
export const phaseFrom = (value: string | null): Phase | null => PHASES.find((phase) => phase === value) ?? null;

/** The phase that a pod's status tells, one of PHASES; empty when it tells none. */
export const phaseOf = (pod: KubernetesObject): Phase | "" => phaseFrom(text(record(pod.status).phase)) ?? "";

/** Images that a pod runs, each once: those of `runningOf`, or `written` (its containers' own words) where the kubelet says of none. */
export function podImages(running: string | null, written: readonly unknown[]): string[] {
  const said = list(running === null ? [] : JSON.parse(running)).map((item) => text(list(item)[1]));
  return [...new Set((said.length > 0 ? said : written.map(text)).filter((image) => image !== ""))];
}
