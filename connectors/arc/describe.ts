import { reader, regionOf } from "@/connectors/azure/answer";
import { present } from "@/connectors/present";
import type { ManagedCluster } from "@/domain/inventory/schema";

/** What was read of one connected cluster: in the SDK's names, and its properties in the wire's. None of it is trusted. */
export interface ArcAnswer {
  cluster: unknown;
  properties: unknown;
}

/** Pods sign in to the cloud when both halves are there: the webhook that gives them a token, and the issuer that Entra ID trusts. */
function workloadIdentity(properties: ReturnType<typeof reader>): boolean | undefined {
  const halves = [
    properties.flag(["securityProfile", "workloadIdentity", "enabled"]),
    properties.flag(["oidcIssuerProfile", "enabled"]),
  ];
  if (halves.includes(false)) return false;
  return halves.includes(undefined) ? undefined : true;
}

/**
 * The facts of one connected cluster. ARM knows little of it: how its API server is reached, logged, encrypted and upgraded stands
 * nowhere in the answer (`arcAgentProfile` upgrades Arc's agents and `privateLinkState` is their way to Azure), so those facts are
 * absent, and so are its node pools.
 */
export function describeArc({ cluster, properties }: ArcAnswer): ManagedCluster {
  const read = reader(cluster);
  const raw = reader(properties);
  return {
    distribution: "arc",
    name: read.text(["name"]) ?? "",
    ...present({
      region: regionOf(read.text(["location"])),
      version: read.text(["kubernetesVersion"]),
      status: read.text(["connectivityStatus"]) ?? read.text(["provisioningState"]),
      createdAt: read.time(["systemData", "createdAt"]),
    }),
    api: {},
    identity: present({
      // Without Azure RBAC people may come with Entra ID all the same, or by a way of the cluster's own: that is not said here.
      cloudDirectory: raw.flag(["aadProfile", "enableAzureRBAC"]) || undefined,
      workloadIdentity: workloadIdentity(raw),
    }),
    network: {},
    logging: {},
    encryption: {},
    upgrade: {},
    security: {},
  };
}
