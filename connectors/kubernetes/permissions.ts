import type { Permission } from "../connector";

/** `list rbac.authorization.k8s.io/roles` in its parts. Of the core group, `list pods` has no group. */
function partsOf(permission: string): { verb: string; group: string; resource: string } {
  const [verb = "", of = ""] = permission.split(" ");
  const at = of.lastIndexOf("/");
  return { verb, group: at < 0 ? "" : of.slice(0, at), resource: of.slice(at + 1) };
}

/** A permission inside a cluster, `list pods`; the clouds' own are spelled otherwise. */
const IN_CLUSTER = /^[a-z]+ \S+$/;

/** That an identity lacks permissions in a cluster, and what would grant them. `missing` is not empty. */
export function lacksOf(missing: readonly string[], permissions: readonly Permission[]): string {
  const lacks = `The identity lacks ${missing.length} ${missing.length === 1 ? "permission" : "permissions"}: ${missing.join(", ")}.`;
  return `${lacks} What it may not read is not evaluated. ${grantOf(missing, permissions)}`.trimEnd();
}

/**
 * What would grant the missing permissions, those of a cloud aside: rules for the identity's ClusterRole, and the cloud's own permission
 * where it has one. Empty when none is missing inside the cluster.
 */
export function grantOf(missing: readonly string[], permissions: readonly Permission[]): string {
  const byRule = new Map<string, { verb: string; group: string; resources: string[] }>();
  const cloud: string[] = [];
  for (const { verb, group, resource } of missing.filter((permission) => IN_CLUSTER.test(permission)).map(partsOf)) {
    const rule = byRule.get(`${verb} ${group}`) ?? { verb, group, resources: [] };
    rule.resources.push(resource);
    byRule.set(`${verb} ${group}`, rule);
    const known = permissions.find(({ action }) => action.toLowerCase() === `container.${resource}.${verb}`);
    if (known) cloud.push(known.action);
  }
  if (byRule.size === 0) return "";
  const rules = [...byRule.values()].map(
    ({ verb, group, resources }) =>
      `{apiGroups: [${JSON.stringify(group)}], resources: ${JSON.stringify(resources)}, verbs: [${JSON.stringify(verb)}]}`,
  );
  const or = cloud.length === 0 ? "" : `, or grant its cloud identity ${cloud.join(", ")}`;
  return `Add to the rules of the identity's ClusterRole: ${rules.join(", ")}${or}.`;
}
