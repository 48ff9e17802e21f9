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
  allow("rbac.authorization.k8s.io", ["roles", "rolebindings"], [...READ, ...WRITE]),
];

const role = (name: string, more: object, labels: Readonly<Record<string, string>> = {}): KubernetesObject => ({
  ...{ apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole" },
  ...{ metadata: { name, labels: { ...labels } }, ...more },
});
/** The label by which a role's rules become those of another. */
const joins = (name: string) => ({ [`rbac.authorization.k8s.io/aggregate-to-${name}`]: "true" });
/** A role that whoever labels another adds to: what it holds at least is known, never all. */
const grows = (name: string, labels = {}): KubernetesObject =>
  role(name, { aggregationRule: { clusterRoleSelectors: [{ matchLabels: joins(name) }] } }, labels);
const part = (of: string, rules: readonly Rule[]): KubernetesObject =>
  role(`system:aggregate-to-${of}`, { rules }, joins(of));

/**
 * The ClusterRoles for people that every API server makes, with the roles that three of them are made of, and gives their rules back when
 * it starts: what leads further than it looks, of the policy that Kubernetes 1.22 and newer begin with. Files that bind to them seldom hold them.
 * https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles
 */
export const DEFAULT_ROLES: readonly KubernetesObject[] = [
  role("cluster-admin", {
    rules: [
      { apiGroups: ["*"], resources: ["*"], verbs: ["*"] },
      { nonResourceURLs: ["*"], verbs: ["*"] },
    ],
  }),
  grows("admin"),
  grows("edit", joins("admin")),
  grows("view", joins("edit")),
  part("admin", administers),
  part("edit", edits),
  part("view", [allow("", ["configmaps", "pods", "services"], READ)]),
];
