import { z } from "zod";
import { managedFacts } from "./managed";

export type { NodePool } from "./managed";

/** The words of the inventory. Safe in the browser: no import of the database or of Node. */
export const PROVIDERS = ["azure", "aws", "gcp", "self"] as const;
export type Provider = (typeof PROVIDERS)[number];

export const DISTRIBUTIONS = ["aks", "eks", "gke", "arc"] as const;
export type Distribution = (typeof DISTRIBUTIONS)[number];

/** Why something could not be read. `code` is for machines, `message` for people and says what to do next. */
export const gapCodes = [
  "denied",
  "unauthenticated",
  "not_found",
  "throttled",
  "timeout",
  "unreachable",
  "malformed",
  "truncated",
  "too_large",
  "unsupported",
  "server_error",
  "error",
] as const;
export type GapCode = (typeof gapCodes)[number];

export const gapSchema = z.object({
  code: z.enum(gapCodes),
  /** What was being read: a cloud operation (`eks:DescribeNodegroup`) or a kind (`rbac.authorization.k8s.io/roles`). */
  what: z.string().max(400),
  message: z.string().max(2000),
  /** The permission that would repair it, when one is known. */
  permission: z.string().max(400).optional(),
  /** What the server asked to wait before the next request, counted from then. */
  retryAfterMs: z.number().int().min(0).optional(),
});
export type Gap = z.infer<typeof gapSchema>;

/**
 * A managed cluster in one shape for all clouds. Every leaf is optional: **absent means the cloud's answer did not
 * hold it**, and a control that needs it says `not_evaluated`. Connectors never invent a default, except where the
 * cloud's own documented default for an omitted field is certain (then the connector says so in a comment).
 */
export const managedClusterSchema = z.object({
  distribution: z.enum(DISTRIBUTIONS),
  name: z.string(),
  region: z.string().optional(),
  version: z.string().optional(),
  status: z.string().optional(),
  createdAt: z.string().optional(),
  ...managedFacts,
});
export type ManagedCluster = z.infer<typeof managedClusterSchema>;

/** A Kubernetes object as its API serves it: raw JSON, never a client library's model. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    uid?: string;
    resourceVersion?: string;
    creationTimestamp?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    ownerReferences?: { apiVersion: string; kind: string; name: string; uid: string; controller?: boolean }[];
    [key: string]: unknown;
  };
  [key: string]: unknown;
}

/** A kind the inventory lists. `path` is the collection path of the API; `optional` kinds may be absent from a cluster (404 is then no gap). */
export interface ListedKind {
  kind: string;
  apiGroup: string;
  apiVersion: string;
  resource: string;
  path: string;
  namespaced: boolean;
  optional?: boolean;
}

/** The group of an API version: `apps` of `apps/v1`, empty for `v1`. */
export const groupOf = (apiVersion: string): string => apiVersion.slice(0, Math.max(0, apiVersion.indexOf("/")));

const listed = (
  apiVersion: string,
  kind: string,
  resource: string,
  namespaced: boolean,
  optional = false,
): ListedKind => {
  const apiGroup = groupOf(apiVersion);
  return {
    kind,
    apiGroup,
    apiVersion,
    resource,
    namespaced,
    path: `${apiGroup === "" ? "/api/" : "/apis/"}${apiVersion}/${resource}`,
    ...(optional ? { optional } : {}),
  };
};

/** Everything that every scan lists. No Secrets, no ConfigMaps: their values are none of our business. */
export const LISTED_KINDS: readonly ListedKind[] = [
  listed("v1", "Namespace", "namespaces", false),
  listed("v1", "Node", "nodes", false),
  listed("v1", "Pod", "pods", true),
  listed("v1", "Service", "services", true),
  listed("v1", "ServiceAccount", "serviceaccounts", true),
  listed("v1", "ResourceQuota", "resourcequotas", true),
  listed("v1", "LimitRange", "limitranges", true),
  listed("v1", "ReplicationController", "replicationcontrollers", true),
  listed("apps/v1", "Deployment", "deployments", true),
  listed("apps/v1", "DaemonSet", "daemonsets", true),
  listed("apps/v1", "StatefulSet", "statefulsets", true),
  listed("apps/v1", "ReplicaSet", "replicasets", true),
  listed("batch/v1", "Job", "jobs", true),
  listed("batch/v1", "CronJob", "cronjobs", true),
  listed("policy/v1", "PodDisruptionBudget", "poddisruptionbudgets", true),
  listed("networking.k8s.io/v1", "Ingress", "ingresses", true),
  listed("networking.k8s.io/v1", "NetworkPolicy", "networkpolicies", true),
  listed("rbac.authorization.k8s.io/v1", "Role", "roles", true),
  listed("rbac.authorization.k8s.io/v1", "RoleBinding", "rolebindings", true),
  listed("rbac.authorization.k8s.io/v1", "ClusterRole", "clusterroles", false),
  listed("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "clusterrolebindings", false),
  listed("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", "validatingwebhookconfigurations", false),
  listed("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", "mutatingwebhookconfigurations", false),
  listed("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy", "validatingadmissionpolicies", false, true),
  listed(
    "admissionregistration.k8s.io/v1",
    "ValidatingAdmissionPolicyBinding",
    "validatingadmissionpolicybindings",
    false,
    true,
  ),
];

/** Listed only by a right of its own, and never kept with its values: docs/decisions/0016-config-maps.md. */
export const CONFIG_MAPS: ListedKind = listed("v1", "ConfigMap", "configmaps", true);

/** Kinds that carry a pod specification; the topmost owner among them is a workload. */
export const WORKLOAD_KINDS = [
  "Deployment",
  "DaemonSet",
  "StatefulSet",
  "ReplicaSet",
  "ReplicationController",
  "Job",
  "CronJob",
  "Pod",
] as const;

/** Identifies a resource within a cluster over time: not the UID, so a redeploy keeps history. */
export interface ResourceKey {
  apiGroup: string;
  kind: string;
  namespace: string;
  name: string;
}
export const resourceKeyText = (key: ResourceKey): string => `${key.apiGroup}/${key.kind}/${key.namespace}/${key.name}`;

export type ScanStatus = "queued" | "running" | "complete" | "partial" | "failed";
