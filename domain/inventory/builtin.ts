import { list, record, text } from "./json";
import { isComponent, OWN_BINDINGS, OWN_POWERS, OWN_ROLE_BINDINGS, OWN_ROLE_POWERS, OWN_WILDCARDS } from "./own-rbac";
import { reachOf } from "./power";
import { type Rule, rulesIn } from "./rbac";
import type { Distribution, KubernetesObject } from "./schema";
import { SYSTEM_NAMESPACES } from "./system-namespace";

/** API groups of metrics, in which the autoscaler's own role may read everything. */
const METRICS_GROUPS = new Set(["custom.metrics.k8s.io", "external.metrics.k8s.io"]);
/** Resources on which the API server's own kubelet role may do everything. */
const KUBELET_RESOURCES = /^nodes\/[a-z]+$/;

const own = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

function isOwnRole(role: KubernetesObject): boolean {
  const { name } = role.metadata;
  const powers = own(OWN_POWERS, name);
  if (powers === undefined) return false;
  const verbs = own(OWN_WILDCARDS, name);
  const isWild = (rule: Rule): boolean => [...(rule.resources ?? []), ...(rule.verbs ?? [])].includes("*");
  const rules = rulesIn(role);
  if (!reachOf(rules.filter((rule) => !isWild(rule))).every((power) => powers.includes(power))) return false;
  return rules.filter(isWild).every((rule) => {
    if (verbs !== undefined) return verbs.includes("*") || (rule.verbs ?? []).every((verb) => verbs.includes(verb));
    if (name === "system:controller:horizontal-pod-autoscaler")
      return (rule.apiGroups ?? []).every((group) => METRICS_GROUPS.has(group)) && !(rule.verbs ?? []).includes("*");
    if (name === "system:kubelet-api-admin")
      return (rule.resources ?? []).every((resource) => KUBELET_RESOURCES.test(resource));
    return false;
  });
}

const ofSubject = (subject: unknown): string => {
  const { kind, name, namespace } = record(subject);
  return kind === "ServiceAccount" ? `ServiceAccount ${text(namespace)}/${text(name)}` : `${text(kind)} ${text(name)}`;
};

/** Whether a binding names nobody but parts of the control plane and of the cloud, and somebody. */
export function isToComponents(binding: KubernetesObject, distribution: Distribution | undefined): boolean {
  const subjects = list(binding.subjects);
  return (
    subjects.length > 0 &&
    subjects.every((subject) => isComponent(text(record(subject).kind), text(record(subject).name), distribution))
  );
}

/** Whether a binding gives nothing to anybody whom the cluster did not bring with it. */
function isOwnBinding(binding: KubernetesObject, distribution: Distribution | undefined): boolean {
  const { name, namespace } = binding.metadata;
  const { kind, name: role } = record(binding.roleRef);
  const known = namespace === undefined ? own(OWN_BINDINGS, name) : undefined;
  const [, controller] = /^system:controller:([a-z-]+)$/.exec(name) ?? [];
  const expected =
    namespace !== undefined
      ? own(OWN_ROLE_BINDINGS, `${namespace}/${name}`)
      : known !== undefined &&
          kind === "ClusterRole" &&
          role === known.role &&
          !(distribution !== undefined && known.not?.includes(distribution))
        ? known.subjects
        : controller !== undefined && role === name && own(OWN_POWERS, name) !== undefined
          ? [`ServiceAccount kube-system/${controller}`]
          : [];
  const subjects = list(binding.subjects);
  if (subjects.length === 0) return own(OWN_POWERS, name) !== undefined && role === name;
  return subjects.every(
    (subject) =>
      expected?.includes(ofSubject(subject)) === true ||
      isComponent(text(record(subject).kind), text(record(subject).name), distribution),
  );
}

/**
 * Whether an object is Kubernetes' or the cloud's own: a known name that holds no more than what is known of it, or a binding
 * to nobody but the cluster's own components. Labels, name prefixes and a place in kube-system prove nothing, since whoever may
 * write the object may choose them.
 */
export function isBuiltIn(object: KubernetesObject, distribution?: Distribution): boolean {
  const { name, namespace } = object.metadata;
  switch (object.kind) {
    case "Namespace":
      return SYSTEM_NAMESPACES.has(name);
    case "ClusterRole":
      return isOwnRole(object);
    case "Role": {
      const powers = own(OWN_ROLE_POWERS, `${namespace ?? ""}/${name}`);
      return powers !== undefined && reachOf(rulesIn(object)).every((power) => powers.includes(power));
    }
    case "ClusterRoleBinding":
    case "RoleBinding":
      return isOwnBinding(object, distribution);
    case "ServiceAccount":
      return namespace === "kube-system" && own(OWN_POWERS, `system:controller:${name}`) !== undefined;
    case "Service":
      return namespace === "default" && name === "kubernetes" && record(object.spec).selector === undefined;
    default:
      return false;
  }
}
