import { widestFirst } from "../ranges";
import type { GkeCluster } from "./client";

/** Who reaches a cluster's API; absent facts are undefined. */
export interface ApiAccess {
  publicEndpoint: boolean | undefined;
  privateEndpoint: boolean | undefined;
  /** Empty means everyone. */
  authorizedRanges: string[] | undefined;
  providerRanges: boolean | undefined;
  globalAccess: boolean | undefined;
  tokensViaDns: boolean | undefined;
  anonymousRequests: boolean | undefined;
}

type Ranges = GkeCluster["masterAuthorizedNetworksConfig"];

function rangesOf(networks: Ranges): string[] | undefined {
  if (networks === null || networks === undefined) return undefined;
  if (networks.enabled !== true) return [];
  const ranges = (networks.cidrBlocks ?? []).flatMap((block) => (block.cidrBlock ? [block.cidrBlock] : []));
  // Switched on without a range it lets nobody in, which a list cannot say: empty would mean everyone.
  return ranges.length === 0 ? undefined : widestFirst(ranges);
}

/** The API's exposure, from the newer endpoint settings or, where the answer lacks them, from those of private clusters. */
export const access = (cluster: GkeCluster): ApiAccess => ({ ...exposure(cluster), ...doors(cluster) });

/** What passes the endpoints beside the listed ranges. */
function doors(cluster: GkeCluster): Omit<ApiAccess, keyof ReturnType<typeof exposure>> {
  const ip = cluster.controlPlaneEndpointsConfig?.ipEndpointsConfig;
  const dns = cluster.controlPlaneEndpointsConfig?.dnsEndpointConfig;
  const networks = ip?.authorizedNetworksConfig ?? cluster.masterAuthorizedNetworksConfig;
  const anonymous = cluster.anonymousAuthenticationConfig?.mode;
  return {
    providerRanges: networks?.gcpPublicCidrsAccessEnabled ?? undefined,
    globalAccess: ip?.globalAccess ?? cluster.privateClusterConfig?.masterGlobalAccessConfig?.enabled ?? undefined,
    tokensViaDns: dns
      ? dns.allowExternalTraffic === true && (dns.enableK8sTokensViaDns === true || dns.enableK8sCertsViaDns === true)
      : undefined,
    anonymousRequests: anonymous === "ENABLED" ? true : anonymous === "LIMITED" ? false : undefined,
  };
}

function exposure(cluster: GkeCluster): Pick<ApiAccess, "publicEndpoint" | "privateEndpoint" | "authorizedRanges"> {
  const endpoints = cluster.controlPlaneEndpointsConfig;
  const ip = endpoints?.ipEndpointsConfig;
  const dnsOpen = endpoints?.dnsEndpointConfig?.allowExternalTraffic === true;
  // The DNS endpoint is open to the internet where external traffic is allowed, and authorised networks do not bind it.
  if (dnsOpen) return { publicEndpoint: true, privateEndpoint: privateIp(cluster), authorizedRanges: [] };
  if (ip) {
    const ranges = rangesOf(ip.authorizedNetworksConfig ?? cluster.masterAuthorizedNetworksConfig);
    if (ip.enabled === false) return { publicEndpoint: false, privateEndpoint: false, authorizedRanges: ranges };
    return {
      publicEndpoint: ip.enablePublicEndpoint ?? undefined,
      privateEndpoint: privateIp(cluster),
      authorizedRanges: ranges,
    };
  }
  const ranges = rangesOf(cluster.masterAuthorizedNetworksConfig);
  const legacy = cluster.privateClusterConfig;
  return {
    publicEndpoint: legacy ? legacy.enablePrivateEndpoint !== true : undefined,
    privateEndpoint: privateIp(cluster),
    authorizedRanges: ranges,
  };
}

function privateIp(cluster: GkeCluster): boolean | undefined {
  const ip = cluster.controlPlaneEndpointsConfig?.ipEndpointsConfig;
  if (ip) return ip.enabled === false ? false : Boolean(ip.privateEndpoint);
  return cluster.privateClusterConfig ? Boolean(cluster.privateClusterConfig.privateEndpoint) : undefined;
}
