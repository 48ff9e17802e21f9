import { list, record } from "./json";
import { aggregatedRules, type Rule, reachOf, serviceAccountsOf } from "./rbac";
import type { KubernetesObject } from "./schema";

/** Lookups over one cluster's RBAC objects. */
export interface Rbac {
  /** Cluster-wide reach of a service account through ClusterRoleBindings. */
  reach(namespace: string, serviceAccount: string): string[];
  /** Rules of the role that a binding refers to; undefined when the role is unknown. */
  rules(binding: KubernetesObject): Rule[] | undefined;
}

/** Indexes roles and bindings. `namespace/name`, `namespace/*` and `*` are what a grant may be for. */
export function indexRbac(
  roles: readonly KubernetesObject[],
  clusterRoles: readonly KubernetesObject[],
  clusterRoleBindings: readonly KubernetesObject[],
): Rbac {
  const byName = new Map(clusterRoles.map((role) => [role.metadata.name, role]));
  const namespaced = new Map(roles.map((role) => [`${role.metadata.namespace ?? ""}/${role.metadata.name}`, role]));
  const aggregated = new Map<string, Rule[]>();
  const clusterRules = (name: string): Rule[] | undefined => {
    const role = byName.get(name);
    if (role === undefined) return undefined;
    const rules = aggregated.get(name) ?? aggregatedRules(role, clusterRoles);
    aggregated.set(name, rules);
    return rules;
  };
  const rules = (binding: KubernetesObject): Rule[] | undefined => {
    const { kind, name } = record(binding.roleRef);
    if (typeof name !== "string") return undefined;
    if (kind === "ClusterRole") return clusterRules(name);
    const role = namespaced.get(`${binding.metadata.namespace ?? ""}/${name}`);
    return role && aggregatedRules(role, []);
  };
  const grants = new Map<string, Set<string>>();
  for (const binding of clusterRoleBindings) {
    const reach = reachOf(rules(binding) ?? []);
    if (reach.length === 0) continue;
    for (const subject of list(binding.subjects)) {
      const whom = serviceAccountsOf(subject, "");
      if (whom === null) continue;
      const known = grants.get(whom) ?? new Set();
      for (const word of reach) known.add(word);
      grants.set(whom, known);
    }
  }
  return {
    rules,
    reach: (namespace, serviceAccount) =>
      [
        ...new Set(
          [`${namespace}/${serviceAccount}`, `${namespace}/*`, "*"].flatMap((whom) => [...(grants.get(whom) ?? [])]),
        ),
      ].sort(),
  };
}
