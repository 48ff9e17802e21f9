import { resourceId } from "@/connectors/azure/answer";
import type { DiscoveredCluster, Discovery } from "@/connectors/connector";
import type { Gap } from "@/domain/inventory/schema";
import type { ArcClient } from "./client";
import { describeArc } from "./describe";
import { LIST_CONNECTED } from "./permissions";

/** All Arc-enabled clusters of the subscription. Never rejects: failures are gaps. */
export async function discoverArc(client: ArcClient): Promise<Discovery> {
  const listing = await client.clusters();
  const gaps: Gap[] = listing.gap ? [listing.gap] : [];
  const clusters = new Map<string, DiscoveredCluster>();
  for (const answer of listing.items) {
    const ref = resourceId(answer.cluster.id);
    if (ref) {
      const managed = { ...describeArc(answer), name: ref.name };
      clusters.set(ref.id, { distribution: "arc", name: ref.name, aliases: [ref.id], managed, gaps: [] });
    } else {
      const message = "An entry of the list has no resource id, so the cluster can't be told apart.";
      gaps.push({ code: "malformed", what: LIST_CONNECTED, message });
    }
  }
  return { clusters: [...clusters.values()], complete: gaps.length === 0, gaps };
}
