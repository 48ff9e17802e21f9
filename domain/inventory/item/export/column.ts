import type { ExportTable } from "@/lib/http/export";
import type { InventoryItem } from "../schema";

/** The inventory as a file; where Defender's export has a name for something, that name. */
export const itemTable: ExportTable<InventoryItem> = {
  name: "inventory",
  version: 1,
  columns: [
    { name: "subscriptionName", of: (item) => item.account.name },
    { name: "resourceGroup", of: (item) => item.namespace },
    { name: "resourceType", of: (item) => item.kind },
    { name: "resourceName", of: (item) => item.name },
    { name: "type", of: (item) => item.type },
    { name: "provider", of: (item) => item.account.provider },
    { name: "distribution", of: (item) => item.cluster.distribution },
    { name: "clusterName", of: (item) => item.cluster.name },
    { name: "workloadKind", of: (item) => item.workload?.kind ?? null },
    { name: "workloadName", of: (item) => item.workload?.name ?? null },
    { name: "container", of: (item) => item.container },
    { name: "digest", of: (item) => item.digest },
    { name: "pods", of: (item) => item.pods },
    { name: "openFindings", of: (item) => item.open },
    { name: "worstSeverity", of: (item) => item.worst },
    { name: "firstSeen", of: (item) => item.firstSeenAt },
    { name: "changed", of: (item) => item.changedAt },
    { name: "clusterId", of: (item) => item.cluster.id },
    { name: "itemId", of: (item) => item.id },
    { name: "images", of: (item) => item.images?.join("\n") ?? null },
    { name: "node", of: (item) => item.node },
    { name: "phase", of: (item) => item.phase },
  ],
};
