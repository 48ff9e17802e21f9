import { list, record, text } from "./json";
import { type Rule, reachOf, rulesIn } from "./rbac";
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

/**
 * Powers that the API server's own roles grant by name, without wildcards. Same source. `admin` and `edit` are what people are
 * bound to within their namespaces; bound over the whole cluster, the binding is what is judged.
 */
const OWN_POWERS: Readonly<Record<string, readonly string[]>> = {
  admin: ["secrets-read", "pods-create", "pods-exec", "tokens-create", "impersonate"],
  edit: ["secrets-read", "pods-create", "pods-exec", "tokens-create", "impersonate"],
  "system:aggregate-to-edit": ["secrets-read", "pods-create", "pods-exec", "tokens-create", "impersonate"],
  "system:node": ["secrets-read", "pods-create", "tokens-create"],
  "system:kubelet-api-admin": ["nodes-proxy"],
  "system:kube-controller-manager": ["secrets-read", "tokens-create"],
  "system:controller:clusterrole-aggregation-controller": ["escalate"],
  "system:controller:expand-controller": ["secrets-read"],
  "system:controller:persistent-volume-binder": ["secrets-read", "pods-create"],
  "system:controller:legacy-service-account-token-cleaner": ["secrets-read"],
};
/** The same for the roles of kube-system. */
const OWN_SYSTEM_ROLES: Readonly<Record<string, readonly string[]>> = {
  "system:controller:bootstrap-signer": ["secrets-read"],
  "system:controller:token-cleaner": ["secrets-read"],
};
const own = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

/** Bindings that a cluster creates for itself: name → the role, and the subjects that belong there. */
const OWN_BINDINGS: Readonly<Record<string, { role: string; subjects: readonly string[] }>> = {
  "cluster-admin": { role: "cluster-admin", subjects: ["Group system:masters"] },
  "kubeadm:cluster-admins": { role: "cluster-admin", subjects: ["Group kubeadm:cluster-admins"] },
  "aks-cluster-admin-binding": { role: "cluster-admin", subjects: ["User clusterAdmin"] },
  "eks:addon-cluster-admin": { role: "cluster-admin", subjects: ["User eks:addon-manager"] },
};

function isOwnRole(role: KubernetesObject): boolean {
  const { name } = role.metadata;
  const verbs = own(OWN_WILDCARDS, name);
  const isWild = (rule: Rule): boolean => [...(rule.resources ?? []), ...(rule.verbs ?? [])].includes("*");
  const rules = rulesIn(role);
  const powers = own(OWN_POWERS, name) ?? [];
  if (!reachOf(rules.filter((rule) => !isWild(rule))).every((power) => powers.includes(power))) return false;
  return rules.filter(isWild).every((rule) => {
    if (verbs !== undefined) return verbs.includes("*") || (rule.verbs ?? []).every((verb) => verbs.includes(verb));
    if (name === "system:controller:horizontal-pod-autoscaler")
      return (rule.apiGroups ?? []).every((group) => METRICS_GROUPS.has(group)) && !(rule.verbs ?? []).includes("*");
    if (name === "system:kubelet-api-admin")
      return (rule.resources ?? []).every((resource) => KUBELET_RESOURCES.test(resource));
    return false;
  });
}

function isOwnBinding(binding: KubernetesObject): boolean {
  const known = own(OWN_BINDINGS, binding.metadata.name);
  const { kind, name } = record(binding.roleRef);
  return (
    known !== undefined &&
    kind === "ClusterRole" &&
    name === known.role &&
    list(binding.subjects).every((subject) =>
      known.subjects.includes(`${text(record(subject).kind)} ${text(record(subject).name)}`),
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
        (own(OWN_WILDCARDS, object.metadata.name) !== undefined ||
          own(OWN_POWERS, object.metadata.name) !== undefined ||
          object.metadata.name === "system:controller:horizontal-pod-autoscaler") &&
        isOwnRole(object)
      );
    case "Role": {
      const powers =
        object.metadata.namespace === "kube-system" ? own(OWN_SYSTEM_ROLES, object.metadata.name) : undefined;
      return powers !== undefined && reachOf(rulesIn(object)).every((power) => powers.includes(power));
    }
    case "ClusterRoleBinding":
      return isOwnBinding(object);
    default:
      return false;
  }
}
