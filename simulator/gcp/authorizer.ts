import type { Authorizer } from "../model";

/** What a project's owner granted the reader: IAM permissions on the project, and rules of a ClusterRole bound to one user in each cluster. */
export interface GcpGrants {
  permissions: readonly string[];
  clusterRole?: {
    user: string;
    rules: readonly {
      apiGroups: readonly string[];
      resources: readonly string[];
      resourceNames?: readonly string[] | undefined;
      verbs: readonly string[];
    }[];
  };
}

/** Google's IAM has no permissions for these, whatever a role may be made to say. */
const NOT_IN_IAM = ["validatingadmissionpolicies", "validatingadmissionpolicybindings"];

/** GKE allows what RBAC or IAM allows; RBAC knows the user by what the token reveals, IAM in any case. */
export const authorizer =
  (grants: GcpGrants): Authorizer =>
  (user, { verb, group, resource, name }) => {
    const { permissions, clusterRole } = grants;
    const byRbac =
      clusterRole?.user === user &&
      clusterRole.rules.some(
        (rule) =>
          rule.verbs.includes(verb) &&
          rule.apiGroups.includes(group) &&
          rule.resources.includes(resource) &&
          (rule.resourceNames === undefined || (name !== undefined && rule.resourceNames.includes(name))),
      );
    if (byRbac || NOT_IN_IAM.includes(resource)) return byRbac;
    return permissions.some((held) => held.toLowerCase() === `container.${resource}.${verb}`);
  };
