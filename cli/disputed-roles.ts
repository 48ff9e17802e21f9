import { rulesInAll } from "@/domain/inventory/power";
import { isAggregated, isReadableRole, type Rule, rulesIn } from "@/domain/inventory/rbac";
import type { KubernetesObject } from "@/domain/inventory/schema";

/** Stands for a role that files give more than once, and differently: with the rules that all of them hold, and with those of any. */
interface StandIns {
  least: KubernetesObject;
  most: KubernetesObject;
}
/** So many rules of one name's roles are held against each other; beyond that no single rule is known to be in all of them. */
const MAX_PAIRS = 200_000;

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
  for (const roles of named.values())
    if (roles.length > 1 && new Set(roles.map(contentOf)).size > 1)
      for (const [role, standIns] of standingIn(roles)) found.set(role, standIns);
  return found;
}

/** What a role gives; of one that grows by labels its own rules are overwritten. */
function contentOf(role: KubernetesObject): string {
  if (!isReadableRole(role)) return JSON.stringify(role);
  if (isAggregated(role)) return JSON.stringify(role.aggregationRule);
  return JSON.stringify([...new Set(rulesIn(role).map((rule) => JSON.stringify(rule)))].sort());
}

function standingIn(roles: readonly KubernetesObject[]): [KubernetesObject, StandIns][] {
  // With one that can't be read nothing is known of the name.
  const unread = roles.find((role) => !isReadableRole(role));
  if (unread !== undefined) return roles.map((role) => [role, { least: unread, most: unread }]);
  const labels = inAll(roles.map(({ metadata }) => metadata.labels ?? {}));
  const grows = roles.some(isAggregated);
  const rules = roles.map(rulesIn);
  const ways = (["cluster", "namespace"] as const).flatMap((where) => rulesInAll(rules, where));
  const [held, any] = [grows ? [] : [...rulesInEach(rules), ...ways], rules.flat()];
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

/** Rules that allow what each of the lists allows, and no more. */
function rulesInEach([first = [], ...others]: readonly Rule[][]): Rule[] {
  let held = first;
  let pairs = 0;
  for (const rules of others) {
    pairs += held.length * rules.length;
    if (pairs > MAX_PAIRS) return [];
    const found = held.flatMap((one) => rules.flatMap((other) => ruleInBoth(one, other)));
    held = [...new Map(found.map((rule) => [JSON.stringify(rule), rule])).values()];
  }
  return held;
}

function ruleInBoth(one: Rule, other: Rule): Rule[] {
  const both = (field: "apiGroups" | "resources" | "verbs" | "nonResourceURLs"): string[] =>
    common(one[field] ?? [], other[field] ?? []);
  const names = namesInBoth(one.resourceNames ?? [], other.resourceNames ?? []);
  const [apiGroups, resources, verbs] = [both("apiGroups"), both("resources"), both("verbs")];
  const nonResourceURLs = both("nonResourceURLs");
  const opens = nonResourceURLs.length > 0 || (apiGroups.length > 0 && resources.length > 0);
  if (names === null || verbs.length === 0 || !opens) return [];
  return [{ apiGroups, resources, verbs, nonResourceURLs, resourceNames: names }];
}

function common(some: readonly string[], others: readonly string[]): string[] {
  if (some.includes("*")) return [...others];
  if (others.includes("*")) return [...some];
  const known = new Set(others);
  return some.filter((value) => known.has(value));
}

/** The names that both are held to; a rule without names is for all. Null: they share none. */
function namesInBoth(some: readonly string[], others: readonly string[]): string[] | null {
  if (some.length === 0 || others.length === 0) return [...some, ...others];
  const known = new Set(others);
  const shared = some.filter((name) => known.has(name));
  return shared.length > 0 ? shared : null;
}
