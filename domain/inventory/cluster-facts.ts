import { type Facts, known } from "./fact";
import { isKubernetesSupported } from "./lifecycle";
import { nodesOutsidePools } from "./node-facts";
import type { KubernetesObject, ManagedCluster } from "./schema";

const DAY_MS = 86_400_000;

/**
 * What follows from the cloud's description of a cluster, the day and its nodes, where all were listed. A version past its ordinary end that a paid plan keeps
 * longer (AKS long-term support, GKE's extended channel) is not known to be supported, nor not to be.
 */
export function clusterFacts(managed: ManagedCluster, now: Date, nodes?: readonly KubernetesObject[]): Facts {
  const { distribution, version, upgrade, agent } = managed;
  const supported = version === undefined ? undefined : isKubernetesSupported(version, distribution, now);
  const mayStay = (distribution === "aks" || distribution === "gke") && upgrade.extendedSupport !== false;
  const ends = Date.parse(agent?.certificateEndsAt ?? "");
  return known({
    versionSupported: supported === false && mayStay ? undefined : supported,
    nodesOutsidePools: nodes && nodesOutsidePools(managed, nodes),
    agentCertificateDays: Number.isNaN(ends) ? undefined : Math.floor((ends - now.getTime()) / DAY_MS),
  });
}
