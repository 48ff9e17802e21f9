import { list, record, text, texts } from "./json";
import type { KubernetesObject } from "./schema";
import { isAbsentOrList, isAbsentOrMap, selects } from "./selector";

/** One rule of a role, as the API serves it. */
export interface Rule {
  apiGroups?: string[];
  resources?: string[];
  verbs?: string[];
  resourceNames?: string[];
  nonResourceURLs?: string[];
}
const FIELDS = ["apiGroups", "resources", "verbs", "resourceNames", "nonResourceURLs"] as const;
/** The rules of a role as far as they can be read. */
export const rulesIn = (role: KubernetesObject): Rule[] =>
  list(role.rules).map((item) => {
    const raw = record(item);
    return Object.fromEntries(
      FIELDS.filter((field) => Array.isArray(raw[field])).map((field) => [field, texts(raw[field])]),
    );
  });

const isText = (value: unknown): boolean => typeof value === "string";
/** Whether every rule of a role can be read. One that can't would seem to grant nothing. */
export const isReadableRole = (role: KubernetesObject): boolean =>
  isAbsentOrMap(role.aggregationRule) &&
  isAbsentOrList(
    role.rules,
    (rule) => isAbsentOrMap(rule) && FIELDS.every((field) => isAbsentOrList(record(rule)[field], isText)),
  );

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

export const isHeldToNames = (rule: Rule): boolean => (rule.resourceNames?.length ?? 0) > 0;

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
