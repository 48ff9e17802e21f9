import type { Permission } from "@/connectors/connector";

export const LIST_CONNECTED = "Microsoft.Kubernetes/connectedClusters/read";
export const LIST_EXTENSIONS = "Microsoft.KubernetesConfiguration/extensions/read";

/** All ARM actions that the Arc connector uses, for a custom role on the subscription. */
export const permissions: readonly Permission[] = [
  {
    action: LIST_CONNECTED,
    reason: "Lists the subscription's Arc-enabled clusters with their versions, agents and connection state.",
  },
  {
    action: LIST_EXTENSIONS,
    reason:
      "Tells which extensions each cluster runs: Azure Policy, Defender, Flux. Without it the controls on policies and threat detection are not evaluated.",
    optional: true,
  },
];
