import type { Rule } from "@/domain/inventory/rbac";
import type { KubernetesObject } from "@/domain/inventory/schema";

const READ = ["get", "list", "watch"];
const WRITE = ["create", "delete", "deletecollection", "patch", "update"];
const allow = (apiGroup: string, resources: string[], verbs: string[]): Rule => ({
  apiGroups: [apiGroup],
  resources,
  verbs,
});
const edits: readonly Rule[] = [
  allow("", ["secrets", "pods/attach", "pods/proxy", "services/proxy"], READ),
  allow("", ["pods", "pods/attach", "pods/exec", "pods/portforward", "pods/proxy"], WRITE),
  allow("", ["configmaps", "events", "secrets", "serviceaccounts", "services", "services/proxy"], WRITE),
  allow("", ["persistentvolumeclaims", "replicationcontrollers"], WRITE),
  allow("", ["serviceaccounts"], ["impersonate"]),
  allow("", ["serviceaccounts/token"], ["create"]),
  allow("apps", ["daemonsets", "deployments", "replicasets", "statefulsets"], WRITE),
  allow("batch", ["cronjobs", "jobs"], WRITE),
  allow("networking.k8s.io", ["ingresses", "networkpolicies"], WRITE),
];
const administers: readonly Rule[] = [
  ...edits,
  allow("rbac.authorization.k8s.io", ["roles", "rolebindings"], [...READ, ...WRITE]),
];

function clusterRole(name: string, rules: readonly Rule[]): KubernetesObject {
  // Whoever labels a role adds its rules to these: what they hold at least is known, never all.
  const grows = name === "cluster-admin" ? {} : { aggregationRule: { clusterRoleSelectors: [] } };
  return { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name }, rules, ...grows };
}

/**
 * The ClusterRoles for people that every API server makes, and gives their rules back when it starts: what leads further than it
 * looks, of the policy that Kubernetes 1.22 and newer begin with. Files that bind to them seldom hold them.
 * https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles
 */
export const DEFAULT_ROLES: readonly KubernetesObject[] = [
  clusterRole("cluster-admin", [
    { apiGroups: ["*"], resources: ["*"], verbs: ["*"] },
    { nonResourceURLs: ["*"], verbs: ["*"] },
  ]),
  clusterRole("admin", administers),
  clusterRole("edit", edits),
  clusterRole("view", [allow("", ["configmaps", "pods", "services"], READ)]),
];
