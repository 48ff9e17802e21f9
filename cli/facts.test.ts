import { describe, expect, test } from "vitest";
import { deriveFacts } from "@/domain/inventory/derive";
import type { Facts } from "@/domain/inventory/fact";
import type { KubernetesObject } from "@/domain/inventory/schema";
import { certainFacts } from "./facts";

const object = (kind: string, name: string, body: Record<string, unknown> = {}): KubernetesObject => ({
  apiVersion: "v1",
  kind,
  metadata: { name, namespace: "shop", labels: { app: "web" } },
  ...body,
});
const pod = (spec: Record<string, unknown>) =>
  object("Pod", "web", { spec: { containers: [{ name: "web" }], ...spec } });
const factsOf = (judged: KubernetesObject, ...others: KubernetesObject[]): Facts =>
  certainFacts([judged, ...others])(judged).certain;

describe("facts that files are enough for", () => {
  const bound = (role: string) =>
    object("ClusterRoleBinding", "b", {
      roleRef: { kind: "ClusterRole", name: role },
      subjects: [{ kind: "ServiceAccount", name: "deployer", namespace: "shop" }],
    });
  const deployer = pod({ serviceAccountName: "deployer", automountServiceAccountToken: true });

  test("a binding to cluster-admin, which every cluster has, gives everything", () => {
    expect(factsOf(deployer, bound("cluster-admin")).reach).toEqual(expect.arrayContaining(["cluster-admin"]));
    expect(factsOf(bound("cluster-admin"))).toMatchObject({ roleExists: true, powers: ["wildcard"] });
  });
  test("a default role that grows by labels gives at least what it begins with", () => {
    expect(factsOf(deployer, bound("edit")).reach).toEqual(expect.arrayContaining(["secrets-read", "pods-exec"]));
    expect(factsOf(deployer, bound("view"))).not.toHaveProperty("reach");
    for (const role of ["admin", "edit", "view"]) {
      expect(factsOf(bound(role))).toHaveProperty("roleExists", true);
      expect(factsOf(bound(role))).not.toHaveProperty("powers");
    }
  });
  test("a role that only itself selects is used by nobody, though it is given twice", () => {
    const labels = { extends: "itself" };
    const own = (): KubernetesObject => ({
      ...object("ClusterRole", "own", { aggregationRule: { clusterRoleSelectors: [{ matchLabels: labels }] } }),
      metadata: { name: "own", labels },
    });
    const other: KubernetesObject = { ...object("ClusterRole", "other"), metadata: { name: "other", labels } };
    expect(factsOf(own())).not.toHaveProperty("bindings");
    expect(factsOf(own(), own())).not.toHaveProperty("bindings");
    expect(factsOf(other, own())).toHaveProperty("bindings", 1);
    // A scan has seen every binding.
    const role = own();
    const listed = (kind: string) => (kind === "ClusterRole" ? [role] : []);
    expect(deriveFacts({ workloads: [], objects: listed, complete: () => true })(role).bindings).toBe(0);
  });
  test("a default role grows by what files label for it, and not by what they write into it", () => {
    const rules = [{ apiGroups: [""], resources: ["nodes/proxy"], verbs: ["get"] }];
    const labels = { "rbac.authorization.k8s.io/aggregate-to-view": "true" };
    const added: KubernetesObject = { ...object("ClusterRole", "more", { rules }), metadata: { name: "more", labels } };
    // What is added to `view` is added to `edit` and `admin` too.
    for (const role of ["view", "edit", "admin"])
      expect(factsOf(deployer, bound(role), added).reach).toEqual(expect.arrayContaining(["nodes-proxy"]));
    expect(factsOf(added)).toMatchObject({ bindings: 1 });
    const aggregationRule = { clusterRoleSelectors: [{ matchLabels: labels }] };
    const written: KubernetesObject = { ...added, metadata: { name: "view" }, aggregationRule };
    expect(factsOf(deployer, bound("view"), written)).not.toHaveProperty("reach");
    const broken = { ...written, rules: "*" };
    expect(certainFacts([broken])(broken).between).toBeUndefined();
  });
  test("what another role grants is not known without it", () => {
    expect(factsOf(deployer, bound("shop"))).not.toHaveProperty("reach");
    expect(factsOf(bound("shop"))).not.toHaveProperty("powers");
  });
  test("a binding within a namespace gives nothing beyond it, whatever its role holds", () => {
    const within = (role: string, namespace = "shop"): KubernetesObject => ({
      ...object("RoleBinding", "b", { roleRef: { kind: "ClusterRole", name: role } }),
      metadata: { name: "b", namespace },
    });
    for (const role of ["edit", "elsewhere"]) {
      expect(factsOf(within(role))).toMatchObject({ powers: [] });
      expect(factsOf(within(role))).not.toHaveProperty("namespacePowers");
      expect(factsOf(within(role, "kube-system"))).not.toHaveProperty("powers");
      expect(factsOf(within(role, "kube-system"))).toMatchObject({ namespacePowers: [] });
    }
    expect(factsOf(within("cluster-admin"))).toMatchObject({ powers: [], namespacePowers: ["wildcard"] });
    const between = (namespace: string) => {
      const binding = within("edit", namespace);
      return certainFacts([binding])(binding).between;
    };
    expect(between("shop")?.least).toMatchObject({
      powers: [],
      namespacePowers: expect.arrayContaining(["pods-exec"]),
    });
    expect(between("shop")?.most).toMatchObject({ powers: [], namespacePowers: expect.arrayContaining(["escalate"]) });
    expect(between("kube-system")?.most).toMatchObject({ namespacePowers: [] });
    expect(between("kube-system")?.least).toMatchObject({ powers: expect.arrayContaining(["pods-exec"]) });
  });
  test("a role that lets others be bound by names which stand elsewhere may give everything", () => {
    const rules = [
      {
        apiGroups: ["rbac.authorization.k8s.io"],
        resources: ["clusterroles"],
        resourceNames: ["ops"],
        verbs: ["bind"],
      },
      { apiGroups: [""], resources: ["secrets"], verbs: ["list"] },
    ];
    const binder = object("ClusterRole", "binder", { rules });
    const all = [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }];
    expect(factsOf(bound("binder"), binder)).not.toHaveProperty("powers");
    expect(certainFacts([bound("binder"), binder])(bound("binder")).between).toMatchObject({
      least: { powers: ["secrets-read"] },
      most: { powers: ["secrets-read", "escalate"] },
    });
    const given = (held: object[]) => factsOf(bound("binder"), binder, object("ClusterRole", "ops", { rules: held }));
    expect(given([])).toMatchObject({ powers: ["secrets-read"] });
    expect(given(all)).toMatchObject({ powers: ["secrets-read", "escalate"] });
  });
  test("a role of that name in the files is believed", () => {
    const narrowed = object("ClusterRole", "cluster-admin", { rules: [] });
    expect(factsOf(deployer, bound("cluster-admin"), narrowed)).not.toHaveProperty("reach");
  });

  const open = object("NetworkPolicy", "open", { spec: { podSelector: {}, ingress: [{}] } });
  test("a policy that lets everybody in is not undone by others, wherever they stand", () => {
    const namespace = object("Namespace", "shop");
    expect(factsOf(namespace, pod({}), open)).toMatchObject({ workloads: 1, defaultDenyIngress: false });
    expect(factsOf(namespace, pod({}), open)).not.toHaveProperty("defaultDenyEgress");
    expect(factsOf(namespace, pod({}))).not.toHaveProperty("defaultDenyIngress");
    expect(factsOf(pod({}), open)).toHaveProperty("selectedByIngressPolicy", false);
    expect(factsOf(pod({}), open)).not.toHaveProperty("selectedByEgressPolicy");
  });

  const policy = object("NetworkPolicy", "deny", { spec: { podSelector: {}, policyTypes: ["Ingress"] } });
  test("a policy that is missing may stand elsewhere, but none holds pods on their node's network", () => {
    expect(factsOf(pod({}))).not.toHaveProperty("selectedByIngressPolicy");
    expect(factsOf(pod({}), policy)).toHaveProperty("selectedByIngressPolicy", true);
    expect(factsOf(pod({ hostNetwork: true }), policy)).toHaveProperty("selectedByIngressPolicy", false);
  });
});
