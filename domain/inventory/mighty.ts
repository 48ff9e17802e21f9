import { onceFor } from "./once";
import { ownRolesBoundBy, reachOf, rewrites, rolesBoundBy } from "./power";
import type { Rule } from "./rbac";
import type { KubernetesObject } from "./schema";

type Role = KubernetesObject;
type Where = "cluster" | "namespace";

/** Powers that lead to every other where they hold. */
const LEADS_ON = ["wildcard", "escalate", "impersonate"];

/** All from which one of `ends` can be come to, step by step, and these. */
function leadingTo(ends: readonly Role[], before: ReadonlyMap<Role, readonly Role[]>): ReadonlySet<Role> {
  const found = new Set(ends);
  // What is added while it is walked is walked too.
  for (const one of found) for (const other of before.get(one) ?? []) found.add(other);
  return found;
}

/** What bindings by name lead to. Undefined: a role on the way can't be read. */
export interface Mighty {
  /** Whether rules that are given there let roles be bound by name of which one gives everything, be it by way of others. */
  binds(rules: readonly Rule[], where: Where, namespace: string): boolean | undefined;
  /** Whether rules lead to ClusterRoles that are not there. */
  bindsUnseen(rules: readonly Rule[]): boolean;
}

/** The roles of a cluster, by which others they let be bound. Each step is looked at once, however many bindings ask. */
export function mightyRoles(
  clusterRoles: ReadonlyMap<string, Role>,
  roles: ReadonlyMap<string, Role>,
  rulesOf: (role: Role) => readonly Rule[] | undefined,
): Mighty {
  const isThere = (role: Role | undefined): role is Role => role !== undefined;
  const ofCluster = (rules: readonly Rule[]): Role[] =>
    rolesBoundBy(rules)
      .map((name) => clusterRoles.get(name))
      .filter(isThere);
  const ofNamespace = (rules: readonly Rule[], namespace: string): Role[] =>
    ownRolesBoundBy(rules)
      .map((name) => roles.get(`${namespace}/${name}`))
      .filter(isThere);
  const next = (role: Role, rules: readonly Rule[]): Role[] =>
    role.kind === "Role"
      ? [...ofCluster(rules), ...ofNamespace(rules, role.metadata.namespace ?? "")]
      : ofCluster(rules);

  const walked = (where: Where) => {
    const before = new Map<Role, Role[]>();
    const [mighty, unread, unseen]: [Role[], Role[], Role[]] = [[], [], []];
    for (const role of where === "cluster" ? clusterRoles.values() : [...clusterRoles.values(), ...roles.values()]) {
      const rules = rulesOf(role);
      if (rules === undefined) {
        unread.push(role);
        continue;
      }
      if (reachOf(rules, where).some((power) => LEADS_ON.includes(power)) || rewritesItself(role, rules, where))
        mighty.push(role);
      if (rolesBoundBy(rules).some((name) => !clusterRoles.has(name))) unseen.push(role);
      for (const other of next(role, rules))
        before
          .set(other, before.get(other) ?? [])
          .get(other)
          ?.push(role);
    }
    return {
      mighty: leadingTo(mighty, before),
      unread: leadingTo(unread, before),
      unseen: leadingTo(unseen, before),
    };
  };
  const made = new Map<Where, ReturnType<typeof walked>>();
  const of = (where: Where) => {
    const found = made.get(where) ?? walked(where);
    made.set(where, found);
    return found;
  };

  const unseen = onceFor(
    (rules: readonly Rule[]): boolean =>
      rolesBoundBy(rules).some((name) => !clusterRoles.has(name)) ||
      ofCluster(rules).some((role) => of("cluster").unseen.has(role)),
  );
  return {
    binds(rules, where, namespace) {
      const wide = ofCluster(rules);
      // Over the cluster those of kube-system are as good.
      const own = ofNamespace(rules, where === "cluster" ? "kube-system" : namespace);
      const ways: [Role[], Where][] = [
        [wide, where],
        [own, "namespace"],
      ];
      const asked = ways.filter(([found]) => found.length > 0);
      if (asked.some(([found, there]) => found.some((role) => of(there).mighty.has(role)))) return true;
      return asked.some(([found, there]) => found.some((role) => of(there).unread.has(role))) ? undefined : false;
    },
    bindsUnseen: unseen,
  };
}

/** Only what a binding gives over the cluster reaches a ClusterRole, which belongs to no namespace. */
export function rewritesItself({ kind, metadata }: Role, rules: readonly Rule[], where: Where): boolean {
  if (kind === "Role") return where === "namespace" && rewrites(rules, "roles", metadata.name);
  return where === "cluster" && rewrites(rules, "clusterroles", metadata.name);
}
