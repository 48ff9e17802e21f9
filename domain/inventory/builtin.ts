import { list, record, text } from "./json";
import { rulesIn } from "./rbac";
import type { KubernetesObject } from "./schema";

const SYSTEM_NAMESPACES = new Set(["kube-system", "kube-public", "kube-node-lease"]);

/**
 * Verbs that the API server's own roles grant on all resources (`resources: ["*"]`), as its bootstrap policy creates
 * them. `*` stands for every verb. Source: kubernetes/plugin/pkg/auth/authorizer/rbac/bootstrappolicy.
 */
const OWN_WILDCARDS: Readonly<Record<string, readonly string[]>> = {
  "cluster-admin": ["*"],
  "system:controller:generic-garbage-collector": ["get", "list", "watch", "patch", "update", "delete"],
  "system:controller:namespace-controller": ["get", "list", "delete", "deletecollection"],
  "system:controller:resourcequota-controller": ["list", "watch"],
  "system:kube-controller-manager": ["list", "watch"],
};
/** API groups of metrics, in which the autoscaler's own role may read everything. */
const METRICS_GROUPS = new Set(["custom.metrics.k8s.io", "external.metrics.k8s.io"]);
/** Resources on which the API server's own kubelet role may do everything. */
const KUBELET_RESOURCES = /^nodes\/[a-z]+$/;

/** Bindings that a cluster creates for itself: name → the role, and the subjects that belong there. */
const OWN_BINDINGS: Readonly<Record<string, { role: string; subjects: readonly string[] }>> = {
  "cluster-admin": { role: "cluster-admin", subjects: ["Group system:masters"] },
  "kubeadm:cluster-admins": { role: "cluster-admin", subjects: ["Group kubeadm:cluster-admins"] },
  "aks-cluster-admin-binding": { role: "cluster-admin", subjects: ["User clusterAdmin"] },
  "eks:addon-cluster-admin": { role: "cluster-admin", subjects: ["User eks:addon-manager"] },
};

function isOwnRole(role: KubernetesObject): boolean {
  const { name } = role.metadata;
  const verbs = OWN_WILDCARDS[name];
  return rulesIn(role).every((rule) => {
    const wild = [...(rule.resources ?? []), ...(rule.verbs ?? [])].includes("*");
    if (!wild) return true;
    if (verbs !== undefined) return verbs.includes("*") || (rule.verbs ?? []).every((verb) => verbs.includes(verb));
    if (name === "system:controller:horizontal-pod-autoscaler")
      return (rule.apiGroups ?? []).every((group) => METRICS_GROUPS.has(group)) && !(rule.verbs ?? []).includes("*");
    if (name === "system:kubelet-api-admin")
      return (rule.resources ?? []).every((resource) => KUBELET_RESOURCES.test(resource));
    return false;
  });
}

function isOwnBinding(binding: KubernetesObject): boolean {
  const own = Object.hasOwn(OWN_BINDINGS, binding.metadata.name) ? OWN_BINDINGS[binding.metadata.name] : undefined;
  const { kind, name } = record(binding.roleRef);
  return (
    own !== undefined &&
    kind === "ClusterRole" &&
    name === own.role &&
    list(binding.subjects).every((subject) =>
      own.subjects.includes(`${text(record(subject).kind)} ${text(record(subject).name)}`),
    )
  );
}

/**
 * Whether an object is Kubernetes' or the cloud's own: a known name that holds no more than what is known of it. Labels,
 * name prefixes and a place in kube-system prove nothing, since whoever may write the object may choose them.
 */
export function isBuiltIn(object: KubernetesObject): boolean {
  switch (object.kind) {
    case "Namespace":
      return SYSTEM_NAMESPACES.has(object.metadata.name);
    case "ClusterRole":
      return (
        (Object.hasOwn(OWN_WILDCARDS, object.metadata.name) ||
          ["system:controller:horizontal-pod-autoscaler", "system:kubelet-api-admin"].includes(object.metadata.name)) &&
        isOwnRole(object)
      );
    case "ClusterRoleBinding":
      return isOwnBinding(object);
    default:
      return false;
  }
}
