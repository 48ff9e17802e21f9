import { type Facts, known } from "./fact";
import { list, record, stringMap, text } from "./json";
import { isKubernetesSupported, isSystemSupported } from "./lifecycle";
import { poolOf } from "./node";
import type { Distribution, KubernetesObject, ManagedCluster } from "./schema";

const DAY_MS = 86_400_000;
const UNSCHEDULABLE = "node.kubernetes.io/unschedulable";

const kubeletOf = (node: KubernetesObject): string => text(record(record(node.status).nodeInfo).kubeletVersion);

const minor = (version: string): number | null => {
  const [, major, value] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  return major === "1" && value !== undefined ? Number(value) : null;
};

/** Minor versions that a node's kubelet is behind the API server; undefined when either is unknown. */
function kubeletSkew(node: KubernetesObject, version: string | undefined): number | undefined {
  const kubelet = minor(kubeletOf(node));
  const server = minor(version ?? "");
  return kubelet === null || server === null ? undefined : server - kubelet;
}

/** Versions of kubelets by node pool; an unreadable one stands as an empty text. */
export function versionsByPool(nodes: readonly KubernetesObject[]): ReadonlyMap<string, ReadonlySet<string>> {
  const pools = new Map<string, Set<string>>();
  for (const node of nodes) {
    const pool = poolOf(node);
    if (pool === undefined) continue;
    const versions = pools.get(pool) ?? new Set();
    pools.set(pool, versions.add(kubeletOf(node)));
  }
  return pools;
}

/**
 * Nodes of an EKS cluster that belong to none of its pools: EKS lists managed node groups and Auto Mode's own pools, and neither
 * what somebody runs beside them nor Karpenter's. Fargate's are AWS's. Undefined elsewhere, where clouds list every pool.
 */
export function nodesOutsidePools(
  { distribution, nodePools }: ManagedCluster,
  nodes: readonly KubernetesObject[],
): number | undefined {
  if (distribution !== "eks" || nodePools === undefined) return undefined;
  const listed = new Set(nodePools.map(({ mode, name }) => JSON.stringify([mode === "auto", name])));
  return nodes.filter(({ metadata }) => {
    const labels = stringMap(metadata.labels);
    const type = labels.get("eks.amazonaws.com/compute-type");
    const pool = labels.get(type === "auto" ? "karpenter.sh/nodepool" : "eks.amazonaws.com/nodegroup");
    return type !== "fargate" && !listed.has(JSON.stringify([type === "auto", pool]));
  }).length;
}

const daysSince = (time: unknown, now: Date): number | undefined => {
  const at = Date.parse(text(time));
  return Number.isNaN(at) ? undefined : Math.max(0, Math.floor((now.getTime() - at) / DAY_MS));
};

/** Whole days since a node stopped being ready; 0 when it is. */
function notReadyDays(node: KubernetesObject, now: Date): number | undefined {
  const ready = list(record(node.status).conditions)
    .map(record)
    .find(({ type }) => type === "Ready");
  if (ready === undefined) return undefined;
  return ready.status === "True" ? 0 : daysSince(ready.lastTransitionTime, now);
}

/** Whole days since a node was closed to new pods; 0 when it is open. */
function cordonedDays(node: KubernetesObject, now: Date): number | undefined {
  const { unschedulable, taints } = record(node.spec);
  if (unschedulable === undefined || unschedulable === null || unschedulable === false) return 0;
  const taint = list(taints)
    .map(record)
    .find(({ key }) => key === UNSCHEDULABLE);
  return daysSince(taint?.timeAdded, now);
}

/** What is known of a node. `pools`: as `versionsByPool` made it of all nodes. */
export function nodeFacts(
  node: KubernetesObject,
  around: {
    version?: string | undefined;
    distribution?: Distribution | undefined;
    now?: Date | undefined;
    pools: ReadonlyMap<string, ReadonlySet<string>>;
  },
): Facts {
  const { version, distribution, now, pools } = around;
  const pool = poolOf(node);
  // A node that no pool was made for stands alone.
  const versions = pool === undefined ? new Set([kubeletOf(node)]) : pools.get(pool);
  const supported = now && distribution && isKubernetesSupported(kubeletOf(node), distribution, now);
  return known({
    kubeletSkew: kubeletSkew(node, version),
    kubeletSupported: supported,
    osSupported: now && isSystemSupported(text(record(record(node.status).nodeInfo).osImage), now, supported),
    notReadyDays: now && notReadyDays(node, now),
    cordonedDays: now && cordonedDays(node, now),
    poolVersions: versions === undefined || versions.has("") ? undefined : versions.size,
  });
}
