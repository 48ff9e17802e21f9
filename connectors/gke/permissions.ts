import type { Permission } from "../connector";

const read = (resource: string, what: string): Permission => ({
  action: `container.${resource}.list`,
  reason: `Lists ${what} through the Kubernetes API. Not needed where an RBAC ClusterRole grants the same to the service account.`,
  optional: true,
});

/** The least a GCP project must grant. The first three are the calls to Google; the rest is what a scan lists inside a cluster. */
export const permissions: readonly Permission[] = [
  {
    action: "iam.serviceAccounts.getAccessToken",
    reason:
      "An action, not a read: it hands out a token of this service account for an hour at a time, and changes nothing. Seawall's federated identity signs in by it (roles/iam.workloadIdentityUser on that account), so that no key is stored.",
    handsOut: true,
  },
  {
    action: "container.clusters.list",
    reason: "Finds the project's clusters and reads their settings and node pools.",
  },
  {
    action: "container.clusters.get",
    reason: "Reads a cluster's address and certificate authority, and lets the service account sign in to its API.",
  },
  {
    action: "container.namespaces.get",
    reason: "Reads the UID of kube-system, which identifies the cluster. Not needed where RBAC grants it.",
    optional: true,
  },
  read("namespaces", "namespaces"),
  read("nodes", "nodes with their versions and machine types"),
  read("pods", "pods with their images and security settings"),
  read("services", "services, to find what is exposed"),
  read("serviceAccounts", "service accounts, to judge what workloads may do"),
  read("resourceQuotas", "quotas, to find namespaces without one"),
  read("limitRanges", "default limits, to find namespaces without them"),
  read("replicationControllers", "replication controllers"),
  read("deployments", "deployments"),
  read("daemonSets", "daemon sets"),
  read("statefulSets", "stateful sets"),
  read("replicaSets", "replica sets, to find a pod's owner"),
  read("jobs", "jobs"),
  read("cronJobs", "cron jobs"),
  read("podDisruptionBudgets", "disruption budgets, to find workloads that a drained node takes down"),
  read("ingresses", "ingresses, to find what is exposed"),
  read("networkPolicies", "network policies"),
  read("roles", "roles"),
  read("roleBindings", "role bindings"),
  read("clusterRoles", "cluster roles"),
  read("clusterRoleBindings", "cluster role bindings"),
  read("validatingWebhookConfigurations", "validating admission webhooks"),
  read("mutatingWebhookConfigurations", "mutating admission webhooks"),
];

/** Resources that a scan lists and Google's IAM has no permission for: only RBAC grants them. GKE allows what either of the two does. */
export const WITHOUT_PERMISSION: readonly string[] = [
  "validatingadmissionpolicies",
  "validatingadmissionpolicybindings",
];
