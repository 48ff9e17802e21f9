import { toConnectorError } from "@/connectors/azure/error";
import {
  type ConnectorContext,
  ConnectorError,
  type DiscoveredCluster,
  type KubernetesAccess,
} from "@/connectors/connector";
import { assertAllowedUrl } from "@/lib/outbound";
import { type ArcSettings, arcTokenField } from "./schema";

/** Access to one connected cluster as the account's settings give it. Errors: ConnectorError. */
export async function accessArc(
  settings: ArcSettings,
  secrets: Readonly<Record<string, string>>,
  cluster: Pick<DiscoveredCluster, "name">,
  context: ConnectorContext,
): Promise<KubernetesAccess> {
  const what = `access to ${cluster.name}`.slice(0, 400);
  const entry = settings.arc.find((candidate) => candidate.name.toLowerCase() === cluster.name.toLowerCase());
  if (!entry) {
    const message = `The account says nothing of how to reach ${cluster.name}. Enter its server, CA certificate and token.`;
    throw new ConnectorError({ code: "unsupported", what, message: message.slice(0, 2000) });
  }
  const field = arcTokenField(entry.name);
  const token = Object.hasOwn(secrets, field) ? secrets[field] : undefined;
  if (!token) {
    const message = `The token of ${cluster.name} is missing. Enter a bound token of the reader service account.`;
    throw new ConnectorError({ code: "unauthenticated", what, message: message.slice(0, 2000) });
  }
  await assertAllowedUrl(entry.server, { allowPrivate: context.allowPrivateNetworks }).catch((error: unknown) => {
    throw toConnectorError(error, { what });
  });
  const { server, caCertificate, tlsServerName } = entry;
  return { server, caCertificate, ...(tlsServerName ? { tlsServerName } : {}), token: async () => token };
}
