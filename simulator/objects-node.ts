import type { SimNodePool } from "./model";
import { type Place, type Rendered, render, seedOf, timestamp } from "./objects";
import { hex, random, uuid } from "./random";
import { nodeSystem } from "./scenario-versions";

const nameOf = (place: Place, pool: SimNodePool, index: number): string => {
  const { base } = place.plan;
  const rng = random(seedOf(place, "node", pool.name, String(index)));
  switch (base.distribution) {
    case "aks":
      return `aks-${pool.name}-${parseInt(hex(base.id, 7), 16) % 90_000_000}-vmss${index.toString(36).padStart(6, "0")}`;
    case "eks":
      return `ip-10-${20 + rng.integer(0, 3)}-${rng.integer(1, 254)}-${rng.integer(4, 250)}.${base.region}.compute.internal`;
    case "gke":
      return `gke-${base.id}-${pool.name}-${hex(`${base.id}${pool.name}`, 8)}-${rng.suffix(4)}`;
    case "arc":
      return `${base.id.split("-").slice(1, 3).join("-")}-${pool.mode === "system" ? "server" : "agent"}-${index + 1}`;
  }
};

/** Names of all nodes, system pool first. The pools of the scenario do not change in size. */
export const nodeNames = (place: Place): string[] =>
  place.plan.base.nodePools.flatMap((pool) =>
    Array.from({ length: pool.count }, (_, index) => nameOf(place, pool, index)),
  );

const poolLabels = (place: Place, pool: SimNodePool): Record<string, string> => {
  switch (place.plan.base.distribution) {
    case "aks":
      return {
        agentpool: pool.name,
        "kubernetes.azure.com/agentpool": pool.name,
        "kubernetes.azure.com/mode": pool.mode,
      };
    case "eks":
      return { "eks.amazonaws.com/nodegroup": pool.name, "eks.amazonaws.com/capacityType": "ON_DEMAND" };
    case "gke":
      return {
        "cloud.google.com/gke-nodepool": pool.name,
        "cloud.google.com/gke-os-distribution": pool.os === "old" ? "ubuntu" : "cos",
      };
    case "arc":
      return { "node.kubernetes.io/role": pool.mode };
  }
};

const providerId = (place: Place, name: string): string => {
  const { base } = place.plan;
  switch (base.distribution) {
    case "aks":
      return `azure:///subscriptions/${base.accountId}/resourceGroups/mc_${base.resourceGroup ?? ""}/providers/Microsoft.Compute/virtualMachineScaleSets/${name}`;
    case "eks":
      return `aws:///${base.region}a/i-0${hex(name, 16)}`;
    case "gke":
      return `gce://${base.accountId}/${base.region}-b/${name}`;
    case "arc":
      return `${base.version.includes("rke2") ? "rke2" : "k3s"}://${name}`;
  }
};

/** The nodes of the cluster; they change when their pool's version does. */
export function nodes(place: Place): Rendered[] {
  const upgraded = place.plan.changes.filter((change) => change.nodes === true && change.day <= place.day).at(-1)?.day;
  const { base } = place.plan;
  return place.cluster.nodePools.flatMap((pool) => {
    const system = nodeSystem(base.distribution, pool);
    return Array.from({ length: pool.count }, (_, index) => {
      const name = nameOf(place, pool, index);
      const capacity = {
        cpu: String(pool.vcpu),
        memory: `${pool.vcpu * 4 * 1024 * 1024 - 180_224}Ki`,
        pods: "110",
        "ephemeral-storage": "129886128Ki",
        "hugepages-2Mi": "0",
      };
      const good = (type: string, status: string, reason: string) => ({
        type,
        status,
        reason,
        message: reason,
        lastHeartbeatTime: timestamp(place, upgraded ?? place.born),
        lastTransitionTime: timestamp(place, upgraded ?? place.born),
      });
      return render(place, {
        apiVersion: "v1",
        kind: "Node",
        resource: "nodes",
        name,
        created: place.born,
        changed: upgraded ?? place.born,
        manager: "kubelet",
        labels: {
          "kubernetes.io/arch": "amd64",
          "kubernetes.io/os": "linux",
          "kubernetes.io/hostname": name,
          ...(pool.machineType === "bare-metal" ? {} : { "node.kubernetes.io/instance-type": pool.machineType }),
          "topology.kubernetes.io/region": base.region,
          "topology.kubernetes.io/zone": `${base.region}-${1 + (index % 3)}`,
          ...poolLabels(place, pool),
        },
        body: {
          spec: { podCIDR: `10.244.${index}.0/24`, providerID: providerId(place, name) },
          status: {
            capacity,
            allocatable: { ...capacity, cpu: `${pool.vcpu * 1000 - 140}m` },
            conditions: [
              good("MemoryPressure", "False", "KubeletHasSufficientMemory"),
              good("DiskPressure", "False", "KubeletHasNoDiskPressure"),
              good("PIDPressure", "False", "KubeletHasSufficientPID"),
              good("Ready", "True", "KubeletReady"),
            ],
            addresses: [
              { type: "InternalIP", address: `10.20.${index}.${pool.mode === "system" ? 4 : 5}` },
              { type: "Hostname", address: name },
              ...(pool.publicNodes ? [{ type: "ExternalIP", address: `203.0.113.${10 + index}` }] : []),
            ],
            daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
            nodeInfo: {
              machineID: hex(`${name}/machine`, 32),
              systemUUID: uuid(`${name}/system`),
              bootID: uuid(`${name}/boot/${upgraded ?? 0}`),
              kernelVersion: system.kernel,
              osImage: system.osImage,
              containerRuntimeVersion: system.runtime,
              kubeletVersion: `v${pool.version}`,
              kubeProxyVersion: `v${pool.version}`,
              operatingSystem: "linux",
              architecture: "amd64",
            },
          },
        },
      });
    });
  });
}
