import { onceFor } from "./once";
import { ownRolesBoundBy, reachOf, rewrites, rolesBoundBy } from "./power";
import type { Rule } from "./rbac";
import type { KubernetesObject } from "./schema";

type Role = KubernetesObject;
export type Where = "cluster" | "namespace";

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
  /** Whether rules that are given there lead, be it by way of others, to roles that are not there, or may hold more than is known. */
  bindsUnseen(rules: readonly Rule[], where: Where, namespace: string): boolean;
}

/**
 * The roles of a cluster, by which others they let be bound. Each step is looked at once, however many bindings ask. `mayHoldMore`: of
 * these more is not known than what they hold at least.
 */
export function mightyRoles(
  clusterRoles: ReadonlyMap<string, Role>,
  roles: ReadonlyMap<string, Role>,
  rulesOf: (role: Role) => readonly Rule[] | undefined,
  mayHoldMore: (role: Role) => boolean = () => false,
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

  const isUnseen = (role: Role | undefined): boolean => role === undefined || mayHoldMore(role);
  const namesUnseen = (rules: readonly Rule[]): boolean =>
    rolesBoundBy(rules).some((name) => isUnseen(clusterRoles.get(name)));
  const namesUnseenIn = (rules: readonly Rule[], namespace: string): boolean =>
    ownRolesBoundBy(rules).some((name) => isUnseen(roles.get(`${namespace}/${name}`)));
  /** Of a ClusterRole within some namespace it is not asked which Roles lie there. */
  const leadsOut = ({ kind, metadata }: Role, rules: readonly Rule[], where: Where): boolean => {
    if (namesUnseen(rules)) return true;
    if (kind === "Role") return namesUnseenIn(rules, metadata.namespace ?? "");
    return where === "cluster" ? namesUnseenIn(rules, "kube-system") : ownRolesBoundBy(rules).length > 0;
  };

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
      if (leadsOut(role, rules, where)) unseen.push(role);
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

  /** The roles that rules let be bound by name, and how they are given then. Over the cluster those of kube-system are as good. */
  const waysOf = (rules: readonly Rule[], where: Where, namespace: string): [Role[], Where][] => {
    const ways: [Role[], Where][] = [
      [ofCluster(rules), where],
      [ofNamespace(rules, where === "cluster" ? "kube-system" : namespace), "namespace"],
    ];
    return ways.filter(([found]) => found.length > 0);
  };
  const leadsUnseen = (rules: readonly Rule[], where: Where, namespace: string): boolean =>
    namesUnseen(rules) ||
    namesUnseenIn(rules, namespace) ||
    waysOf(rules, where, namespace).some(([found, there]) => found.some((role) => of(there).unseen.has(role)));
  /** By where they are given: thousands of bindings may give the same. */
  const unseenFrom = onceFor((_rules: readonly Rule[]) => new Map<string, boolean>());
  return {
    binds(rules, where, namespace) {
      const asked = waysOf(rules, where, namespace);
      if (asked.some(([found, there]) => found.some((role) => of(there).mighty.has(role)))) return true;
      return asked.some(([found, there]) => found.some((role) => of(there).unread.has(role))) ? undefined : false;
    },
    bindsUnseen(rules, where, namespace) {
      const there = where === "cluster" ? "kube-system" : ownRolesBoundBy(rules).length > 0 ? namespace : "";
      const known = unseenFrom(rules);
      const key = `${where}/${there}`;
      const found = known.get(key) ?? leadsUnseen(rules, where, there);
      known.set(key, found);
      return found;
    },
  };
}

/** Only what a binding gives over the cluster reaches a ClusterRole, which belongs to no namespace. */
export function rewritesItself({ kind, metadata }: Role, rules: readonly Rule[], where: Where): boolean {
  if (kind === "Role") return where === "namespace" && rewrites(rules, "roles", metadata.name);
  return where === "cluster" && rewrites(rules, "clusterroles", metadata.name);
}
