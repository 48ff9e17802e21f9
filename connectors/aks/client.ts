import {
  type AgentPool,
  ContainerServiceClient,
  type MaintenanceConfiguration,
  type ManagedCluster,
} from "@azure/arm-containerservice";
import { createPipelineRequest } from "@azure/core-rest-pipeline";
import { z } from "zod";
import { toConnectorError } from "@/connectors/azure/error";
import { type Listing, listAll } from "@/connectors/azure/paging";
import type { AzureSession } from "@/connectors/azure/session";
import { DIAGNOSTICS, LIST_CLUSTERS, LIST_MAINTENANCE, LIST_POOLS, USER_CREDENTIAL } from "./permissions";
import type { AksSettings } from "./schema";

/** A cluster by the two names its ARM paths need. */
export interface ClusterRef {
  group: string;
  name: string;
}

/** One log category of one diagnostic setting. */
const logSchema = z.object({
  category: z.string().nullish().catch(undefined),
  categoryGroup: z.string().nullish().catch(undefined),
  enabled: z.boolean(),
});
const diagnosticsSchema = z.object({
  value: z.array(z.object({ properties: z.object({ logs: z.array(logSchema).nullish() }) })).max(100),
});
export type DiagnosticLog = z.infer<typeof logSchema>;

const DIAGNOSTICS_VERSION = "2021-05-01-preview";

/** The ARM calls of AKS. Lists never reject; the others reject with ConnectorError. */
export function aksClient(settings: AksSettings, { credential, transport, scope }: AzureSession) {
  const apiVersion = settings.apiVersions.aks;
  const client = new ContainerServiceClient(credential, settings.subscriptionId, {
    endpoint: settings.armEndpoint,
    credentials: { scopes: [scope] },
    httpClient: transport,
    retryOptions: { maxRetries: 0 }, // the transport retries, with a ceiling
    ...(apiVersion === undefined ? {} : { apiVersion }),
  });
  return {
    clusters: (): Promise<Listing<ManagedCluster>> =>
      listAll(
        client.managedClusters.list().byPage(),
        { what: LIST_CLUSTERS, permission: LIST_CLUSTERS },
        settings.maxPages,
      ),

    /** One cluster by its names. */
    async cluster({ group, name }: ClusterRef): Promise<ManagedCluster> {
      try {
        return await client.managedClusters.get(group, name);
      } catch (error) {
        throw toConnectorError(error, { what: LIST_CLUSTERS, permission: LIST_CLUSTERS });
      }
    },

    pools: ({ group, name }: ClusterRef): Promise<Listing<AgentPool>> =>
      listAll(
        client.agentPools.list(group, name).byPage(),
        { what: LIST_POOLS, permission: LIST_POOLS },
        settings.maxPages,
      ),

    /** The schedules that upgrades of a cluster keep to. */
    maintenance: ({ group, name }: ClusterRef): Promise<Listing<MaintenanceConfiguration>> =>
      listAll(
        client.maintenanceConfigurations.listByManagedCluster(group, name).byPage(),
        { what: LIST_MAINTENANCE, permission: LIST_MAINTENANCE },
        settings.maxPages,
      ),

    /** The log categories of all diagnostic settings of a cluster. No SDK package of ours carries this operation. */
    async diagnostics({ group, name }: ClusterRef): Promise<DiagnosticLog[]> {
      try {
        const path = [
          "subscriptions",
          settings.subscriptionId,
          "resourceGroups",
          group,
          "providers",
          "Microsoft.ContainerService",
          "managedClusters",
          name,
        ]
          .map(encodeURIComponent)
          .join("/");
        const request = createPipelineRequest({
          url: `${settings.armEndpoint}/${path}/providers/Microsoft.Insights/diagnosticSettings?api-version=${DIAGNOSTICS_VERSION}`,
        });
        request.headers.set("authorization", `Bearer ${(await credential.getToken(scope)).token}`);
        const { bodyAsText } = await transport.sendRequest(request);
        return diagnosticsSchema
          .parse(JSON.parse(bodyAsText ?? ""))
          .value.flatMap((setting) => setting.properties.logs ?? []);
      } catch (error) {
        throw toConnectorError(error, { what: DIAGNOSTICS, permission: DIAGNOSTICS });
      }
    },

    /** The user kubeconfig as text, unread. */
    async userKubeconfig({ group, name }: ClusterRef): Promise<string> {
      try {
        const { kubeconfigs } = await client.managedClusters.listClusterUserCredentials(group, name, {
          format: "exec",
        });
        const value = kubeconfigs?.[0]?.value;
        if (!(value instanceof Uint8Array)) throw new Error("the answer holds no kubeconfig");
        return Buffer.from(value).toString("utf8");
      } catch (error) {
        throw toConnectorError(error, { what: USER_CREDENTIAL, permission: USER_CREDENTIAL });
      }
    },
  };
}
export type AksClient = ReturnType<typeof aksClient>;
