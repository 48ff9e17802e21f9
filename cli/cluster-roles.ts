import {
  aggregateBeyondBounds,
  aggregatedRules,
  isAggregated,
  isReadableRole,
  type Rule,
} from "@/domain/inventory/rbac";
import type { KubernetesObject } from "@/domain/inventory/schema";
import { DEFAULT_ROLES } from "./default-roles";

/** The ClusterRoles that a cluster has at least, and each given one as it will be there. */
export interface ClusterRoles {
  all: readonly KubernetesObject[];
  asServed(role: KubernetesObject): KubernetesObject;
}

/**
 * The ClusterRoles of files, with those that every cluster has. One that grows by labels holds no rule but those of the roles that it
 * selects among all of these: what a file writes into it is overwritten. What can't be read stays so.
 */
export function clusterRolesOf(given: readonly KubernetesObject[]): ClusterRoles {
  const names = new Set(given.map(({ metadata }) => metadata.name));
  const written = [...given, ...DEFAULT_ROLES.filter(({ metadata }) => !names.has(metadata.name))];
  const grows = (role: KubernetesObject): boolean => isAggregated(role) && isReadableRole(role);
  const withRules = (role: KubernetesObject, rules: readonly Rule[]): KubernetesObject => ({ ...role, rules });
  const beyond = aggregateBeyondBounds(written);
  const bare = written.map((role) => (grows(role) ? withRules(role, []) : role));
  const rulesOf = (role: KubernetesObject): readonly Rule[] => (beyond ? [] : (aggregatedRules(role, bare) ?? []));
  const served = new Map<KubernetesObject, KubernetesObject>();
  for (const [index, role] of bare.entries()) {
    const own = written[index] ?? role;
    served.set(own, grows(own) ? withRules(role, rulesOf(role)) : own);
  }
  return { all: [...served.values()], asServed: (role) => served.get(role) ?? role };
}
