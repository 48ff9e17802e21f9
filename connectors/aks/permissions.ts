import type { Permission } from "@/connectors/connector";

export const LIST_CLUSTERS = "Microsoft.ContainerService/managedClusters/read";
export const LIST_POOLS = "Microsoft.ContainerService/managedClusters/agentPools/read";
export const LIST_MAINTENANCE = "Microsoft.ContainerService/managedClusters/maintenanceConfigurations/read";
export const USER_CREDENTIAL = "Microsoft.ContainerService/managedClusters/listClusterUserCredential/action";
export const DIAGNOSTICS = "Microsoft.Insights/diagnosticSettings/read";

/** All ARM actions that the AKS connector uses, for a custom role on the subscription. */
export const permissions: readonly Permission[] = [
  {
    action: LIST_CLUSTERS,
    reason: "Lists the subscription's AKS clusters and reads how their control planes are set up.",
  },
  { action: LIST_POOLS, reason: "Reads the node pools: machine type, versions, public addresses, disk encryption." },
  {
    action: USER_CREDENTIAL,
    reason:
      "An action, not a read: it hands out a cluster's user kubeconfig, and changes nothing. Seawall takes address and CA from it and signs in as itself; the token that a cluster without Entra ID puts there is used for that cluster alone. The admin credential is never asked for.",
    handsOut: true,
  },
  {
    action: LIST_MAINTENANCE,
    reason: "Tells whether upgrades keep to hours that you chose. Without it that control is not evaluated.",
    optional: true,
  },
  {
    action: DIAGNOSTICS,
    reason: "Tells whether audit and API server logs are kept. Without it the logging controls are not evaluated.",
    optional: true,
  },
];
