import type { Connector, ConnectorContext } from "../connector";
import { toConnectorError } from "../gcp/error";
import { type GkeClient, LIST, openClient } from "./client";
import { kubernetesAccess } from "./credential";
import { discoverClusters } from "./discover";
import { permissions } from "./permissions";
import { type GkeSettings, secretFields, settingsSchema } from "./schema";
import { testConnection } from "./test-connection";

type Secrets = Readonly<Record<string, string>>;

/** Opens a client for one piece of work and closes it whatever happens. Rejects with ConnectorError only. */
async function withClient<T>(
  settings: GkeSettings,
  secrets: Secrets,
  context: ConnectorContext,
  work: (client: GkeClient) => Promise<T>,
): Promise<T> {
  let client: GkeClient | undefined;
  try {
    client = await openClient(settings, secrets, context);
    return await work(client);
  } catch (error) {
    throw toConnectorError(error, LIST);
  } finally {
    await client?.close();
  }
}

/** GKE: one account is one project, reached by workload identity federation. */
export const connector: Connector<GkeSettings> = {
  distribution: "gke",
  provider: "gcp",
  schema: settingsSchema,
  secretFields,
  permissions,
  discover: (settings, secrets, context, known) =>
    withClient(settings, secrets, context, (client) => discoverClusters(client, settings.projectId, known)),
  access: (settings, secrets, cluster, context) =>
    withClient(settings, secrets, context, (client) => kubernetesAccess(client, settings, secrets, cluster, context)),
  test: async (settings, secrets, context) => {
    try {
      return await testConnection(settings, secrets, context);
    } catch (error) {
      throw toConnectorError(error, LIST);
    }
  },
};
