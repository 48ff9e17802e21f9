import { Bound, Grants, isSubject } from "./grants";
import { list, record } from "./json";
import { mightyRoles, rewritesItself, type Where } from "./mighty";
import { onceFor } from "./once";
import { grantsOf, namespacesChangedBy, ownRolesBoundBy, REACHES, reachOf } from "./power";
import {
  aggregateBeyondBounds,
  aggregatedRules,
  aggregatorsOf,
  isAggregated,
  type Rule,
  serviceAccountsOf,
} from "./rbac";
import type { KubernetesObject } from "./schema";
import { isAbsentOrList, isAbsentOrMap } from "./selector";

/** Lookups over one cluster's RBAC objects. Undefined: a role or binding that may matter could not be read. */
export interface Rbac {
  /** Reach of a service account over the whole cluster, through ClusterRoleBindings. */
  reach(namespace: string, serviceAccount: string): string[] | undefined;
  /** Its reach within namespaces, through RoleBindings, as `secrets-read@kube-system`. */
  namespaceReach(namespace: string, serviceAccount: string): string[] | undefined;
  /** Rules of the role that a binding refers to; undefined when the role is unknown. */
  rules(binding: KubernetesObject): Rule[] | undefined;
  /** What the binding grants, as `grantsOf` says it; nothing when the role is not there. */
  grants(binding: KubernetesObject): string[] | undefined;
  /** What it grants over the whole cluster, or within kube-system, which is as good; `wildcard` alone stands for all. */
  powers(binding: KubernetesObject): string[] | undefined;
  /** What a RoleBinding grants within its namespace, other than kube-system; `wildcard` alone stands for all. Nothing of other bindings. */
  namespacePowers(binding: KubernetesObject): string[] | undefined;
  /** Whether what a binding gives may depend on ClusterRoles that are not there: it lets them be bound by their names. */
  bindsUnseen(binding: KubernetesObject): boolean;
  /** Whether it depends on Roles: it lets some be bound by their names. */
  namesOwnRoles(binding: KubernetesObject): boolean;
  /** The role that a binding refers to. */
  roleOf(binding: KubernetesObject): KubernetesObject | undefined;
  /** What a role grants, aggregated. */
  grantsOfRole(role: KubernetesObject): string[] | undefined;
  /** Whether it was worked out what a role grants that grows by the labels of others. */
  isTold(role: KubernetesObject): boolean;
  /** Bindings that refer to a role, and other roles that aggregate it; undefined when those have too many selectors to ask, or one that can't be read. */
  usesOf(role: KubernetesObject): number | undefined;
  /** Bindings that name a service account, or all those of its namespace. */
  bindingsOf(namespace: string, serviceAccount: string): number | undefined;
}

/** Whether a binding gives what it gives within kube-system, where the cluster's own tokens lie. */
export const isOfSystem = ({ kind, metadata }: KubernetesObject): boolean =>
  kind === "RoleBinding" && metadata.namespace === "kube-system";

/** Whether a binding gives nothing beyond another namespace, whatever its role says. */
export const isConfined = (binding: KubernetesObject): boolean =>
  binding.kind === "RoleBinding" && binding.metadata.namespace !== undefined && !isOfSystem(binding);

/** Where a binding gives what its role says. */
export const whereOf = ({ kind }: KubernetesObject): Where => (kind === "ClusterRoleBinding" ? "cluster" : "namespace");

const NO_RULES: readonly Rule[] = [];

/** One word for who may do everything: single powers are no news then. */
const summed = (powers: string[] | undefined): string[] | undefined =>
  powers?.includes("wildcard") ? ["wildcard"] : powers;

/** Indexes roles and bindings. `namespace/name`, `namespace/*` and `*` are what a grant may be for. */
export function indexRbac(
  roles: readonly KubernetesObject[],
  clusterRoles: readonly KubernetesObject[],
  clusterRoleBindings: readonly KubernetesObject[],
  roleBindings: readonly KubernetesObject[],
): Rbac {
  const byName = new Map(clusterRoles.map((role) => [role.metadata.name, role]));
  const namespaced = new Map(roles.map((role) => [`${role.metadata.namespace ?? ""}/${role.metadata.name}`, role]));
  const beyond = aggregateBeyondBounds(clusterRoles);
  const isTold = (role: KubernetesObject): boolean => !(beyond && isAggregated(role));
  const rulesOf = onceFor((role: KubernetesObject): Rule[] | undefined =>
    isTold(role) ? aggregatedRules(role, clusterRoles) : undefined,
  );
  /** Worked out once: thousands of bindings may refer to a role with thousands of rules. */
  const grantsOfRole = onceFor((role: KubernetesObject): string[] | undefined => {
    const read = rulesOf(role);
    return read && grantsOf(read);
  });
  const roleOf = (binding: KubernetesObject): KubernetesObject | undefined => {
    const { kind, name } = record(binding.roleRef);
    if (typeof name !== "string") return undefined;
    return kind === "ClusterRole" ? byName.get(name) : namespaced.get(`${binding.metadata.namespace ?? ""}/${name}`);
  };
  const rules = (binding: KubernetesObject): Rule[] | undefined => {
    const role = roleOf(binding);
    return role && rulesOf(role);
  };
  const mighty = mightyRoles(byName, namespaced, rulesOf);
  /** What a role gives, with the roles that it lets be bound by their names: one that may do everything is as good as all. */
  const reachWithBound = (role: KubernetesObject, where: Where, namespace: string) => {
    const read = rulesOf(role);
    if (read === undefined) return undefined;
    const found = reachOf(read, where);
    if (found.includes("escalate")) return found;
    const escalates = rewritesItself(role, read, where) || mighty.binds(read, where, namespace);
    if (escalates) return REACHES.filter((power) => power === "escalate" || found.includes(power));
    return escalates === undefined ? undefined : found;
  };
  /** By where it is given, once for each role. */
  const given = onceFor((_role: KubernetesObject) => new Map<string, string[] | undefined>());
  /** Whether the namespace matters in which it is given: it names roles that lie there. */
  const namesOwnRoles = onceFor((role: KubernetesObject) => ownRolesBoundBy(rulesOf(role) ?? []).length > 0);
  /** What a binding gives where it holds; a role that is not there grants nothing, one that can't be read nobody knows what. */
  const powersOf = (binding: KubernetesObject): string[] | undefined => {
    const role = roleOf(binding);
    if (role === undefined) return isAbsentOrMap(binding.roleRef) ? [] : undefined;
    const where = whereOf(binding);
    const namespace = where === "namespace" && namesOwnRoles(role) ? (binding.metadata.namespace ?? "") : "";
    const known = given(role);
    const key = `${where}/${namespace}`;
    if (!known.has(key)) known.set(key, reachWithBound(role, where, namespace));
    return known.get(key);
  };
  const changed = onceFor((role: KubernetesObject) => namespacesChangedBy(rulesOf(role) ?? []));
  /** With the right to change the binding's own namespace, where a rule is held to its name. */
  const narrowPowersOf = (binding: KubernetesObject): string[] | undefined => {
    const found = powersOf(binding);
    const role = roleOf(binding);
    if (found === undefined || role === undefined || found.includes("namespaces-write")) return found;
    return changed(role).has(binding.metadata.namespace ?? "") ? [...found, "namespaces-write"] : found;
  };
  const wide = new Grants();
  for (const binding of clusterRoleBindings) wide.add(binding, powersOf(binding), "");
  const narrow = new Grants();
  for (const binding of roleBindings) narrow.add(binding, powersOf(binding), `@${binding.metadata.namespace ?? ""}`);
  const uses = new Map<KubernetesObject, number>();
  const bound = new Bound();
  for (const binding of [...clusterRoleBindings, ...roleBindings]) {
    const role = roleOf(binding);
    if (role !== undefined) uses.set(role, (uses.get(role) ?? 0) + 1);
    bound.add(binding);
  }
  return {
    rules,
    bindsUnseen: (binding) =>
      mighty.bindsUnseen(rules(binding) ?? NO_RULES, whereOf(binding), binding.metadata.namespace ?? ""),
    namesOwnRoles: (binding) => {
      const role = roleOf(binding);
      return role !== undefined && namesOwnRoles(role);
    },
    roleOf,
    powers: (binding) => {
      if (isConfined(binding)) return [];
      const found = powersOf(binding);
      if (binding.kind === "RoleBinding" && !isOfSystem(binding)) return found && [];
      return summed(found);
    },
    namespacePowers: (binding) => {
      if (binding.kind !== "RoleBinding" || isOfSystem(binding)) return [];
      return summed(narrowPowersOf(binding));
    },
    isTold,
    grantsOfRole,
    usesOf: (role) => {
      const aggregators = role.kind === "ClusterRole" ? aggregatorsOf(role, clusterRoles) : 0;
      return aggregators === undefined ? undefined : (uses.get(role) ?? 0) + aggregators;
    },
    bindingsOf: (namespace, account) => bound.of(namespace, account),
    grants: (binding) => {
      if (typeof record(binding.roleRef).name !== "string") return undefined;
      const role = roleOf(binding);
      return role === undefined ? [] : grantsOfRole(role);
    },
    reach: (namespace, account) => wide.of(namespace, account),
    namespaceReach: (namespace, account) => narrow.of(namespace, account),
  };
}

/** Service accounts that a binding names and that are not there, as `namespace/name`; undefined when it can't be read. */
export function missingAccounts(
  binding: KubernetesObject,
  accounts: ReadonlyMap<string, KubernetesObject>,
): string[] | undefined {
  if (!isAbsentOrList(binding.subjects, isSubject)) return undefined;
  const named = list(binding.subjects).map((subject) => serviceAccountsOf(subject, binding.metadata.namespace ?? ""));
  return [...new Set(named)]
    .filter((whom): whom is string => whom !== null && !whom.endsWith("*") && !accounts.has(whom))
    .sort();
}
