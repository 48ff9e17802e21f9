import { rulesInAll } from "@/domain/inventory/power";
import { isAggregated, isReadableRole, type Rule, rulesIn } from "@/domain/inventory/rbac";
import type { KubernetesObject } from "@/domain/inventory/schema";

/** Stands for a role that files give more than once, and differently: with the rules that all of them hold, and with those of any. */
interface StandIns {
  least: KubernetesObject;
  most: KubernetesObject;
}
/** What rules may hold that are held against each other in one run; beyond that no single rule is known to be in all roles of a name. */
const MAX_HELD = 100_000_000;
/** What a rule, or a value of it, costs beside its letters. */
const [RULE_COST, VALUE_COST] = [40, 10];

/** Roles of one kind, namespace and name that disagree, as those of two environments do: which of them a cluster has, files don't tell. */
export function disputedRoles(objects: readonly KubernetesObject[]): ReadonlyMap<KubernetesObject, StandIns> {
  const named = new Map<string, KubernetesObject[]>();
  for (const object of objects) {
    const { kind, metadata } = object;
    if (kind !== "ClusterRole" && kind !== "Role") continue;
    const key = `${kind}/${kind === "Role" ? (metadata.namespace ?? "") : ""}/${metadata.name}`;
    const same = named.get(key);
    if (same === undefined) named.set(key, [object]);
    else same.push(object);
  }
  const found = new Map<KubernetesObject, StandIns>();
  const budget = { left: MAX_HELD };
  for (const roles of named.values())
    if (roles.length > 1 && new Set(roles.map(contentOf)).size > 1)
      for (const [role, standIns] of standingIn(roles, budget)) found.set(role, standIns);
  return found;
}

/** What a role gives, and the labels by which others take it in; of one that grows by labels its own rules are overwritten. */
function contentOf(role: KubernetesObject): string {
  if (!isReadableRole(role)) return JSON.stringify(role);
  const labels = Object.entries(role.kind === "ClusterRole" ? (role.metadata.labels ?? {}) : {}).sort();
  return JSON.stringify([labels, isAggregated(role) ? role.aggregationRule : saidIn(rulesIn(role))]);
}

/** What a list of rules says, in whichever order, and however often. */
const saidIn = (rules: readonly Rule[]): string =>
  JSON.stringify([...new Set(rules.map((rule) => JSON.stringify(rule)))].sort());

function standingIn(roles: readonly KubernetesObject[], budget: Budget): [KubernetesObject, StandIns][] {
  // With one that can't be read nothing is known of the name.
  const unread = roles.find((role) => !isReadableRole(role));
  if (unread !== undefined) return roles.map((role) => [role, { least: unread, most: unread }]);
  const labels = inAll(roles.map(({ metadata }) => metadata.labels ?? {}));
  // Of a name that one of them lets grow nothing is told as certain (certainFacts), whatever the others hold.
  const grows = roles.some(isAggregated);
  // Roles that differ in labels alone give the same.
  const rules = [...new Map(roles.map(rulesIn).map((each) => [saidIn(each), each])).values()];
  const ways = (["cluster", "namespace"] as const).flatMap((where) => rulesInAll(rules, where));
  const [held, any] = [grows ? [] : [...rulesInEach(rules, budget), ...ways], rules.flat()];
  return roles.map((role) => {
    const { aggregationRule: _grown, ...plain } = role;
    const least = { ...plain, metadata: { ...role.metadata, labels }, rules: held };
    return [role, { least, most: grows ? role : { ...role, rules: any } }];
  });
}

/** Labels by which each of the roles is selected. */
function inAll([first = {}, ...others]: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(first).filter(([label, value]) => others.every((labels) => labels[label] === value)),
  );
}

/** What is left of MAX_HELD. */
interface Budget {
  left: number;
}
const FIELDS = ["apiGroups", "resources", "verbs", "nonResourceURLs", "resourceNames"] as const;
/** A rule whose values are told apart once: it is held against many others. */
type Sorted = Readonly<Record<(typeof FIELDS)[number], ReadonlySet<string>>>;

/** Rules that allow what each of the lists allows, and no more. */
function rulesInEach([first = [], ...others]: readonly Rule[][], budget: Budget): Rule[] {
  let held = first;
  for (const rules of others) {
    const cost = held.length * costOf(rules) + rules.length * costOf(held);
    if (cost > budget.left) return [];
    budget.left -= cost;
    held = rulesInBoth(held.map(sorted), rules.map(sorted));
  }
  return held;
}

/** What it takes to walk these rules once. */
function costOf(rules: readonly Rule[]): number {
  let cost = 0;
  for (const rule of rules) {
    cost += RULE_COST;
    for (const field of FIELDS) for (const value of rule[field] ?? []) cost += VALUE_COST + value.length;
  }
  return cost;
}

const sorted = (rule: Rule): Sorted => ({
  apiGroups: new Set(rule.apiGroups),
  resources: new Set(rule.resources),
  verbs: new Set(rule.verbs),
  nonResourceURLs: new Set(rule.nonResourceURLs),
  resourceNames: new Set(rule.resourceNames),
});

/** Equal ones are dropped as they are made: of two long lists most are. */
function rulesInBoth(some: readonly Sorted[], others: readonly Sorted[]): Rule[] {
  const found = new Map<string, Rule>();
  for (const one of some)
    for (const other of others) {
      const rule = ruleInBoth(one, other);
      if (rule !== null) found.set(JSON.stringify(rule), rule);
    }
  return [...found.values()];
}

function ruleInBoth(one: Sorted, other: Sorted): Rule | null {
  const verbs = common(one.verbs, other.verbs);
  const resourceNames = verbs.length === 0 ? null : namesInBoth(one.resourceNames, other.resourceNames);
  if (resourceNames === null) return null;
  const nonResourceURLs = common(one.nonResourceURLs, other.nonResourceURLs);
  const apiGroups = common(one.apiGroups, other.apiGroups);
  const resources = common(one.resources, other.resources);
  const opens = nonResourceURLs.length > 0 || (apiGroups.length > 0 && resources.length > 0);
  return opens ? { apiGroups, resources, verbs, nonResourceURLs, resourceNames } : null;
}

function common(some: ReadonlySet<string>, others: ReadonlySet<string>): string[] {
  if (some.has("*")) return [...others];
  if (others.has("*")) return [...some];
  return [...some].filter((value) => others.has(value));
}

/** The names that both are held to; a rule without names is for all. Null: they share none. */
function namesInBoth(some: ReadonlySet<string>, others: ReadonlySet<string>): string[] | null {
  if (some.size === 0 || others.size === 0) return [...some, ...others];
  const shared = [...some].filter((name) => others.has(name));
  return shared.length > 0 ? shared : null;
}
