import { assertAllowedUrl } from "@/lib/outbound";
import type { ConnectorContext, DiscoveredCluster, KubernetesAccess } from "../connector";
import { accessTokens } from "../gcp/credential";
import { failure, toConnectorError } from "../gcp/error";
import { GET, type GkeClient, type GkeCluster } from "./client";
import type { GkeSettings } from "./schema";

const ALIAS =
  /^https:\/\/[a-z0-9.-]+\/v1\/projects\/([^/]{1,100})\/(?:locations|zones)\/([a-z0-9-]{1,63})\/clusters\/([a-z0-9-]{1,63})$/;
const PEM = /^-----BEGIN CERTIFICATE-----[\s\S]{1,100000}-----END CERTIFICATE-----\s*$/;

/** The request name of a discovered cluster, from its self link. It must lie in the account's own project. */
export function requestName(cluster: Pick<DiscoveredCluster, "name" | "aliases">, projectId: string): string {
  for (const alias of cluster.aliases) {
    const found = ALIAS.exec(alias);
    if (found?.[1] === projectId) return `projects/${projectId}/locations/${found[2]}/clusters/${found[3]}`;
  }
  throw failure(GET, "error", `${cluster.name} has no self link in project ${projectId}. Discover the account again.`);
}

/** Address and CA of a cluster's API, from GKE's answer. Rejects with ConnectorError. */
export async function endpointOf(
  cluster: GkeCluster,
  allowPrivate: boolean,
): Promise<{ server: string; caCertificate: string }> {
  const endpoint = cluster.endpoint ?? "";
  if (endpoint === "") {
    throw failure(
      GET,
      "unsupported",
      `${cluster.name ?? "The cluster"} has no IP endpoint (yet). Clusters with only a DNS endpoint are not supported.`,
    );
  }
  if (!/^[0-9a-z.:[\]-]{1,253}$/i.test(endpoint))
    throw failure(GET, "malformed", "The cluster's endpoint is not an address.");
  const isBareIpv6 = endpoint.split(":").length > 2 && !endpoint.startsWith("[");
  const server = `https://${isBareIpv6 ? `[${endpoint}]` : endpoint}`;
  const caCertificate = Buffer.from(cluster.masterAuth?.clusterCaCertificate ?? "", "base64").toString("utf8");
  if (!PEM.test(caCertificate))
    throw failure(GET, "malformed", "The answer holds no certificate authority of the cluster.");
  try {
    await assertAllowedUrl(server, { allowPrivate });
  } catch (error) {
    throw toConnectorError(error, GET);
  }
  return { server, caCertificate };
}

/** Access to one cluster's Kubernetes API with Google access tokens, minted anew when asked for and valid for an hour at most. */
export async function kubernetesAccess(
  client: Pick<GkeClient, "getCluster">,
  settings: GkeSettings,
  secrets: Readonly<Record<string, string>>,
  cluster: Pick<DiscoveredCluster, "name" | "aliases">,
  context: ConnectorContext,
): Promise<KubernetesAccess> {
  const answer = await client.getCluster(requestName(cluster, settings.projectId));
  const endpoint = await endpointOf(answer, context.allowPrivateNetworks);
  return { ...endpoint, token: accessTokens(settings, secrets, context) };
}
