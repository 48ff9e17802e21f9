import { onceFor } from "./once";
import { isHeldToNames, type Rule } from "./rbac";

const RBAC = "rbac.authorization.k8s.io";
const ADMISSION = "admissionregistration.k8s.io";
const WRITE = ["create", "update", "patch"];
const CHANGE = ["update", "patch"];
const DELETE = ["delete", "deletecollection"];
/** Groups that do everything on whichever cluster has them. */
const MASTERS = /^(system:masters|kubeadm:cluster-admins)$/;

/** Any of `verbs` on any of `resources` of the API group. */
type Door = readonly [group: string, resources: readonly string[], verbs: readonly string[]];
interface Power {
  doors?: readonly Door[];
  /** Doors to resources that belong to no namespace: a RoleBinding opens none of them. */
  clusterDoors?: readonly Door[];
  /** Names of which a single one is as good as all; otherwise a rule that is held to names is as narrow as its names. */
  names?: RegExp;
}

/** What somebody may do that leads further than it looks, by what the API server asks before it lets them. */
const POWERS = {
  "secrets-read": { doors: [["", ["secrets"], ["get", "list", "watch"]]] },
  "secrets-write": { doors: [["", ["secrets"], WRITE]] },
  "pods-create": {
    doors: [
      // What runs in a pod that is there may be changed: its containers' images are.
      ["", ["pods"], WRITE],
      ["", ["replicationcontrollers"], WRITE],
      ["apps", ["deployments", "daemonsets", "statefulsets", "replicasets"], WRITE],
      ["batch", ["cronjobs"], WRITE],
      // The pods of a Job that is there can't be changed any more.
      ["batch", ["jobs"], ["create"]],
    ],
  },
  "pods-exec": { doors: [["", ["pods/exec", "pods/attach"], ["create", "get"]]] },
  "pods-debug": { doors: [["", ["pods/ephemeralcontainers"], CHANGE]] },
  "pods-portforward": {
    doors: [["", ["pods/portforward", "pods/proxy", "services/proxy"], ["create", "get"]]],
  },
  "nodes-proxy": { clusterDoors: [["", ["nodes/proxy"], ["get", "create"]]] },
  "nodes-write": { clusterDoors: [["", ["nodes"], [...CHANGE, ...DELETE]]] },
  "tokens-create": { doors: [["", ["serviceaccounts/token"], ["create"]]] },
  escalate: {
    doors: [
      [RBAC, ["roles", "clusterroles"], ["bind"]],
      [RBAC, ["roles"], ["escalate"]],
    ],
    clusterDoors: [[RBAC, ["clusterroles"], ["escalate"]]],
    names: /^(cluster-admin|admin|edit)$/,
  },
  impersonate: {
    doors: [["", ["serviceaccounts"], ["impersonate"]]],
    clusterDoors: [["", ["users", "groups"], ["impersonate"]]],
    names: MASTERS,
  },
  "rbac-write": {
    doors: [[RBAC, ["roles", "rolebindings"], [...WRITE, ...DELETE]]],
    clusterDoors: [[RBAC, ["clusterroles", "clusterrolebindings"], [...WRITE, ...DELETE]]],
  },
  "csr-approve": {
    clusterDoors: [["certificates.k8s.io", ["certificatesigningrequests/approval"], CHANGE]],
  },
  "webhooks-write": {
    clusterDoors: [
      [ADMISSION, ["validatingwebhookconfigurations", "mutatingwebhookconfigurations"], [...WRITE, ...DELETE]],
    ],
  },
  "admission-write": {
    clusterDoors: [
      [
        ADMISSION,
        [
          "validatingadmissionpolicies",
          "validatingadmissionpolicybindings",
          "mutatingadmissionpolicies",
          "mutatingadmissionpolicybindings",
        ],
        [...WRITE, ...DELETE],
      ],
    ],
  },
  "volumes-create": { clusterDoors: [["", ["persistentvolumes"], ["create"]]] },
  "crds-write": { clusterDoors: [["apiextensions.k8s.io", ["customresourcedefinitions"], [...WRITE, ...DELETE]]] },
  "apiservices-write": { clusterDoors: [["apiregistration.k8s.io", ["apiservices"], [...WRITE, ...DELETE]]] },
  // A RoleBinding opens its own namespace: `namespaces` are the one kind that lies in itself.
  "namespaces-write": { doors: [["", ["namespaces"], CHANGE]], names: /^kube-system$/ },
  "configmaps-write": {
    // Not `create`: what is there can't be created again, and every leader election asks for it.
    doors: [["", ["configmaps"], CHANGE]],
    // Who may sign in, how names resolve, what the nodes' agents do: each lies in one ConfigMap of kube-system.
    names:
      /^(aws-auth|coredns|coredns-custom|kube-proxy|kubeadm-config|kubelet-config|extension-apiserver-authentication)$/,
  },
  "events-delete": {
    doors: [
      ["", ["events"], DELETE],
      ["events.k8s.io", ["events"], DELETE],
    ],
  },
  "networkpolicies-write": { doors: [["networking.k8s.io", ["networkpolicies"], [...WRITE, ...DELETE]]] },
  "endpoints-write": {
    doors: [
      ["", ["endpoints"], WRITE],
      ["discovery.k8s.io", ["endpointslices"], WRITE],
    ],
  },
} as const satisfies Readonly<Record<string, Power>>;

/** `cluster-admin` may do everything, `wildcard` everything to all objects; the others are single powers. */
export const REACHES = ["cluster-admin", "wildcard", ...(Object.keys(POWERS) as (keyof typeof POWERS)[])] as const;
/** Powers of which any one over the whole cluster is enough to take all of it, by a step or two. */
export const TAKEOVERS: ReadonlySet<string> = new Set([
  "cluster-admin",
  "wildcard",
  "secrets-read",
  "pods-exec",
  "pods-debug",
  "nodes-proxy",
  "tokens-create",
  "escalate",
  "impersonate",
]);

const has = (values: readonly string[] | undefined, wanted: readonly string[]): boolean =>
  values?.some((value) => value === "*" || wanted.includes(value)) ?? false;

/** Whether a rule allows any of the door's verbs on any of its resources, whatever names it is held to. */
const opens = (rule: Rule, { groups, resources, verbs }: ReadyDoor): boolean =>
  has(rule.apiGroups, groups) && has(rule.resources, resources) && has(rule.verbs, verbs);

/** Where a binding gives what its role says: everywhere, or within its own namespace as a RoleBinding. */
type Where = "cluster" | "namespace";

/** A door with every word that a rule may open it by. */
interface ReadyDoor {
  readonly groups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}
const ready = ([group, resources, verbs]: Door): ReadyDoor => ({
  groups: [group],
  resources: resources.flatMap((resource) => {
    const sub = resource.split("/")[1];
    return sub === undefined ? [resource] : [resource, `*/${sub}`];
  }),
  verbs,
});
/**
 * A request that names no object has the empty name, and a rule that is held to it allows all of these:
 * https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources
 */
const NAMELESS = ["list", "watch", "create", "deletecollection"];
/** What is left of a door for requests without a name; those for a part of an object name the object. */
function nameless(door: ReadyDoor): ReadyDoor[] {
  const verbs = door.verbs.filter((verb) => NAMELESS.includes(verb));
  const resources = door.resources.filter((resource) => !resource.includes("/"));
  return verbs.length === 0 || resources.length === 0 ? [] : [{ ...door, verbs, resources }];
}

/** The kinds of roles, by what rules call them. */
export type RoleResource = "roles" | "clusterroles";
const on = (resource: RoleResource, ...verbs: string[]): ReadyDoor => ready([RBAC, [resource], verbs]);
const OF_ROLES = {
  roles: { bind: on("roles", "bind"), escalate: on("roles", "escalate"), change: on("roles", ...CHANGE) },
  clusterroles: {
    ...{ bind: on("clusterroles", "bind"), escalate: on("clusterroles", "escalate") },
    change: on("clusterroles", ...CHANGE),
  },
};
/** The powers with the doors that are open to somebody; thousands of roles are asked for each. */
function readied({ doors = [], clusterDoors = [], names }: Power) {
  const all = { namespace: doors.map(ready), cluster: [...doors, ...clusterDoors].map(ready) };
  const without = { namespace: all.namespace.flatMap(nameless), cluster: all.cluster.flatMap(nameless) };
  return { names, doors: all, nameless: without };
}
type Ready = ReturnType<typeof readied>;
const READY = Object.entries<Power>(POWERS).map(([name, power]) => ({ name, ...readied(power) }));

const AUTHENTICATION = "authentication.k8s.io";
/** Impersonation held to what is done under the other's name, by its mode: who may be passed for in it. */
const MODES = Object.entries<Power>({
  "user-info": { clusterDoors: [[AUTHENTICATION, ["users", "groups"], ["impersonate:user-info"]]], names: MASTERS },
  serviceaccount: { doors: [[AUTHENTICATION, ["serviceaccounts"], ["impersonate:serviceaccount"]]] },
  "arbitrary-node": { clusterDoors: [[AUTHENTICATION, ["nodes"], ["impersonate:arbitrary-node"]]] },
}).map(([mode, power]) => ({ verb: `impersonate-on:${mode}:`, who: readied(power) }));

function grants(rule: Rule, { doors, nameless, names }: Ready, where: Where): boolean {
  const held = isHeldToNames(rule) && !(names !== undefined && rule.resourceNames?.some((name) => names.test(name)));
  // The doors first: a rule may be held to thousands of names.
  if (!held) return doors[where].some((door) => opens(rule, door));
  return nameless[where].some((door) => opens(rule, door)) && rule.resourceNames?.includes("") === true;
}

/** The rules as those under whose names they may be used would hold them: `impersonate-on:user-info:list` is their `list`. */
const lent = (rules: readonly Rule[], verb: string): Rule[] =>
  rules.flatMap((rule) => {
    // Every verb is this one too; a `*` behind it is no pattern, for RBAC compares whole verbs.
    if (rule.verbs?.includes("*")) return [{ ...rule, verbs: ["*"] }];
    const verbs = (rule.verbs ?? []).filter((one) => one.startsWith(verb) && !one.endsWith(":*"));
    return verbs.length === 0 ? [] : [{ ...rule, verbs: verbs.map((one) => one.slice(verb.length)) }];
  });

/** Whether the rules let their holder pass for whomever they like, and use one of the powers under such a name. */
function standsIn(rules: readonly Rule[], where: Where): boolean {
  return MODES.some(({ verb, who }) => {
    if (!rules.some((rule) => grants(rule, who, where))) return false;
    const used = lent(rules, verb);
    return READY.some((power) => used.some((rule) => grants(rule, power, where)));
  });
}

/** What somebody with these rules may reach, in the order of REACHES; `where` they were given. */
export function reachOf(rules: readonly Rule[], where: Where = "cluster"): string[] {
  const everything = rules.some(
    (rule) =>
      [rule.apiGroups, rule.resources, rule.verbs].every((values) => values?.includes("*")) && !isHeldToNames(rule),
  );
  const anyUrl = rules.some((rule) => rule.nonResourceURLs?.includes("*") && rule.verbs?.includes("*"));
  const found = READY.filter(
    (power) =>
      rules.some((rule) => grants(rule, power, where)) || (power.name === "impersonate" && standsIn(rules, where)),
  );
  return [
    ...(everything && anyUrl ? ["cluster-admin"] : []),
    ...(everything ? ["wildcard"] : []),
    ...found.map(({ name }) => name),
  ];
}

const boundBy = (resource: RoleResource) =>
  onceFor((rules: readonly Rule[]): readonly string[] => [
    ...new Set(
      rules.filter((rule) => opens(rule, OF_ROLES[resource].bind)).flatMap(({ resourceNames = [] }) => resourceNames),
    ),
  ]);
/** ClusterRoles that rules allow to be bound by their names: such a rule gives what the mightiest of them gives. Worked out once for a list. */
export const rolesBoundBy = boundBy("clusterroles");
/** Roles of a namespace that rules allow to be bound by their names. */
export const ownRolesBoundBy = boundBy("roles");

/** Whether rules let their holder write what they like into the role of this name, against the check that nobody gives what they lack. */
export function rewrites(rules: readonly Rule[], resource: RoleResource, name: string): boolean {
  const { escalate, change } = OF_ROLES[resource];
  return [escalate, change].every((door) =>
    rules.some((rule) => opens(rule, door) && (!isHeldToNames(rule) || rule.resourceNames?.includes(name) === true)),
  );
}

/** Namespaces that rules allow to be changed by their names: such a rule opens a binding's own namespace when that is one of them. */
export function namespacesChangedBy(rules: readonly Rule[]): ReadonlySet<string> {
  const doors = READY.find(({ name }) => name === "namespaces-write")?.doors.namespace ?? [];
  const held = rules.filter((rule) => isHeldToNames(rule) && doors.some((door) => opens(rule, door)));
  return new Set(held.flatMap(({ resourceNames = [] }) => resourceNames));
}

const WRITES = ["create", "update", "patch", "delete", "deletecollection"];
/** Groups whose objects only answer a question; everyone who signed in may create them. */
const QUESTIONS: ReadonlySet<string> = new Set(["authorization.k8s.io", "authentication.k8s.io"]);

/** A rule for each single power that all of these lists of rules give there, by whatever way, which gives this power and no other. */
export function rulesInAll(lists: readonly (readonly Rule[])[], where: Where): Rule[] {
  const given = lists.map((rules) => new Set(reachOf(rules, where)));
  const shared = READY.filter(({ name }) => given.every((powers) => powers.has(name)));
  return shared.flatMap(({ doors }) => {
    // Where a door for clusters alone is there, it opens none within a namespace.
    const door = where === "cluster" ? doors.cluster.at(-1) : doors.namespace[0];
    const verb = door?.verbs.find((one) => !WRITES.includes(one)) ?? door?.verbs[0];
    return door && verb ? [{ apiGroups: [...door.groups], resources: door.resources.slice(0, 1), verbs: [verb] }] : [];
  });
}

/** `reachOf`, and `writes` when the rules change anything at all. */
export function grantsOf(rules: readonly Rule[]): string[] {
  const writes = rules.some(
    (rule) =>
      has(rule.verbs, WRITES) &&
      (rule.resources?.length ?? 0) > 0 &&
      !(rule.apiGroups ?? []).every((group) => QUESTIONS.has(group)),
  );
  return [...reachOf(rules), ...(writes ? ["writes"] : [])];
}
