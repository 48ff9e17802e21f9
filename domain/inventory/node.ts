import { list, record, stringMap, text } from "./json";
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

const machineOf = (node: KubernetesObject): string | undefined =>
  stringMap(node.metadata.labels).get("node.kubernetes.io/instance-type");

/** Kubernetes quantities of CPUs: `8` or `7910m`. */
function cpus(value: unknown): number | undefined {
  const [, digits, milli] = /^(\d+)(m?)$/.exec(text(value)) ?? [];
  return digits === undefined ? undefined : Number(digits) / (milli === "m" ? 1000 : 1);
}

/** What a node says of itself; null where it says nothing. */
export interface NodeSaid {
  pool: string | null;
  machineType: string | null;
  vcpu: number | null;
  kubelet: string | null;
  osImage: string | null;
  ready: boolean | null;
  /** Closed to new pods. */
  cordoned: boolean;
}

export function nodeSaid(node: KubernetesObject): NodeSaid {
  const status = record(node.status);
  const { kubeletVersion, osImage } = record(status.nodeInfo);
  const ready = list(status.conditions)
    .map(record)
    .find(({ type }) => type === "Ready")?.status;
  return {
    pool: poolOf(node) ?? null,
    machineType: machineOf(node) ?? null,
    vcpu: cpus(record(status.capacity).cpu) ?? null,
    kubelet: text(kubeletVersion) || null,
    osImage: text(osImage) || null,
    ready: ready === "True" ? true : ready === "False" ? false : null,
    cordoned: record(node.spec).unschedulable === true,
  };
}

/** Counts nodes by pool, machine type and size, in a stable order. */
export function countNodes(nodes: readonly KubernetesObject[]): NodeCount[] {
  const counts = new Map<string, NodeCount>();
  for (const node of nodes) {
    const pool = poolOf(node);
    const machineType = machineOf(node);
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
