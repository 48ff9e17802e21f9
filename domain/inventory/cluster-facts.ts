import { type Facts, known } from "./fact";
import { isKubernetesSupported } from "./lifecycle";
import type { ManagedCluster } from "./schema";

/**
 * What follows from the cloud's description of a cluster and the day. A version past its ordinary end that a paid plan keeps
 * longer (AKS long-term support, GKE's extended channel) is not known to be supported, nor not to be.
 */
export function clusterFacts(managed: ManagedCluster, now: Date): Facts {
  const { distribution, version, upgrade } = managed;
  if (version === undefined) return {};
  const supported = isKubernetesSupported(version, distribution, now);
  const mayStay = (distribution === "aks" || distribution === "gke") && upgrade.extendedSupport !== false;
  return known({ versionSupported: supported === false && mayStay ? undefined : supported });
}
