import { describe, expect, test } from "vitest";
import { isBuiltIn } from "./builtin";
import { deriveFacts } from "./derive";
import { grantsOf, reachOf } from "./power";
import type { Distribution, KubernetesObject } from "./schema";

const rule = (apiGroup: string, resource: string, verb: string, ...resourceNames: string[]) => ({
  apiGroups: [apiGroup],
  resources: [resource],
  verbs: [verb],
  ...(resourceNames.length === 0 ? {} : { resourceNames }),
});

describe("what rules reach", () => {
  test.each<[string, string[], ReturnType<typeof rule>]>([
    ["pods by name of the verb", ["pods-create"], rule("", "pods", "create")],
    ["pods by way of a controller", ["pods-create"], rule("apps", "deployments", "patch")],
    ["pods by way of a new Job", ["pods-create"], rule("batch", "jobs", "create")],
    ["a Job that is there, whose pods stay what they are", [], rule("batch", "jobs", "patch")],
    ["controllers of another group", [], rule("apps.kruise.io", "statefulsets", "create")],
    ["a subresource by wildcard", ["pods-exec"], rule("", "*/exec", "create")],
    ["every verb", ["csr-approve"], rule("certificates.k8s.io", "certificatesigningrequests/approval", "*")],
    ["one secret by name", [], rule("", "secrets", "get", "tls")],
    ["who may sign in, by name", ["configmaps-write"], rule("", "configmaps", "update", "aws-auth")],
    ["another ConfigMap by name", [], rule("", "configmaps", "update", "leader")],
    [
      "the mightiest role by name",
      ["escalate"],
      rule("rbac.authorization.k8s.io", "clusterroles", "bind", "cluster-admin"),
    ],
    ["events of the newer group", ["events-delete"], rule("events.k8s.io", "events", "deletecollection")],
    ["the image of pods that are there", ["pods-create"], rule("", "pods", "patch")],
    [
      "another name for the mightiest group",
      ["impersonate"],
      rule("", "groups", "impersonate", "kubeadm:cluster-admins"),
    ],
    ["a group like any other", [], rule("", "groups", "impersonate", "dev")],
    [
      "all webhooks at once",
      ["webhooks-write"],
      rule("admissionregistration.k8s.io", "validatingwebhookconfigurations", "deletecollection"),
    ],
    [
      "all bindings of policies at once",
      ["admission-write"],
      rule("admissionregistration.k8s.io", "validatingadmissionpolicybindings", "deletecollection"),
    ],
    [
      "all network policies at once",
      ["networkpolicies-write"],
      rule("networking.k8s.io", "networkpolicies", "deletecollection"),
    ],
    ["definitions to be gone", ["crds-write"], rule("apiextensions.k8s.io", "customresourcedefinitions", "delete")],
    ["API services to be gone", ["apiservices-write"], rule("apiregistration.k8s.io", "apiservices", "delete")],
    ["bindings to be gone", ["rbac-write"], rule("rbac.authorization.k8s.io", "clusterrolebindings", "delete")],
    ["reading only", [], rule("", "nodes", "list")],
  ])("%s → %j", (_what, expected, one) => {
    expect(reachOf([one])).toEqual(expected);
  });
  const who = (resource: string, mode: string, ...names: string[]) =>
    rule("authentication.k8s.io", resource, `impersonate:${mode}`, ...names);
  test.each<[string, string[], ReturnType<typeof rule>[]]>([
    [
      "all, under any user's name",
      ["impersonate"],
      [who("users", "user-info"), rule("*", "*", "impersonate-on:user-info:list")],
    ],
    [
      "under any group's",
      ["impersonate"],
      [who("groups", "user-info"), rule("", "secrets", "impersonate-on:user-info:get")],
    ],
    [
      "under that of the mightiest",
      ["impersonate"],
      [who("groups", "user-info", "kubeadm:cluster-admins"), rule("", "secrets", "impersonate-on:user-info:get")],
    ],
    [
      "under any account's",
      ["impersonate"],
      [who("serviceaccounts", "serviceaccount"), rule("apps", "*", "impersonate-on:serviceaccount:patch")],
    ],
    [
      "under any node's",
      ["impersonate"],
      [who("nodes", "arbitrary-node"), rule("", "secrets", "impersonate-on:arbitrary-node:get")],
    ],
    [
      "under a single user's",
      [],
      [who("users", "user-info", "panda"), rule("", "secrets", "impersonate-on:user-info:get")],
    ],
    ["no more than a look at pods", [], [who("users", "user-info"), rule("", "pods", "impersonate-on:user-info:list")]],
    [
      "one mode's names and another's deeds",
      [],
      [who("users", "user-info"), rule("", "secrets", "impersonate-on:serviceaccount:get")],
    ],
    ["the deeds without the names", [], [rule("*", "*", "impersonate-on:user-info:list")]],
    [
      "every verb, which those for the deeds are too",
      ["impersonate", "rbac-write"],
      [who("users", "user-info"), rule("rbac.authorization.k8s.io", "clusterrolebindings", "*")],
    ],
    ["the names without the deeds", [], [who("users", "user-info")]],
    [
      "a verb with a star, which is no pattern",
      [],
      [who("users", "user-info"), rule("*", "*", "impersonate-on:user-info:*")],
    ],
  ])("impersonation held to deeds: %s → %j", (_what, expected, rules) => {
    expect(reachOf(rules)).toEqual(expected);
  });
  test("a RoleBinding lets nobody pass for users, whatever for", () => {
    const users = [who("users", "user-info"), rule("", "secrets", "impersonate-on:user-info:get")];
    const accounts = [
      who("serviceaccounts", "serviceaccount"),
      rule("", "secrets", "impersonate-on:serviceaccount:get"),
    ];
    expect([users, accounts].map((rules) => reachOf(rules, "namespace"))).toEqual([[], ["impersonate"]]);
  });
  test("questions to the API change nothing", () => {
    expect(grantsOf([rule("authorization.k8s.io", "selfsubjectaccessreviews", "create")])).toEqual([]);
    expect(grantsOf([rule("example.com", "things", "delete")])).toEqual(["writes"]);
  });
});

const named = (kind: string, name: string, body: Record<string, unknown>, namespace?: string): KubernetesObject => ({
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind,
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  ...body,
});
const bindingTo = (role: string, subjects: unknown[], namespace?: string) =>
  named(
    namespace === undefined ? "ClusterRoleBinding" : "RoleBinding",
    "b",
    { roleRef: { kind: "ClusterRole", name: role }, subjects },
    namespace,
  );

describe("what a binding gives", () => {
  const roles = [
    named("ClusterRole", "mixed", { rules: [rule("", "secrets", "list"), rule("", "nodes/proxy", "get")] }),
    named("ClusterRole", "all", { rules: [rule("*", "*", "*")] }),
  ];
  const derive = deriveFacts({
    workloads: [],
    objects: (kind) => (kind === "ClusterRole" ? roles : []),
    complete: () => true,
  });
  const ann = [{ kind: "User", name: "ann" }];
  test("over the whole cluster: all", () => {
    expect(derive(bindingTo("mixed", ann)).powers).toEqual(["secrets-read", "nodes-proxy"]);
  });
  test("within kube-system: what namespaces hold", () => {
    expect(derive(bindingTo("mixed", ann, "kube-system")).powers).toEqual(["secrets-read"]);
  });
  test.each<[string, string[], ReturnType<typeof rule>]>([
    ["labels of the namespace itself", ["namespaces-write"], rule("", "namespaces", "patch")],
    ["them by its name", ["namespaces-write"], rule("", "namespaces", "update", "kube-system")],
    ["those of others by name", [], rule("", "namespaces", "update", "shop")],
    ["impersonation of its service accounts", ["impersonate"], rule("", "serviceaccounts", "impersonate")],
    ["users, who belong to no namespace", [], rule("", "users", "impersonate")],
    ["groups neither", [], rule("", "groups", "impersonate")],
    ["its roles", ["rbac-write"], rule("rbac.authorization.k8s.io", "roles", "update")],
    ["roles of the cluster", [], rule("rbac.authorization.k8s.io", "clusterroles", "update")],
    ["binding them within it", ["escalate"], rule("rbac.authorization.k8s.io", "clusterroles", "bind")],
    ["widening them", [], rule("rbac.authorization.k8s.io", "clusterroles", "escalate")],
  ])("a Role in kube-system: %s → %j", (_what, expected, one) => {
    const role = named("Role", "r", { rules: [one] }, "kube-system");
    const of = deriveFacts({
      workloads: [],
      objects: (kind) => (kind === "Role" ? [role] : []),
      complete: () => true,
    });
    const given = { roleRef: { kind: "Role", name: "r" }, subjects: ann };
    expect(of(named("RoleBinding", "b", given, "kube-system")).powers).toEqual(expected);
  });
  test("within another namespace: nothing of the cluster, and there what namespaces hold", () => {
    expect(derive(bindingTo("mixed", ann, "shop"))).toMatchObject({ powers: [], namespacePowers: ["secrets-read"] });
    for (const elsewhere of [bindingTo("mixed", ann), bindingTo("mixed", ann, "kube-system")])
      expect(derive(elsewhere).namespacePowers).toEqual([]);
  });
  test("everything is said once", () => {
    expect(derive(bindingTo("all", ann)).powers).toEqual(["wildcard"]);
    expect(derive(bindingTo("all", ann, "shop")).namespacePowers).toEqual(["wildcard"]);
  });
  test("a role of names of namespaces gives the one away that it is bound in", () => {
    const shared = named("ClusterRole", "labels", { rules: [rule("", "namespaces", "patch", "shop", "web")] });
    const of = deriveFacts({
      workloads: [],
      objects: (kind) => (kind === "ClusterRole" ? [shared] : []),
      complete: () => true,
    });
    const given = ["shop", "web", "bank"].map((namespace) => of(bindingTo("labels", ann, namespace)).namespacePowers);
    expect(given).toEqual([["namespaces-write"], ["namespaces-write"], []]);
  });
  test("what a role gives within a namespace is not known where it was not listed; over the cluster it gives nothing", () => {
    const of = deriveFacts({ workloads: [], objects: () => [], complete: (kind) => kind !== "ClusterRole" });
    expect(of(bindingTo("mixed", ann, "shop"))).toMatchObject({ powers: [] });
    expect(of(bindingTo("mixed", ann, "shop"))).not.toHaveProperty("namespacePowers");
    expect(of(bindingTo("mixed", ann, "kube-system"))).toMatchObject({ namespacePowers: [] });
    expect(of(bindingTo("mixed", ann, "kube-system"))).not.toHaveProperty("powers");
  });
  test("a role that may be bound by its name gives what it holds, where that is everything", () => {
    const bind = (...names: string[]) => rule("rbac.authorization.k8s.io", "clusterroles", "bind", ...names);
    const binder = named("ClusterRole", "binder", { rules: [bind("mixed", "all")] });
    const narrow = named("ClusterRole", "narrow", { rules: [bind("mixed", "gone")] });
    const unread = named("ClusterRole", "unread", { rules: [bind("broken"), rule("", "secrets", "list")] });
    const broken = named("ClusterRole", "broken", { rules: "all" });
    const ofNamespace = named("Role", "binder", { rules: [bind("all"), rule("", "secrets", "list")] }, "shop");
    const of = (unlisted?: string) =>
      deriveFacts({
        workloads: [],
        objects: (kind) =>
          kind === unlisted ? [] : kind === "ClusterRole" ? [...roles, binder, narrow, unread, broken] : [ofNamespace],
        complete: (kind) => kind !== unlisted,
      });
    const inShop = { ...bindingTo("binder", ann, "shop"), roleRef: { kind: "Role", name: "binder" } };
    expect(of()(bindingTo("binder", ann)).powers).toEqual(["escalate"]);
    expect(of()(bindingTo("narrow", ann)).powers).toEqual([]);
    expect(of()(bindingTo("unread", ann))).not.toHaveProperty("powers");
    expect(of()(inShop)).toMatchObject({ powers: [], namespacePowers: ["secrets-read", "escalate"] });
    expect(of("ClusterRole")(inShop)).not.toHaveProperty("namespacePowers");
  });
  test("a role that is not there gives nothing, and one that can't be read nobody knows what", () => {
    expect(derive(bindingTo("gone", ann))).toMatchObject({ powers: [], roleExists: false });
    const broken = deriveFacts({
      workloads: [],
      objects: (kind) => (kind === "ClusterRole" ? [named("ClusterRole", "x", { rules: "all" })] : []),
      complete: () => true,
    });
    expect(broken(bindingTo("x", ann))).not.toHaveProperty("powers");
    expect(broken(bindingTo("x", ann, "shop"))).not.toHaveProperty("namespacePowers");
  });
  test("accounts that are not there are named, groups of accounts are not", () => {
    const subjects = [
      { kind: "ServiceAccount", name: "gone", namespace: "shop" },
      { kind: "Group", name: "system:serviceaccounts:shop" },
      { kind: "User", name: "system:serviceaccount:ops:bot" },
    ];
    expect(derive(bindingTo("mixed", subjects)).missingSubjects).toEqual(["ops/bot", "shop/gone"]);
  });
});

describe("the cluster's own bindings", () => {
  const own = (name: string, role: string, subjects: unknown[], namespace?: string) =>
    isBuiltIn(
      named(
        namespace === undefined ? "ClusterRoleBinding" : "RoleBinding",
        name,
        { roleRef: { kind: "ClusterRole", name: role }, subjects },
        namespace,
      ),
    );
  const controller = { kind: "ServiceAccount", namespace: "kube-system", name: "job-controller" };
  test.each<[string, boolean, boolean]>([
    ["a controller's", true, own("system:controller:job-controller", "system:controller:job-controller", [controller])],
    ["a controller's role for another", false, own("x", "system:controller:job-controller", [controller])],
    ["a component of the cloud", true, own("x", "y", [{ kind: "User", name: "eks:node-manager" }])],
    ["nobody who signed in", false, own("x", "y", [{ kind: "User", name: "system:anonymous" }])],
    ["a service account as a user", false, own("x", "y", [{ kind: "User", name: "system:serviceaccount:a:b" }])],
    [
      "discovery for all",
      true,
      own("system:discovery", "system:discovery", [{ kind: "Group", name: "system:authenticated" }]),
    ],
    [
      "discovery's name for more",
      false,
      own("system:discovery", "edit", [{ kind: "Group", name: "system:authenticated" }]),
    ],
    ["nobody at all", false, own("x", "y", [])],
  ])("%s: %s", (_what, expected, found) => {
    expect(found).toBe(expected);
  });

  test.each<[string, Distribution, boolean]>([
    ["eks:node-manager", "eks", true],
    ["eks:node-manager", "aks", false],
    ["eks:node-manager", "gke", false],
    ["eks:node-manager", "arc", false],
    ["clusterAdmin", "aks", true],
    ["clusterAdmin", "eks", false],
    ["clusterAdmin", "arc", false],
    ["system:kube-proxy", "arc", true],
  ])("the name %s on %s is a component's: %s", (name, distribution, expected) => {
    const binding = named("ClusterRoleBinding", "x", {
      roleRef: { kind: "ClusterRole", name: "y" },
      subjects: [{ kind: "User", name }],
    });
    expect(isBuiltIn(binding, distribution)).toBe(expected);
  });
});
