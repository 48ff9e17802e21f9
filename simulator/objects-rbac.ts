import { type Json, type Place, type Rendered, render } from "./objects";
import { READ, type Rule, USER_ROLES, WRITE } from "./objects-rbac-roles";

const rule = ([apiGroups, resources, verbs]: Rule): Json => ({ apiGroups, resources, verbs });

/** Default ClusterRoles of a real API server (those of people whole, those of components shortened), and of the add-ons every cluster here has. */
const ROLES: Record<string, Rule[]> = {
  "cluster-admin": [[["*"], ["*"], ["*"]]],
  ...USER_ROLES,
  "system:discovery": [],
  "system:public-info-viewer": [],
  "system:basic-user": [
    [["authorization.k8s.io"], ["selfsubjectaccessreviews", "selfsubjectrulesreviews"], ["create"]],
  ],
  "system:kube-scheduler": [
    [[""], ["pods", "nodes"], READ],
    [[""], ["pods/binding", "bindings"], ["create"]],
  ],
  "system:kube-controller-manager": [
    [["*"], ["*"], ["list", "watch"]],
    [[""], ["secrets", "serviceaccounts"], ["create", "get", "update"]],
  ],
  "system:kube-dns": [[[""], ["endpoints", "services"], ["list", "watch"]]],
  "system:node": [
    [[""], ["pods", "nodes", "secrets", "configmaps"], READ],
    [[""], ["nodes/status", "pods/status"], ["patch", "update"]],
  ],
  "system:node-proxier": [[[""], ["services", "endpoints", "nodes"], READ]],
  "system:node-problem-detector": [
    [[""], ["nodes"], ["get"]],
    [[""], ["nodes/status"], ["patch"]],
  ],
  "system:node-bootstrapper": [
    [["certificates.k8s.io"], ["certificatesigningrequests"], ["create", "get", "list", "watch"]],
  ],
  "system:volume-scheduler": [[["storage.k8s.io"], ["storageclasses"], READ]],
  "system:monitoring": [],
  "system:heapster": [[[""], ["pods", "nodes", "namespaces"], READ]],
  "system:auth-delegator": [
    [["authentication.k8s.io"], ["tokenreviews"], ["create"]],
    [["authorization.k8s.io"], ["subjectaccessreviews"], ["create"]],
  ],
  "system:persistent-volume-provisioner": [[[""], ["persistentvolumes"], [...READ, "create", "delete"]]],
  "system:service-account-issuer-discovery": [],
  "system:certificates.k8s.io:kubelet-serving-approver": [[["certificates.k8s.io"], ["signers"], ["approve"]]],
  "system:coredns": [[[""], ["endpoints", "services", "pods", "namespaces"], ["list", "watch"]]],
  "system:metrics-server": [
    [[""], ["nodes/metrics"], ["get"]],
    [[""], ["pods", "nodes"], READ],
  ],
  "ingress-nginx": [
    [[""], ["services", "endpoints", "secrets", "configmaps", "pods"], ["list", "watch"]],
    [["networking.k8s.io"], ["ingresses"], READ],
  ],
  "cert-manager-controller": [
    [["cert-manager.io"], ["*"], ["*"]],
    [[""], ["secrets"], [...READ, ...WRITE]],
  ],
  prometheus: [[[""], ["nodes", "nodes/metrics", "services", "endpoints", "pods"], READ]],
  "kube-state-metrics": [
    [[""], ["secrets", "configmaps", "nodes", "pods", "services", "namespaces"], ["list", "watch"]],
    [
      ["apps", "batch"],
      ["deployments", "daemonsets", "statefulsets", "jobs", "cronjobs"],
      ["list", "watch"],
    ],
  ],
  "seawall-reader": [
    [
      ["", "apps", "batch", "networking.k8s.io", "rbac.authorization.k8s.io", "admissionregistration.k8s.io"],
      ["namespaces", "nodes", "pods", "services", "serviceaccounts"],
      READ,
    ],
  ],
};
/** The roles of charts for which a careful platform team switched the reading of secrets off. */
const NARROWED: Record<string, Rule[]> = {
  "ingress-nginx": [
    [[""], ["services", "endpoints", "configmaps", "pods"], ["list", "watch"]],
    [["networking.k8s.io"], ["ingresses"], READ],
  ],
  "kube-state-metrics": [
    [[""], ["nodes", "pods", "services", "namespaces"], ["list", "watch"]],
    [
      ["apps", "batch"],
      ["deployments", "daemonsets", "statefulsets", "jobs", "cronjobs"],
      ["list", "watch"],
    ],
  ],
};
const CONTROLLERS = [
  "attachdetach-controller",
  "certificate-controller",
  "clusterrole-aggregation-controller",
  "cronjob-controller",
  "daemon-set-controller",
  "deployment-controller",
  "disruption-controller",
  "endpoint-controller",
  "endpointslice-controller",
  "expand-controller",
  "generic-garbage-collector",
  "horizontal-pod-autoscaler",
  "job-controller",
  "namespace-controller",
  "node-controller",
  "persistent-volume-binder",
  "pod-garbage-collector",
  "pv-protection-controller",
  "pvc-protection-controller",
  "replicaset-controller",
  "replication-controller",
  "resourcequota-controller",
  "root-ca-cert-publisher",
  "route-controller",
  "service-account-controller",
  "service-controller",
  "statefulset-controller",
  "ttl-after-finished-controller",
];

export type Subject =
  | { kind: "User" | "Group"; name: string }
  | { kind: "ServiceAccount"; name: string; namespace: string };
const user = (name: string): Subject => ({ kind: "User", name });
const group = (name: string): Subject => ({ kind: "Group", name });
const account = (namespace: string, name: string): Subject => ({ kind: "ServiceAccount", namespace, name });

const BINDINGS: [name: string, role: string, ...subjects: Subject[]][] = [
  ["cluster-admin", "cluster-admin", group("system:masters")],
  ["system:discovery", "system:discovery", group("system:authenticated")],
  [
    "system:public-info-viewer",
    "system:public-info-viewer",
    group("system:authenticated"),
    group("system:unauthenticated"),
  ],
  ["system:basic-user", "system:basic-user", group("system:authenticated")],
  ["system:kube-scheduler", "system:kube-scheduler", user("system:kube-scheduler")],
  ["system:kube-controller-manager", "system:kube-controller-manager", user("system:kube-controller-manager")],
  ["system:kube-dns", "system:kube-dns", account("kube-system", "kube-dns")],
  ["system:node", "system:node"],
  ["system:node-proxier", "system:node-proxier", user("system:kube-proxy")],
  ["system:monitoring", "system:monitoring", group("system:monitoring")],
  [
    "system:service-account-issuer-discovery",
    "system:service-account-issuer-discovery",
    group("system:serviceaccounts"),
  ],
  ["system:coredns", "system:coredns", account("kube-system", "coredns")],
  ["system:metrics-server", "system:metrics-server", account("kube-system", "metrics-server")],
  ["ingress-nginx", "ingress-nginx", account("ingress-nginx", "ingress-nginx")],
  ["cert-manager-controller", "cert-manager-controller", account("cert-manager", "cert-manager")],
  ["prometheus", "prometheus", account("monitoring", "prometheus")],
  ["kube-state-metrics", "kube-state-metrics", account("monitoring", "kube-state-metrics")],
  ["seawall-reader", "seawall-reader", account("seawall-system", "seawall-reader")],
];

export const subjectJson = (subject: Subject): Json =>
  subject.kind === "ServiceAccount" ? { ...subject } : { ...subject, apiGroup: "rbac.authorization.k8s.io" };

const API = "rbac.authorization.k8s.io/v1";

export const role = (
  place: Place,
  namespace: string | undefined,
  name: string,
  created: number,
  rules: Rule[],
  labels: Record<string, string> = {},
): Rendered =>
  render(place, {
    apiVersion: API,
    kind: namespace === undefined ? "ClusterRole" : "Role",
    resource: namespace === undefined ? "clusterroles" : "roles",
    ...(namespace === undefined ? {} : { namespace }),
    name,
    created,
    labels,
    body: { rules: rules.map(rule) },
  });

export const binding = (
  place: Place,
  namespace: string | undefined,
  name: string,
  created: number,
  to: { kind: "ClusterRole" | "Role"; name: string },
  subjects: Subject[],
  labels: Record<string, string> = {},
): Rendered =>
  render(place, {
    apiVersion: API,
    kind: namespace === undefined ? "ClusterRoleBinding" : "RoleBinding",
    resource: namespace === undefined ? "clusterrolebindings" : "rolebindings",
    ...(namespace === undefined ? {} : { namespace }),
    name,
    created,
    labels,
    body: {
      roleRef: { apiGroup: "rbac.authorization.k8s.io", ...to },
      ...(subjects.length > 0 ? { subjects: subjects.map(subjectJson) } : {}),
    },
  });

const BOOTSTRAP = { "kubernetes.io/bootstrapping": "rbac-defaults" };

/** Cluster-wide RBAC: what the API server and the add-ons bring, and what a careless platform team adds. */
export function clusterRbac(place: Place): Rendered[] {
  const { born, plan } = place;
  const labels = (name: string): Record<string, string> =>
    name.startsWith("system:") || ["admin", "edit", "view", "cluster-admin"].includes(name) ? BOOTSTRAP : {};
  const roles = plan.care === "good" ? { ...ROLES, ...NARROWED } : ROLES;
  const result = Object.entries(roles).map(([name, rules]) => role(place, undefined, name, born, rules, labels(name)));
  for (const [name, to, ...subjects] of BINDINGS) {
    result.push(binding(place, undefined, name, born, { kind: "ClusterRole", name: to }, subjects, labels(name)));
  }
  for (const controller of CONTROLLERS) {
    const name = `system:controller:${controller}`;
    result.push(
      role(
        place,
        undefined,
        name,
        born,
        [
          [[""], ["pods"], READ],
          [["", "events.k8s.io"], ["events"], ["create", "patch", "update"]],
        ],
        BOOTSTRAP,
      ),
    );
    result.push(
      binding(
        place,
        undefined,
        name,
        born,
        { kind: "ClusterRole", name },
        [account("kube-system", controller)],
        BOOTSTRAP,
      ),
    );
  }
  result.push(
    render(place, {
      apiVersion: "v1",
      kind: "ServiceAccount",
      resource: "serviceaccounts",
      namespace: "seawall-system",
      name: "seawall-reader",
      created: born,
      body: { automountServiceAccountToken: false },
    }),
  );
  // Good clusters leave their administrators to the cloud's IAM.
  if (plan.care !== "good") {
    result.push(
      binding(place, undefined, "platform-admins", born, { kind: "ClusterRole", name: "cluster-admin" }, [
        group("harbour:platform-admins"),
      ]),
    );
  }
  if (plan.care === "bad") {
    result.push(role(place, undefined, "ops-everything", born, [[["*"], ["*"], ["*"]]]));
    result.push(
      binding(place, undefined, "ops-everything", born, { kind: "ClusterRole", name: "ops-everything" }, [
        group("harbour:ops"),
        user("jan.kowalski@harbour.example"),
      ]),
    );
    result.push(
      role(place, undefined, "pod-debugger", born, [
        [[""], ["pods", "pods/exec", "pods/portforward"], ["*"]],
        [[""], ["secrets"], READ],
        [["rbac.authorization.k8s.io"], ["clusterroles"], ["bind", "escalate", "impersonate"]],
      ]),
    );
    result.push(
      binding(place, undefined, "pod-debugger", born, { kind: "ClusterRole", name: "pod-debugger" }, [
        group(plan.openDebugger === true ? "system:authenticated" : "harbour:developers"),
      ]),
    );
  }
  return result;
}
