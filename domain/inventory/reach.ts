import { list, record } from "./json";
import { aggregatedRules, grantsOf, isReadableRole, type Rule, reachOf, serviceAccountsOf } from "./rbac";
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
  const rulesOf = (role: KubernetesObject): Rule[] | undefined => {
    if (!known.has(role)) known.set(role, isReadableRole(role) ? aggregatedRules(role, clusterRoles) : undefined);
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
  const powers = new Map<KubernetesObject, string[] | undefined>();
  /** What a binding's role reaches; a role that is not there grants nothing, one that can't be read nobody knows what. */
  const powersOf = (binding: KubernetesObject): string[] | undefined => {
    const role = roleOf(binding);
    if (role === undefined) return isAbsentOrMap(binding.roleRef) ? [] : undefined;
    if (!powers.has(role)) {
      const read = rulesOf(role);
      powers.set(role, read && reachOf(read));
    }
    return powers.get(role);
  };
  const wide = new Grants();
  for (const binding of clusterRoleBindings) wide.add(binding, powersOf(binding), "");
  const narrow = new Grants();
  for (const binding of roleBindings) narrow.add(binding, powersOf(binding), `@${binding.metadata.namespace ?? ""}`);
  return {
    rules,
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
    const found = [...new Set(names.flatMap((name) => [...(this.#granted.get(name) ?? [])]))].sort();
    // Who holds everything already can't hold more through what could not be read.
    return names.some((name) => this.#unknown.has(name)) && !found.includes("wildcard") ? undefined : found;
  }
}

const isSubject = (subject: unknown): boolean => {
  const { kind, name } = record(subject);
  return typeof kind === "string" && typeof name === "string";
};
