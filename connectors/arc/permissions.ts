import type { Permission } from "@/connectors/connector";

export const LIST_CONNECTED = "Microsoft.Kubernetes/connectedClusters/read";

/** All ARM actions that the Arc connector uses, for a custom role on the subscription. */
export const permissions: readonly Permission[] = [
  {
    action: LIST_CONNECTED,
    reason: "Lists the subscription's Arc-enabled clusters with their versions and connection state.",
  },
];
