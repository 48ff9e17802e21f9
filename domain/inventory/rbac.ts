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
export const REACHES = [
  "cluster-admin",
  "wildcard",
  "secrets-read",
  "pods-create",
  "pods-exec",
  "nodes-proxy",
  "tokens-create",
  "escalate",
  "impersonate",
] as const;
/** Powers of which any one over the whole cluster is enough to take all of it, by a step or two. */
export const TAKEOVERS: ReadonlySet<string> = new Set(REACHES.filter((reach) => reach !== "pods-create"));

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

const RBAC = "rbac.authorization.k8s.io";
const has = (values: string[] | undefined, ...wanted: string[]) =>
  values?.some((value) => value === "*" || wanted.includes(value)) ?? false;

/** Whether a rule allows any of `verbs` on any of `resources` of the API group, whatever names it is held to. */
function allowsSome(rule: Rule, group: string, resources: string[], verbs: string[]): boolean {
  if (!has(rule.apiGroups, group) || !has(rule.verbs, ...verbs)) return false;
  return resources.some((resource) => {
    const sub = resource.split("/")[1];
    return has(rule.resources, resource, ...(sub === undefined ? [] : [`*/${sub}`]));
  });
}
const isHeldToNames = (rule: Rule): boolean => (rule.resourceNames?.length ?? 0) > 0;
/** Roles and groups of which a single one is as good as all. */
const MIGHTY = /^(cluster-admin|admin|edit|system:masters)$/;
const EXEC = ["pods/exec", "pods/attach", "pods/ephemeralcontainers"];

/** What somebody with these rules everywhere may reach, in the order of REACHES. */
export function reachOf(rules: readonly Rule[]): string[] {
  const any = (group: string, resources: string[], verbs: string[]) =>
    rules.some((rule) => !isHeldToNames(rule) && allowsSome(rule, group, resources, verbs));
  const mighty = (group: string, resources: string[], verbs: string[]) =>
    rules.some(
      (rule) =>
        allowsSome(rule, group, resources, verbs) &&
        (!isHeldToNames(rule) || rule.resourceNames?.some((name) => MIGHTY.test(name))),
    );
  const everything = rules.some(
    (rule) =>
      [rule.apiGroups, rule.resources, rule.verbs].every((values) => values?.includes("*")) && !isHeldToNames(rule),
  );
  const found: Record<(typeof REACHES)[number], boolean> = {
    "cluster-admin":
      everything && rules.some((rule) => rule.nonResourceURLs?.includes("*") && rule.verbs?.includes("*")),
    wildcard: everything,
    "secrets-read": any("", ["secrets"], ["get", "list", "watch"]),
    "pods-create": any("", ["pods"], ["create"]),
    "pods-exec": any("", EXEC, ["create", "get", "patch", "update"]),
    "nodes-proxy": any("", ["nodes/proxy"], ["get", "create"]),
    "tokens-create": any("", ["serviceaccounts/token"], ["create"]),
    escalate: mighty(RBAC, ["roles", "clusterroles"], ["escalate", "bind"]),
    impersonate: mighty("", ["users", "groups", "serviceaccounts"], ["impersonate"]),
  };
  return REACHES.filter((reach) => found[reach]);
}

const WRITES = ["create", "update", "patch", "delete", "deletecollection"];
/** Groups whose objects only answer a question; everyone who signed in may create them. */
const QUESTIONS: ReadonlySet<string> = new Set(["authorization.k8s.io", "authentication.k8s.io"]);

/** `reachOf`, and `writes` when the rules change anything at all. */
export function grantsOf(rules: readonly Rule[]): string[] {
  const writes = rules.some(
    (rule) =>
      has(rule.verbs, ...WRITES) &&
      (rule.resources?.length ?? 0) > 0 &&
      !(rule.apiGroups ?? []).every((group) => QUESTIONS.has(group)),
  );
  return [...reachOf(rules), ...(writes ? ["writes"] : [])];
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
