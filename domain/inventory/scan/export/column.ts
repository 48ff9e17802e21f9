import type { ExportTable } from "@/lib/http/export";
import type { ScanItem } from "../schema";

/** Scans as a file. */
export const scanTable: ExportTable<ScanItem> = {
  name: "scans",
  version: 1,
  columns: [
    { name: "queuedAt", of: (item) => item.queuedAt },
    { name: "kind", of: (item) => item.kind },
    { name: "clusterName", of: (item) => item.cluster?.name ?? null },
    { name: "subscriptionName", of: (item) => item.account.name },
    { name: "trigger", of: (item) => item.trigger },
    { name: "status", of: (item) => item.status },
    { name: "startedAt", of: (item) => item.startedAt },
    { name: "finishedAt", of: (item) => item.finishedAt },
    { name: "evaluated", of: (item) => item.evaluated },
    { name: "opened", of: (item) => item.opened },
    { name: "resolved", of: (item) => item.resolved },
    { name: "reasons", of: (item) => item.reasons.map((gap) => `${gap.what}: ${gap.message}`).join("\n") },
    { name: "clusterId", of: (item) => item.cluster?.id ?? null },
    { name: "scanId", of: (item) => item.id },
  ],
};
