/** One resource type of the simulated API. `granted`: the reader's role may get, list and watch it. */
export interface ServedKind {
  kind: string;
  group: string;
  version: string;
  resource: string;
  namespaced: boolean;
  granted: boolean;
}

const served = (
  apiVersion: string,
  kind: string,
  resource: string,
  namespaced: boolean,
  granted = true,
): ServedKind => {
  const slash = apiVersion.indexOf("/");
  return {
    kind,
    resource,
    namespaced,
    granted,
    group: slash < 0 ? "" : apiVersion.slice(0, slash),
    version: apiVersion.slice(slash + 1),
  };
};

/** What a scan lists, then what exists and is never granted. */
export const SERVED_KINDS: readonly ServedKind[] = [
  served("v1", "Namespace", "namespaces", false),
  served("v1", "Node", "nodes", false),
  served("v1", "Pod", "pods", true),
  served("v1", "Service", "services", true),
  served("v1", "ServiceAccount", "serviceaccounts", true),
  served("v1", "ResourceQuota", "resourcequotas", true),
  served("v1", "LimitRange", "limitranges", true),
  served("v1", "ReplicationController", "replicationcontrollers", true),
  served("apps/v1", "Deployment", "deployments", true),
  served("apps/v1", "DaemonSet", "daemonsets", true),
  served("apps/v1", "StatefulSet", "statefulsets", true),
  served("apps/v1", "ReplicaSet", "replicasets", true),
  served("batch/v1", "Job", "jobs", true),
  served("batch/v1", "CronJob", "cronjobs", true),
  served("policy/v1", "PodDisruptionBudget", "poddisruptionbudgets", true),
  served("networking.k8s.io/v1", "Ingress", "ingresses", true),
  served("networking.k8s.io/v1", "NetworkPolicy", "networkpolicies", true),
  served("rbac.authorization.k8s.io/v1", "Role", "roles", true),
  served("rbac.authorization.k8s.io/v1", "RoleBinding", "rolebindings", true),
  served("rbac.authorization.k8s.io/v1", "ClusterRole", "clusterroles", false),
  served("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "clusterrolebindings", false),
  served("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", "validatingwebhookconfigurations", false),
  served("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", "mutatingwebhookconfigurations", false),
  served("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy", "validatingadmissionpolicies", false),
  served(
    "admissionregistration.k8s.io/v1",
    "ValidatingAdmissionPolicyBinding",
    "validatingadmissionpolicybindings",
    false,
  ),
  served("v1", "Secret", "secrets", true, false),
  served("v1", "ConfigMap", "configmaps", true, false),
  served("v1", "Event", "events", true, false),
  served("v1", "PersistentVolume", "persistentvolumes", false, false),
  served("v1", "PersistentVolumeClaim", "persistentvolumeclaims", true, false),
];

export const apiVersionOf = (kind: ServedKind): string =>
  kind.group === "" ? kind.version : `${kind.group}/${kind.version}`;
