import { list, record } from "./json";
import { grantsOf, REACHES, reachOf } from "./power";
import {
  aggregateBeyondBounds,
  aggregatedRules,
  isAggregated,
  isReadableRole,
  type Rule,
  serviceAccountsOf,
} from "./rbac";
import type { KubernetesObject } from "./schema";
import { isAbsentOrList, isAbsentOrMap, selects } from "./selector";

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
  /** The role that a binding refers to. */
  roleOf(binding: KubernetesObject): KubernetesObject | undefined;
  /** What a role grants, aggregated. */
  grantsOfRole(role: KubernetesObject): string[] | undefined;
  /** Bindings that refer to a role, and roles that aggregate it. */
  usesOf(role: KubernetesObject): number;
  /** Bindings that name a service account, or all those of its namespace. */
  bindingsOf(namespace: string, serviceAccount: string): number | undefined;
}

/** Indexes roles and bindings. `namespace/name`, `namespace/*` and `*` are what a grant may be for. */
export function indexRbac(
  roles: readonly KubernetesObject[],
  clusterRoles: readonly KubernetesObject[],
  clusterRoleBindings: readonly KubernetesObject[],
  roleBindings: readonly KubernetesObject[],
): Rbac {
  const byName = new Map(clusterRoles.map((role) => [role.metadata.name, role]));
  const namespaced = new Map(roles.map((role) => [`${role.metadata.namespace ?? ""}/${role.metadata.name}`, role]));
  const known = new Map<KubernetesObject, Rule[] | undefined>();
  const beyond = aggregateBeyondBounds(clusterRoles);
  const rulesOf = (role: KubernetesObject): Rule[] | undefined => {
    const told = isReadableRole(role) && !(beyond && isAggregated(role));
    if (!known.has(role)) known.set(role, told ? aggregatedRules(role, clusterRoles) : undefined);
    return known.get(role);
  };
  const roleOf = (binding: KubernetesObject): KubernetesObject | undefined => {
    const { kind, name } = record(binding.roleRef);
    if (typeof name !== "string") return undefined;
    return kind === "ClusterRole" ? byName.get(name) : namespaced.get(`${binding.metadata.namespace ?? ""}/${name}`);
  };
  const rules = (binding: KubernetesObject): Rule[] | undefined => {
    const role = roleOf(binding);
    return role && rulesOf(role);
  };
  const powers = {
    cluster: new Map<KubernetesObject, string[] | undefined>(),
    namespace: new Map<KubernetesObject, string[] | undefined>(),
  };
  /** What a binding gives where it holds; a role that is not there grants nothing, one that can't be read nobody knows what. */
  const powersOf = (binding: KubernetesObject): string[] | undefined => {
    const role = roleOf(binding);
    if (role === undefined) return isAbsentOrMap(binding.roleRef) ? [] : undefined;
    const where = binding.kind === "ClusterRoleBinding" ? "cluster" : "namespace";
    if (!powers[where].has(role)) {
      const read = rulesOf(role);
      powers[where].set(role, read && reachOf(read, where));
    }
    return powers[where].get(role);
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
  const aggregators = clusterRoles.flatMap((role) => list(record(role.aggregationRule).clusterRoleSelectors));
  return {
    rules,
    roleOf,
    powers: (binding) => {
      const found = powersOf(binding);
      if (binding.kind === "RoleBinding" && binding.metadata.namespace !== "kube-system") return found && [];
      return found?.includes("wildcard") ? ["wildcard"] : found;
    },
    grantsOfRole: (role) => {
      const read = rulesOf(role);
      return read && grantsOf(read);
    },
    usesOf: (role) =>
      (uses.get(role) ?? 0) +
      (role.kind === "ClusterRole" ? aggregators.filter((one) => selects(one, role.metadata.labels)).length : 0),
    bindingsOf: (namespace, account) => bound.of(namespace, account),
    grants: (binding) => {
      if (typeof record(binding.roleRef).name !== "string") return undefined;
      const role = roleOf(binding);
      const read = role === undefined ? [] : rulesOf(role);
      return read && grantsOf(read);
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

const RANK: ReadonlyMap<string, number> = new Map(REACHES.map((power, index) => [power, index]));
/** The mightiest first: a message shows no more than the beginning of a list. */
function byRank(a: string, b: string): number {
  const [left = "", right = ""] = [a.split("@")[0], b.split("@")[0]];
  return (RANK.get(left) ?? 0) - (RANK.get(right) ?? 0) || (a < b ? -1 : 1);
}

/** Who was granted what. */
class Grants {
  readonly #granted = new Map<string, Set<string>>();
  readonly #unknown = new Set<string>();

  add(binding: KubernetesObject, powers: readonly string[] | undefined, where: string): void {
    if (powers?.length === 0) return;
    const { subjects } = binding;
    if (!isAbsentOrList(subjects, isSubject)) this.#unknown.add("*");
    for (const subject of list(subjects)) {
      const whom = serviceAccountsOf(subject, binding.metadata.namespace ?? "");
      if (whom === null) continue;
      if (powers === undefined) this.#unknown.add(whom);
      const known = this.#granted.get(whom) ?? new Set();
      for (const power of powers ?? []) known.add(`${power}${where}`);
      this.#granted.set(whom, known);
    }
  }

  of(namespace: string, account: string): string[] | undefined {
    const names = [`${namespace}/${account}`, `${namespace}/*`, "*"];
    const found = [...new Set(names.flatMap((name) => [...(this.#granted.get(name) ?? [])]))].sort(byRank);
    // Who holds everything already can't hold more through what could not be read.
    return names.some((name) => this.#unknown.has(name)) && !found.includes("wildcard") ? undefined : found;
  }
}

/** How many bindings name whom; those for all service accounts of the cluster don't count as anybody's own. */
class Bound {
  readonly #count = new Map<string, number>();
  #unknown = false;

  add(binding: KubernetesObject): void {
    if (!isAbsentOrList(binding.subjects, isSubject)) this.#unknown = true;
    const named = new Set(
      list(binding.subjects).map((subject) => serviceAccountsOf(subject, binding.metadata.namespace ?? "")),
    );
    for (const whom of named) if (whom !== null) this.#count.set(whom, (this.#count.get(whom) ?? 0) + 1);
  }

  of(namespace: string, account: string): number | undefined {
    if (this.#unknown) return undefined;
    return (this.#count.get(`${namespace}/${account}`) ?? 0) + (this.#count.get(`${namespace}/*`) ?? 0);
  }
}

const isSubject = (subject: unknown): boolean => {
  const { kind, name } = record(subject);
  return typeof kind === "string" && typeof name === "string";
};
