import { Choice } from "./choice";
import { list, record, text, texts } from "./json";
import { onceFor } from "./once";
import type { KubernetesObject } from "./schema";
import { isAbsentOrList, isAbsentOrMap, isSelector } from "./selector";

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
const isReadableAggregation = ({ aggregationRule }: KubernetesObject): boolean =>
  isAbsentOrMap(aggregationRule) && isAbsentOrList(record(aggregationRule).clusterRoleSelectors, isSelector);
/** Whether every rule of a role can be read, and whom it selects. One that can't would seem to grant nothing, or everything. */
export const isReadableRole = (role: KubernetesObject): boolean =>
  isReadableAggregation(role) &&
  isAbsentOrList(
    role.rules,
    (rule) => isAbsentOrMap(rule) && FIELDS.every((field) => isAbsentOrList(record(rule)[field], isText)),
  );

/** Whether Kubernetes writes the rules of a role: those of the roles that its labels select, instead of any that it was given. */
export const isAggregated = ({ aggregationRule }: KubernetesObject | Readonly<Record<string, unknown>>): boolean =>
  aggregationRule !== undefined && aggregationRule !== null;

/** A cluster has some ten that are aggregated; of thousands which all select each other nobody could tell in time what they grant. */
const MAX_AGGREGATED = 100;
/** Roles that are selected, and rules of all roles, times those that are aggregated: what it may take to walk them all. */
const MAX_WALKED = 5_000_000;

type Roles = readonly KubernetesObject[];

/** Who selects whom in a list of ClusterRoles. */
const aggregationOf = onceFor((roles: Roles) => {
  const growing = roles.filter(isAggregated);
  const told = growing.filter(isReadableAggregation);
  const asked = told.flatMap((role) =>
    list(record(role.aggregationRule).clusterRoleSelectors).map((selector) => ({ role, selector })),
  );
  const choice = new Choice(asked, ({ selector }) => selector);
  /** How many others select a role, by their names: files may give one twice. Undefined: nobody knows. */
  const aggregators = new Map<KubernetesObject, number | undefined>();
  const selected = new Map<KubernetesObject, KubernetesObject[]>();
  let beyond = growing.length > MAX_AGGREGATED;
  let walked = 0;
  for (const role of roles) {
    const found = choice.of(role.metadata.labels)?.filter((one) => one.role !== role);
    const by = new Set(found?.map((one) => one.role));
    const others = new Set(found?.map((one) => one.role.metadata.name));
    others.delete(role.metadata.name);
    // One that can't be read may select it too.
    aggregators.set(role, others.size === 0 && told.length < growing.length ? undefined : found && others.size);
    walked += by.size + list(role.rules).length;
    beyond ||= found === undefined || walked * growing.length > MAX_WALKED;
    // What nobody is told need not be kept.
    if (beyond) continue;
    for (const one of by)
      selected
        .set(one, selected.get(one) ?? [])
        .get(one)
        ?.push(role);
  }
  const read = onceFor((role: KubernetesObject) =>
    isReadableRole(role) ? rulesIn(role).map((rule) => [JSON.stringify(rule), rule] as const) : undefined,
  );
  return { beyond, aggregators, selected, read };
});

/** Whether so many of these roles are aggregated, or by so many selectors, that what they grant is not worked out. */
export const aggregateBeyondBounds = (clusterRoles: Roles): boolean => aggregationOf(clusterRoles).beyond;

/** How many other roles aggregate one of these roles; undefined when too many selectors would have to be asked, or one can't be read. */
export const aggregatorsOf = (role: KubernetesObject, clusterRoles: Roles): number | undefined =>
  aggregationOf(clusterRoles).aggregators.get(role);

/**
 * Rules of a ClusterRole with those of the roles that it aggregates, directly or through others; undefined when one of them can't be
 * read. Each role is looked at once.
 */
export function aggregatedRules(role: KubernetesObject, clusterRoles: Roles): Rule[] | undefined {
  const { selected, read } = aggregationOf(clusterRoles);
  const rules = new Map<string, Rule>();
  const reached = new Set([role]);
  // What is added while it is walked is walked too.
  for (const one of reached) {
    const own = read(one);
    if (own === undefined) return undefined;
    for (const [said, rule] of own) rules.set(said, rule);
    for (const other of selected.get(one) ?? []) if (other.metadata.name !== role.metadata.name) reached.add(other);
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
