/** One rule of a role: API groups, resources, verbs. */
export type Rule = [groups: string[], resources: string[], verbs: string[]];

export const READ = ["get", "list", "watch"];
export const WRITE = ["create", "delete", "patch", "update"];
const CHANGE = ["create", "delete", "deletecollection", "patch", "update"];

const list = (names: string): string[] => names.split(" ");
/** A resource with its subresources: `pods(log status)` is `pods`, `pods/log`, `pods/status`. */
const resources = (text: string): string[] =>
  [...text.matchAll(/([\w]+)(?:\(([^)]*)\))?/g)].flatMap(([, name = "", parts]) => [
    name,
    ...(parts === undefined ? [] : list(parts).map((part) => `${name}/${part}`)),
  ]);
const may = (group: string, names: string, verbs: string[]): Rule => [[group], resources(names), verbs];

/** What each of the three roles for people adds to the one below it, as Kubernetes 1.34 grants it: no wildcard anywhere. */
const TO_VIEW: Rule[] = [
  may(
    "",
    "configmaps endpoints persistentvolumeclaims(status) pods replicationcontrollers(scale) serviceaccounts services(status)",
    READ,
  ),
  [
    [""],
    list(
      "bindings events limitranges namespaces/status pods/log pods/status replicationcontrollers/status resourcequotas resourcequotas/status",
    ),
    READ,
  ],
  may("", "namespaces", READ),
  may("discovery.k8s.io", "endpointslices", READ),
  may(
    "apps",
    "controllerrevisions daemonsets(status) deployments(scale status) replicasets(scale status) statefulsets(scale status)",
    READ,
  ),
  may("autoscaling", "horizontalpodautoscalers(status)", READ),
  may("batch", "cronjobs(status) jobs(status)", READ),
  [
    ["extensions"],
    resources(
      "daemonsets(status) deployments(scale status) ingresses(status) networkpolicies replicasets(scale status)",
    ).concat("replicationcontrollers/scale"),
    READ,
  ],
  may("policy", "poddisruptionbudgets(status)", READ),
  may("networking.k8s.io", "ingresses(status) networkpolicies", READ),
];
const TO_EDIT: Rule[] = [
  [[""], list("pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy"), READ],
  may("", "serviceaccounts", ["impersonate"]),
  may("", "pods(attach exec portforward proxy)", CHANGE),
  [[""], ["pods/eviction"], ["create"]],
  may(
    "",
    "configmaps events persistentvolumeclaims replicationcontrollers(scale) secrets serviceaccounts services(proxy)",
    CHANGE,
  ),
  [[""], ["serviceaccounts/token"], ["create"]],
  may("apps", "daemonsets deployments(rollback scale) replicasets(scale) statefulsets(scale)", CHANGE),
  may("autoscaling", "horizontalpodautoscalers", CHANGE),
  may("batch", "cronjobs jobs", CHANGE),
  [
    ["extensions"],
    resources("daemonsets deployments(rollback scale) ingresses networkpolicies replicasets(scale)").concat(
      "replicationcontrollers/scale",
    ),
    CHANGE,
  ],
  may("policy", "poddisruptionbudgets", CHANGE),
  may("networking.k8s.io", "ingresses networkpolicies", CHANGE),
  may("coordination.k8s.io", "leases", [...READ, ...CHANGE]),
];
const TO_ADMIN: Rule[] = [
  may("authorization.k8s.io", "localsubjectaccessreviews", ["create"]),
  may("rbac.authorization.k8s.io", "rolebindings roles", [...READ, ...CHANGE]),
];

/** `admin`, `edit` and `view` as the aggregation controller fills them, and the roles that they are made of. */
export const USER_ROLES: Record<string, Rule[]> = {
  admin: [...TO_ADMIN, ...TO_EDIT, ...TO_VIEW],
  edit: [...TO_EDIT, ...TO_VIEW],
  view: TO_VIEW,
  "system:aggregate-to-admin": TO_ADMIN,
  "system:aggregate-to-edit": TO_EDIT,
  "system:aggregate-to-view": TO_VIEW,
};
