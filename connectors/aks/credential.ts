import { resourceId } from "@/connectors/azure/answer";
import { AKS_AUDIENCE, azureCredential } from "@/connectors/azure/credential";
import { toConnectorError } from "@/connectors/azure/error";
import { withSession } from "@/connectors/azure/session";
import {
  type ConnectorContext,
  ConnectorError,
  type DiscoveredCluster,
  type KubernetesAccess,
} from "@/connectors/connector";
import { assertAllowedUrl } from "@/lib/outbound";
import { aksClient } from "./client";
import { readUserKubeconfig } from "./kubeconfig";
import { USER_CREDENTIAL } from "./permissions";
import type { AksSettings } from "./schema";

type Secrets = Readonly<Record<string, string>>;

/** A new token is asked for when the last one has less than this left. */
const MARGIN_MS = 5 * 60_000;

/** Mints Entra tokens for the AKS API, each kept until shortly before it expires. Errors: ConnectorError. */
function entraTokens(settings: AksSettings, secrets: Secrets, context: ConnectorContext): () => Promise<string> {
  let last = { token: "", expiresOnTimestamp: 0 };
  return async () => {
    if (last.expiresOnTimestamp - MARGIN_MS > Date.now()) return last.token;
    const credential = await azureCredential(settings, secrets, context);
    try {
      last = await credential.getToken(`${AKS_AUDIENCE}/.default`);
      return last.token;
    } finally {
      await credential.close();
    }
  };
}

/**
 * Access to one AKS cluster: address and CA from its user kubeconfig, the token from Entra ID; a cluster without Entra
 * integration has a token in the kubeconfig. Errors: ConnectorError.
 */
export async function accessAks(
  settings: AksSettings,
  secrets: Secrets,
  cluster: Pick<DiscoveredCluster, "name" | "aliases" | "managed">,
  context: ConnectorContext,
): Promise<KubernetesAccess> {
  const ref = cluster.aliases.map(resourceId).find((id) => id !== null);
  if (!ref) {
    const message = `The cluster ${cluster.name} has no ARM id among its aliases. Discover the account again.`;
    throw new ConnectorError({ code: "not_found", what: USER_CREDENTIAL, message });
  }
  return withSession(settings, secrets, context, async (session) => {
    const text = await aksClient(settings, session).userKubeconfig(ref);
    try {
      const { token, ...access } = readUserKubeconfig(text);
      await assertAllowedUrl(access.server, { allowPrivate: context.allowPrivateNetworks });
      const useLocal = token !== undefined && cluster.managed.identity.cloudDirectory !== true;
      return { ...access, token: useLocal ? async () => token : entraTokens(settings, secrets, context) };
    } catch (error) {
      throw toConnectorError(error, { what: `kubeconfig of ${cluster.name}`.slice(0, 400) });
    }
  });
}
