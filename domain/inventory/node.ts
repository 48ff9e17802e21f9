import { record, stringMap, text } from "./json";
import type { KubernetesObject } from "./schema";

/** Nodes of one pool and machine type, as recorded with every scan. `vcpu` per node; absent facts are absent. */
export interface NodeCount {
  pool?: string;
  machineType?: string;
  vcpu?: number;
  count: number;
}

const POOL_LABELS = [
  "kubernetes.azure.com/agentpool",
  "agentpool",
  "eks.amazonaws.com/nodegroup",
  "cloud.google.com/gke-nodepool",
];

/** The node pool that a node's labels name; undefined when none does. */
export const poolOf = (node: KubernetesObject): string | undefined => {
  const labels = stringMap(node.metadata.labels);
  return POOL_LABELS.map((label) => labels.get(label)).find((value) => value !== undefined);
};

/** Kubernetes quantities of CPUs: `8` or `7910m`. */
function cpus(value: unknown): number | undefined {
  const [, digits, milli] = /^(\d+)(m?)$/.exec(text(value)) ?? [];
  return digits === undefined ? undefined : Number(digits) / (milli === "m" ? 1000 : 1);
}

/** Counts nodes by pool, machine type and size, in a stable order. */
export function countNodes(nodes: readonly KubernetesObject[]): NodeCount[] {
  const counts = new Map<string, NodeCount>();
  for (const node of nodes) {
    const labels = stringMap(node.metadata.labels);
    const pool = poolOf(node);
    const machineType = labels.get("node.kubernetes.io/instance-type");
    const vcpu = cpus(record(record(node.status).capacity).cpu);
    const key = JSON.stringify([pool, machineType, vcpu]);
    const known = counts.get(key);
    if (known) known.count++;
    else {
      counts.set(key, {
        ...(pool === undefined ? {} : { pool }),
        ...(machineType === undefined ? {} : { machineType }),
        ...(vcpu === undefined ? {} : { vcpu }),
        count: 1,
      });
    }
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count);
}
