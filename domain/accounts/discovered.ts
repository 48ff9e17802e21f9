import type { Distribution, Gap, ManagedCluster } from "@/domain/inventory/schema";

/** What one connector saw of an account: the shape that connectors' `Discovery` has, in the words of this room. */
export interface Discovered {
  distribution: Distribution;
  discovery: {
    clusters: { name: string; aliases: string[]; managed: ManagedCluster; gaps: Gap[] }[];
    complete: boolean;
    gaps: Gap[];
    /** Aliases of clusters that the cloud itself says it does not have any more. */
    gone: string[];
  };
}
