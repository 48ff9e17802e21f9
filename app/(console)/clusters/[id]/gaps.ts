import type { ClusterDetail } from "@/domain/inventory/queries";
import type { Gap } from "@/domain/inventory/schema";

/** What could not be read, by the last scan and by the last discovery, each once. */
export const gapsOf = (cluster: Pick<ClusterDetail, "reasons" | "gaps">): Gap[] => [
  ...cluster.reasons,
  ...cluster.gaps.filter(
    (gap) => !cluster.reasons.some((reason) => reason.what === gap.what && reason.code === gap.code),
  ),
];
