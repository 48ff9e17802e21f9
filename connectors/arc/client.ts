import { type ConnectedCluster, ConnectedKubernetesClient, getContinuationToken } from "@azure/arm-hybridkubernetes";
import { CallFailure, toConnectorError } from "@/connectors/azure/error";
import { type Listing, listAll } from "@/connectors/azure/paging";
import type { AzureSession } from "@/connectors/azure/session";
import { type Extension, listExtensions } from "./extension";
import { LIST_CONNECTED } from "./permissions";
import type { ArcSettings } from "./schema";

/** The first stable version whose answer tells of Entra ID and workload identity; the SDK's own default is from 2021. */
const API_VERSION = "2026-05-01";

/** A connected cluster as the SDK reads it, and its properties as they came: the SDK drops those that are newer than itself. */
export interface ConnectedAnswer {
  cluster: ConnectedCluster;
  properties: unknown;
}

const at = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;

/** The entries of a page. This SDK takes a page without `value` for an empty one; such an answer is no list. */
function entriesOf(text: string | null | undefined): unknown[] {
  const value = at(JSON.parse(text ?? "null"), "value");
  if (Array.isArray(value)) return value;
  throw new CallFailure("malformed", "Azure answered a list without its entries.");
}

/** The ARM calls of Arc. Lists never reject; the other rejects with ConnectorError. */
export function arcClient(settings: ArcSettings, session: AzureSession) {
  const { credential, transport, scope } = session;
  const client = new ConnectedKubernetesClient(credential, settings.subscriptionId, {
    endpoint: settings.armEndpoint,
    $host: settings.armEndpoint,
    credentialScopes: scope,
    httpClient: transport,
    retryOptions: { maxRetries: 0 }, // the transport retries, with a ceiling
    apiVersion: settings.apiVersions.arc ?? API_VERSION,
  });
  return {
    async clusters(): Promise<Listing<ConnectedAnswer>> {
      const properties = new Map<unknown, unknown>();
      // The parsed body is the model by then; the text is what came.
      const options = {
        onResponse: (raw: { bodyAsText?: string | null }) => {
          for (const entry of entriesOf(raw.bodyAsText)) properties.set(at(entry, "id"), at(entry, "properties"));
        },
      };
      const pages = client.connectedClusterOperations.listBySubscription(options).byPage();
      const { items, gap } = await listAll(
        pages,
        { what: LIST_CONNECTED, permission: LIST_CONNECTED },
        settings.maxPages,
        getContinuationToken,
      );
      const answers = items.map((cluster) => ({ cluster, properties: properties.get(cluster.id) }));
      return { items: answers, ...(gap ? { gap } : {}) };
    },

    /** One connected cluster by its names. */
    async cluster({ group, name }: { group: string; name: string }): Promise<ConnectedAnswer> {
      try {
        let properties: unknown;
        const onResponse = (raw: { bodyAsText?: string | null }) => {
          properties = at(JSON.parse(raw.bodyAsText ?? "null"), "properties");
        };
        const cluster = await client.connectedClusterOperations.get(group, name, { onResponse });
        return { cluster, properties };
      } catch (error) {
        throw toConnectorError(error, { what: LIST_CONNECTED, permission: LIST_CONNECTED });
      }
    },

    /** `clusterId`: its ARM id. */
    extensions: (clusterId: string): Promise<Listing<Extension>> => listExtensions(settings, session, clusterId),
  };
}
export type ArcClient = ReturnType<typeof arcClient>;
