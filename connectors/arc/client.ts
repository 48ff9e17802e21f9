import { type ConnectedCluster, ConnectedKubernetesClient, getContinuationToken } from "@azure/arm-hybridkubernetes";
import { CallFailure } from "@/connectors/azure/error";
import { type Listing, listAll } from "@/connectors/azure/paging";
import type { AzureSession } from "@/connectors/azure/session";
import { LIST_CONNECTED } from "./permissions";
import type { ArcSettings } from "./schema";

/** This SDK takes a page without `value` for an empty one; such an answer is no list. */
function assertList(body: unknown): void {
  const value = typeof body === "object" && body !== null ? Reflect.get(body, "value") : undefined;
  if (!Array.isArray(value)) throw new CallFailure("malformed", "Azure answered a list without its entries.");
}

/** The ARM calls of Arc. Lists never reject. */
export function arcClient(settings: ArcSettings, { credential, transport, scope }: AzureSession) {
  const apiVersion = settings.apiVersions.arc;
  const client = new ConnectedKubernetesClient(credential, settings.subscriptionId, {
    endpoint: settings.armEndpoint,
    $host: settings.armEndpoint,
    credentialScopes: scope,
    httpClient: transport,
    retryOptions: { maxRetries: 0 }, // the transport retries, with a ceiling
    ...(apiVersion === undefined ? {} : { apiVersion }),
  });
  return {
    clusters(): Promise<Listing<ConnectedCluster>> {
      // The parsed body is the model by then; the text is what came.
      const options = {
        onResponse: (raw: { bodyAsText?: string | null }) => assertList(JSON.parse(raw.bodyAsText ?? "null")),
      };
      const pages = client.connectedClusterOperations.listBySubscription(options).byPage();
      return listAll(
        pages,
        { what: LIST_CONNECTED, permission: LIST_CONNECTED },
        settings.maxPages,
        getContinuationToken,
      );
    },
  };
}
export type ArcClient = ReturnType<typeof arcClient>;
