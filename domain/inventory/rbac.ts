import { list, record, text, texts } from "./json";
import type { KubernetesObject } from "./schema";
import { selects } from "./selector";

/** One rule of a role, as the API serves it. */
export interface Rule {
  apiGroups?: string[];
  resources?: string[];
  verbs?: string[];
  resourceNames?: string[];
  nonResourceURLs?: string[];
}
export const REACHES = [
  "cluster-admin",
  "wildcard",
  "secrets-read",
  "pods-create",
  "pods-exec",
  "escalate",
  "impersonate",
] as const;

const FIELDS = ["apiGroups", "resources", "verbs", "resourceNames", "nonResourceURLs"] as const;
/** The rules of a role as far as they can be read. */
export const rulesIn = (role: KubernetesObject): Rule[] =>
  list(role.rules).map((item) => {
    const raw = record(item);
    return Object.fromEntries(
      FIELDS.filter((field) => Array.isArray(raw[field])).map((field) => [field, texts(raw[field])]),
    );
  });

/** Rules of a ClusterRole with those of the roles that it aggregates. */
export function aggregatedRules(
  role: KubernetesObject,
  clusterRoles: readonly KubernetesObject[],
  seen: ReadonlySet<string> = new Set(),
): Rule[] {
  const rules = new Map(rulesIn(role).map((rule) => [JSON.stringify(rule), rule]));
  const inner = new Set([...seen, role.metadata.name]);
  for (const selector of list(record(role.aggregationRule).clusterRoleSelectors)) {
    for (const other of clusterRoles) {
      if (inner.has(other.metadata.name) || !selects(selector, other.metadata.labels)) continue;
      for (const rule of aggregatedRules(other, clusterRoles, inner)) rules.set(JSON.stringify(rule), rule);
    }
  }
  return [...rules.values()];
}

const RBAC = "rbac.authorization.k8s.io";
const has = (values: string[] | undefined, ...wanted: string[]) =>
  values?.some((value) => value === "*" || wanted.includes(value)) ?? false;

/** Whether a rule without `resourceNames` allows any of `verbs` on any of `resources` of the API group. */
function allows(rule: Rule, group: string, resources: string[], verbs: string[]): boolean {
  if ((rule.resourceNames?.length ?? 0) > 0 || !has(rule.apiGroups, group) || !has(rule.verbs, ...verbs)) return false;
  return resources.some((resource) => {
    const sub = resource.split("/")[1];
    return has(rule.resources, resource, ...(sub === undefined ? [] : [`*/${sub}`]));
  });
}

/** What somebody with these rules everywhere may reach, in the order of REACHES. */
export function reachOf(rules: readonly Rule[]): string[] {
  const any = (group: string, resources: string[], verbs: string[]) =>
    rules.some((rule) => allows(rule, group, resources, verbs));
  const everything = rules.some(
    (rule) =>
      [rule.apiGroups, rule.resources, rule.verbs].every((values) => values?.includes("*")) &&
      (rule.resourceNames?.length ?? 0) === 0,
  );
  const found: Record<(typeof REACHES)[number], boolean> = {
    "cluster-admin":
      everything && rules.some((rule) => rule.nonResourceURLs?.includes("*") && rule.verbs?.includes("*")),
    wildcard: everything,
    "secrets-read": any("", ["secrets"], ["get", "list", "watch"]),
    "pods-create": any("", ["pods"], ["create"]),
    "pods-exec": any("", ["pods/exec"], ["create", "get"]),
    escalate: any(RBAC, ["roles", "clusterroles"], ["escalate", "bind"]),
    impersonate: any("", ["users", "groups", "serviceaccounts"], ["impersonate"]),
  };
  return REACHES.filter((reach) => found[reach]);
}

/** The service accounts that one binding subject means: `namespace/name`, `namespace/*` or `*`; null when it means none. */
export function serviceAccountsOf(subject: unknown, bindingNamespace: string): string | null {
  const { kind, name, namespace } = record(subject);
  if (kind === "ServiceAccount") return `${text(namespace) || bindingNamespace}/${text(name)}`;
  if (kind === "User") {
    const [, account] = /^system:serviceaccount:([^:]+:[^:]+)$/.exec(text(name)) ?? [];
    return account?.replace(":", "/") ?? null;
  }
  if (kind !== "Group") return null;
  if (["system:serviceaccounts", "system:authenticated"].includes(text(name))) return "*";
  const [, inNamespace] = /^system:serviceaccounts:([^:]+)$/.exec(text(name)) ?? [];
  return inNamespace === undefined ? null : `${inNamespace}/*`;
}
