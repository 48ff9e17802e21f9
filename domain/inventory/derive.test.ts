import { describe, expect, test } from "vitest";
import { deriveFacts } from "./derive";
import { REACHES } from "./power";
import type { Distribution, KubernetesObject } from "./schema";

const object = (
  kind: string,
  name: string,
  rest: Record<string, unknown> = {},
  namespace?: string,
): KubernetesObject => {
  const { labels, ...body } = rest;
  return {
    apiVersion: "v1",
    kind,
    metadata: {
      name,
      ...(namespace ? { namespace } : {}),
      ...(labels ? { labels: labels as Record<string, string> } : {}),
    },
    ...body,
  };
};
const web = object(
  "Deployment",
  "web",
  {
    apiVersion: "apps/v1",
    spec: { template: { metadata: { labels: { app: "web" } }, spec: { serviceAccountName: "deployer" } } },
  },
  "shop",
);
const estate: Record<string, KubernetesObject[]> = {
  Service: [
    object("Service", "web", { spec: { type: "NodePort", selector: { app: "web" } } }, "shop"),
    object("Service", "other", { spec: { type: "LoadBalancer", selector: { app: "web" } } }, "elsewhere"),
    object("Service", "external", { spec: { type: "ExternalName" } }, "shop"),
  ],
  Ingress: [
    object(
      "Ingress",
      "web",
      { spec: { rules: [{ http: { paths: [{ backend: { service: { name: "web" } } }] } }] } },
      "shop",
    ),
  ],
  NetworkPolicy: [
    object("NetworkPolicy", "deny", { spec: { podSelector: {} } }, "shop"),
    object("NetworkPolicy", "out", { spec: { podSelector: { matchLabels: { app: "api" } }, egress: [{}] } }, "shop"),
  ],
  ServiceAccount: [object("ServiceAccount", "deployer", { automountServiceAccountToken: false }, "shop")],
  ClusterRole: [
    object("ClusterRole", "ops", { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { ops: "yes" } }] } }),
    object("ClusterRole", "ops-secrets", {
      labels: { ops: "yes" },
      rules: [{ apiGroups: [""], resources: ["secrets"], verbs: ["get"] }],
    }),
    object("ClusterRole", "one-secret", {
      rules: [{ apiGroups: [""], resources: ["secrets"], verbs: ["get"], resourceNames: ["tls"] }],
    }),
    object("ClusterRole", "cluster-admin", {
      rules: [
        { apiGroups: ["*"], resources: ["*"], verbs: ["*"] },
        { nonResourceURLs: ["*"], verbs: ["*"] },
      ],
    }),
  ],
  ClusterRoleBinding: [
    object("ClusterRoleBinding", "ops", {
      roleRef: { kind: "ClusterRole", name: "ops" },
      subjects: [{ kind: "ServiceAccount", name: "deployer", namespace: "shop" }],
    }),
    object("ClusterRoleBinding", "all", {
      roleRef: { kind: "ClusterRole", name: "one-secret" },
      subjects: [{ kind: "Group", name: "system:serviceaccounts" }],
    }),
    object("ClusterRoleBinding", "ci", {
      roleRef: { kind: "ClusterRole", name: "cluster-admin" },
      subjects: [{ kind: "Group", name: "system:serviceaccounts:ci" }],
    }),
  ],
  Role: [],
  RoleBinding: [
    object(
      "RoleBinding",
      "deployer",
      {
        roleRef: { kind: "ClusterRole", name: "cluster-admin" },
        subjects: [{ kind: "ServiceAccount", name: "builder", namespace: "shop" }],
      },
      "kube-system",
    ),
  ],
};
const fine = { removedVersions: [], nextRemovedVersions: [], deprecatedVersions: [] };
const facts = (missing: string[] = [], distribution?: Distribution) =>
  deriveFacts({
    workloads: [web],
    objects: (kind) => (missing.includes(kind) ? [] : (estate[kind] ?? [])),
    complete: (kind) => !missing.includes(kind),
    version: "v1.33.1-gke.100",
    distribution,
  });

describe("derived facts", () => {
  test("a workload with everything listed", () => {
    expect(facts()(web)).toEqual({
      ...fine,
      selectedByIngressPolicy: true,
      selectedByEgressPolicy: false,
      exposedBy: ["Ingress", "NodePort"],
      tokenMounted: false,
      reach: ["secrets-read"],
      namespaceReach: [],
      bindings: 1,
      budget: "none",
      builtIn: false,
    });
  });
  test.each([
    ["PodDisruptionBudget", ["budget"]],
    ["NetworkPolicy", ["selectedByIngressPolicy", "selectedByEgressPolicy"]],
    ["Ingress", ["exposedBy"]],
    ["Service", ["exposedBy"]],
    ["ServiceAccount", ["tokenMounted"]],
    ["ClusterRole", ["reach", "namespaceReach", "bindings"]],
    ["ClusterRoleBinding", ["reach", "bindings"]],
    ["RoleBinding", ["namespaceReach", "bindings"]],
    ["Role", ["namespaceReach", "bindings"]],
  ])("without %s the facts that need it are absent, the others stay", (kind, absent) => {
    const [whole, part] = [facts()(web), facts([kind])(web)];
    for (const [fact, value] of Object.entries(whole)) {
      if (absent.includes(fact)) expect(part).not.toHaveProperty(fact);
      else expect(part).toHaveProperty(fact, value);
    }
  });
  test("no policy holds pods on their node's network, whether policies are known or not", () => {
    const onNode = object("Pod", "agent", { spec: { hostNetwork: true }, labels: { app: "web" } }, "shop");
    const held = { selectedByIngressPolicy: false, selectedByEgressPolicy: false };
    expect(facts()(onNode)).toMatchObject(held);
    expect(facts(["NetworkPolicy"])(onNode)).toMatchObject(held);
  });
  test("a namespace, its default deny, and its workloads", () => {
    const rest = { defaultDenyIngress: true, defaultDenyEgress: false, quotas: 0, limitRanges: 0, builtIn: false };
    expect(facts()(object("Namespace", "shop"))).toEqual({ ...fine, workloads: 1, ...rest });
    expect(facts(["Job"])(object("Namespace", "shop"))).toEqual({ ...fine, ...rest });
    expect(facts()(object("Namespace", "kube-system"))).toMatchObject({ defaultDenyIngress: false, builtIn: true });
  });
  test("reach through the group of a namespace", () => {
    expect(facts()(object("ServiceAccount", "x", {}, "ci")).reach).toEqual([...REACHES]);
    expect(facts()(object("ServiceAccount", "x", {}, "shop")).reach).toEqual([]);
  });
  test("a binding knows the rules of its role, aggregated; an unknown role is no empty one", () => {
    expect(facts()(estate.ClusterRoleBinding?.[0] ?? web).rules).toEqual([
      { apiGroups: [""], resources: ["secrets"], verbs: ["get"] },
    ]);
    const dangling = object("RoleBinding", "x", { roleRef: { kind: "Role", name: "gone" } }, "shop");
    expect(facts()(dangling)).toEqual({
      ...fine,
      builtIn: false,
      grants: [],
      sureGrants: [],
      powers: [],
      namespacePowers: [],
      roleExists: false,
      missingSubjects: [],
    });
    expect(facts(["Role"])(dangling)).toEqual({ ...fine, builtIn: false, powers: [], missingSubjects: [] });
  });
  test("kubelet skew is absent when a version is not readable", () => {
    const node = (kubeletVersion: string) => object("Node", "n", { status: { nodeInfo: { kubeletVersion } } });
    expect(facts()(node("v1.31.9-eks-1")).kubeletSkew).toBe(2);
    expect(facts()(node("rubbish"))).not.toHaveProperty("kubeletSkew");
  });
  test("a service counts what it selects; one without a selector does not know", () => {
    expect(facts()(estate.Service?.[0] ?? web).selects).toBe(1);
    expect(facts()(estate.Service?.[2] ?? web)).not.toHaveProperty("selects");
  });
  test("a selector may choose by labels that only running pods have, never against those of the template", () => {
    const service = (selector: Record<string, string>) => object("Service", "x", { spec: { selector } }, "shop");
    expect(facts()(service({ app: "web", role: "primary" })).selects).toBe(1);
    expect(facts()(service({ app: "api", role: "primary" })).selects).toBe(0);
    expect(facts()(service({ role: "primary" })).selects).toBe(0);
  });
  const role = (name: string, rules: unknown[], labels = {}) => object("ClusterRole", name, { rules, labels });
  const binding = (name: string, subjects: unknown[]) =>
    object("ClusterRoleBinding", name, { roleRef: { kind: "ClusterRole", name: "cluster-admin" }, subjects });
  const all = { apiGroups: ["*"], resources: ["*"], verbs: ["*"] };
  const masters = { kind: "Group", name: "system:masters" };
  test.each([
    ["the role that every cluster has", true, role("cluster-admin", [all])],
    [
      "a controller that lists all",
      true,
      role("system:kube-controller-manager", [{ ...all, verbs: ["list", "watch"] }]),
    ],
    ["the same name with more", false, role("system:kube-controller-manager", [all])],
    [
      "the autoscaler's metrics",
      true,
      role("system:controller:horizontal-pod-autoscaler", [
        { apiGroups: ["custom.metrics.k8s.io"], resources: ["*"], verbs: ["get", "list"] },
      ]),
    ],
    [
      "the autoscaler with secrets",
      false,
      role("system:controller:horizontal-pod-autoscaler", [{ ...all, verbs: ["get"] }]),
    ],
    ["a system: name of one's own", false, role("system:mine", [all])],
    ["a bootstrapping label", false, role("mine", [all], { "kubernetes.io/bootstrapping": "rbac-defaults" })],
    ["a name that every JavaScript object has", false, role("constructor", [all])],
    [
      "a cloud's label in kube-system",
      false,
      object("DaemonSet", "miner", { labels: { "kubernetes.azure.com/managedby": "aks" } }, "kube-system"),
    ],
    ["the cluster's own binding", true, binding("cluster-admin", [masters])],
    ["a stranger in it", false, binding("cluster-admin", [masters, { kind: "User", name: "eve" }])],
    ["its name in lower ranks", false, binding("system:mine", [masters])],
  ])("built in: %s → %s", (_what, expected, subject) => {
    expect(facts()(subject).builtIn).toBe(expected);
  });
  test.each([
    ["eks", "ops", "clusterAdmin", false],
    ["eks", "aks-cluster-admin-binding", "clusterAdmin", false],
    ["eks", "ops", "cluster-autoscaler", false],
    ["eks", "ops", "eks:addon-manager", true],
    ["aks", "ops", "clusterAdmin", true],
    ["aks", "aks-cluster-admin-binding", "clusterAdmin", true],
    ["gke", "ops", "cluster-autoscaler", true],
    ["arc", "ops", "clusterAdmin", false],
    ["arc", "ops", "kubelet", false],
    ["arc", "aks-cluster-admin-binding", "clusterAdmin", false],
    ["arc", "ops", "eks:addon-manager", false],
    ["arc", "ops", "system:kube-scheduler", true],
  ] as const)("a name is a component's only where people cannot bear it: %s %s %s → %s", (on, name, user, expected) => {
    expect(facts([], on)(binding(name, [{ kind: "User", name: user }])).builtIn).toBe(expected);
  });
  test("reach within namespaces is told apart from reach over the cluster", () => {
    const { reach, namespaceReach } = facts()(object("ServiceAccount", "builder", {}, "shop"));
    expect(reach).toEqual([]);
    expect(namespaceReach).toContain("wildcard@kube-system");
    expect(namespaceReach).toContain("secrets-read@kube-system");
  });
  test("rubbish in place of structures derives nothing and throws nothing", () => {
    const rubbish = object("Deployment", "bad", { spec: { template: ["x"] } }, "shop");
    expect(() => facts()(rubbish)).not.toThrow();
    const account = object("Deployment", "bad", { spec: { template: { spec: { serviceAccountName: 7 } } } }, "shop");
    expect(facts()(account)).not.toHaveProperty("reach");
    expect(facts()(account)).not.toHaveProperty("tokenMounted");
  });
});
