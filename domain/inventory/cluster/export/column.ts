import type { ExportTable } from "@/lib/http/export";
import type { ClusterItem } from "../schema";

/** Clusters as a file. */
export const clusterTable: ExportTable<ClusterItem> = {
  name: "clusters",
  version: 1,
  columns: [
    { name: "clusterName", of: (item) => item.name },
    { name: "distribution", of: (item) => item.distribution },
    { name: "subscriptionName", of: (item) => item.account.name },
    { name: "provider", of: (item) => item.account.provider },
    { name: "region", of: (item) => item.region },
    { name: "version", of: (item) => item.version },
    { name: "status", of: (item) => item.status },
    { name: "workloads", of: (item) => item.workloads },
    { name: "nodes", of: (item) => item.nodes },
    { name: "score", of: (item) => item.score },
    { name: "evaluated", of: (item) => item.evaluated },
    { name: "expected", of: (item) => item.expected },
    { name: "openFindings", of: (item) => item.open },
    { name: "urgentFindings", of: (item) => item.urgent },
    { name: "lastScan", of: (item) => item.scan },
    { name: "lastScanAt", of: (item) => item.lastScanAt },
    { name: "lastCompleteAt", of: (item) => item.lastCompleteAt },
    { name: "reasons", of: (item) => item.reasons.map((gap) => `${gap.what}: ${gap.message}`).join("\n") },
    { name: "clusterId", of: (item) => item.id },
    { name: "scoreWithoutExemptions", of: (item) => item.scoreWithoutExemptions },
  ],
};
