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

/** Whether Kubernetes writes the rules of a role: those of the roles that its labels select, instead of any that it was given. */
export const isAggregated = ({ aggregationRule }: KubernetesObject | Readonly<Record<string, unknown>>): boolean =>
  aggregationRule !== undefined && aggregationRule !== null;

/** A cluster has some ten that are aggregated; of thousands which all select each other nobody could tell in time what they grant. */
const MAX_AGGREGATED = 100;
/** Whether so many of these roles are aggregated that what they grant is not worked out. */
export const aggregateBeyondBounds = (clusterRoles: readonly KubernetesObject[]): boolean =>
  clusterRoles.filter(isAggregated).length > MAX_AGGREGATED;

/** Rules of a ClusterRole with those of the roles that it aggregates, directly or through others. Each role is looked at once. */
export function aggregatedRules(role: KubernetesObject, clusterRoles: readonly KubernetesObject[]): Rule[] {
  const rules = new Map<string, Rule>();
  const reached = new Set([role]);
  // What is added while it is walked is walked too.
  for (const one of reached) {
    for (const rule of rulesIn(one)) rules.set(JSON.stringify(rule), rule);
    for (const selector of list(record(one.aggregationRule).clusterRoleSelectors)) {
      for (const other of clusterRoles)
        if (other.metadata.name !== role.metadata.name && selects(selector, other.metadata.labels)) reached.add(other);
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
