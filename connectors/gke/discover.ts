import type { Gap } from "@/domain/inventory/schema";
import type { DiscoveredCluster, Discovery, KnownCluster } from "../connector";
import { settleMissing } from "../missing";
import { type GkeClient, type GkeCluster, LIST } from "./client";
import { requestName } from "./credential";
import { describeCluster } from "./describe";

const NAME = /^[a-z][a-z0-9-]{0,62}$/;
const LOCATION = /^[a-z][a-z0-9-]{0,62}$/;

/** `projects/P/locations/L/clusters/C` of an answer, or undefined when it does not hold a sound name and location. */
export function resourceName(cluster: GkeCluster, projectId: string): string | undefined {
  const location = cluster.location ?? "";
  if (!NAME.test(cluster.name ?? "") || !LOCATION.test(location)) return undefined;
  return `projects/${projectId}/locations/${location}/clusters/${cluster.name}`;
}

const malformed = (message: string): Gap => ({ code: "malformed", what: LIST, message });

/** Lists the clusters of a project. Zones that Google could not reach, and entries that make no sense, make it incomplete. */
export async function discoverClusters(
  client: Pick<GkeClient, "listClusters" | "getCluster">,
  projectId: string,
  known: readonly KnownCluster[] = [],
): Promise<Discovery> {
  const { clusters, missingZones } = await client.listClusters();
  const gaps: Gap[] = [];
  const found = new Map<string, DiscoveredCluster>();
  for (const cluster of clusters) {
    const name = resourceName(cluster, projectId);
    if (name === undefined) {
      gaps.push(malformed("The list holds a cluster without a sound name or location. It was left out."));
    } else if (found.has(name)) {
      gaps.push(malformed(`The list holds ${name} more than once, so it may lack others. The next scan tries again.`));
    } else {
      found.set(name, discovered(cluster, name));
    }
  }
  if (missingZones.length > 0) {
    const zones = missingZones.map((zone) => zone.replace(/[^\w-]/g, "").slice(0, 63)).slice(0, 20);
    gaps.push({
      code: "unreachable",
      what: LIST,
      message: `Google could not list these zones: ${zones.join(", ")}. Clusters there are kept as last seen; the next scan tries again.`,
    });
  }
  return settleMissing({ clusters: [...found.values()], gaps: gaps.slice(0, 100) }, known, async (one) => {
    const name = requestName(one, projectId);
    return discovered(await client.getCluster(name), name);
  });
}

function discovered(cluster: GkeCluster, name: string): DiscoveredCluster {
  const managed = describeCluster(cluster);
  const gaps: Gap[] = [];
  // Autopilot may have no pool yet; any other cluster that is RUNNING without a single one means that the answer is short.
  if (managed.nodePools === undefined && cluster.status === "RUNNING" && cluster.autopilot?.enabled !== true) {
    gaps.push({
      code: "truncated",
      what: `${LIST} nodePools`,
      message: `The answer for ${managed.name} holds no node pools. The next scan tries again.`,
    });
  }
  return {
    distribution: "gke",
    name: managed.name,
    aliases: [`https://container.googleapis.com/v1/${name}`],
    managed,
    gaps,
  };
}
