import { describe, expect, test } from "vitest";
import { deriveFacts } from "@/domain/inventory/derive";
import { DISPUTED } from "@/domain/inventory/fact";
import type { KubernetesObject } from "@/domain/inventory/schema";
import { certainFacts } from "./facts";
import type { FileFacts } from "./file-facts";
import { seawall } from "./testing";

const object = (kind: string, name: string, body: Record<string, unknown> = {}): KubernetesObject => ({
  apiVersion: "v1",
  kind,
  metadata: { name, namespace: "shop", labels: { app: "web" } },
  ...body,
});
const RBAC = "rbac.authorization.k8s.io/v1";
const allow = (resource: string, ...verbs: string[]) => ({ apiGroups: [""], resources: [resource], verbs });
const pod = (spec: Record<string, unknown>) =>
  object("Pod", "web", { spec: { containers: [{ name: "web" }], ...spec } });
const factsOf = (judged: KubernetesObject, ...others: KubernetesObject[]): FileFacts["certain"] =>
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
  const lets = (resource: string, ...names: string[]) => ({
    apiGroups: ["rbac.authorization.k8s.io"],
    resources: [resource],
    resourceNames: names,
    verbs: ["bind"],
  });
  const holding = (kind: string, name: string, ...rules: object[]) => object(kind, name, { rules });
  test.each([
    ["a role that stands elsewhere", "clusterroles", [holding("ClusterRole", "step", lets("clusterroles", "ops"))]],
    ["one that others may add to", "clusterroles", [holding("ClusterRole", "step", lets("clusterroles", "view"))]],
    ["a Role that stands elsewhere", "roles", []],
    ["one by a Role", "roles", [holding("Role", "step", lets("clusterroles", "ops"))]],
    ["a Role by a Role", "roles", [holding("Role", "step", lets("roles", "ops"))]],
    ["a Role by a ClusterRole", "clusterroles", [holding("ClusterRole", "step", lets("roles", "ops"))]],
  ])("what is bound by name step by step is not known where it leads to %s", (_to, resource, steps) => {
    const binder = holding("ClusterRole", "binder", lets(resource, "step"), allow("secrets", "get"));
    const within = object("RoleBinding", "b", { roleRef: { kind: "ClusterRole", name: "binder" } });
    expect(factsOf(within, binder, ...steps)).not.toHaveProperty("namespacePowers");
    expect(certainFacts([within, binder, ...steps])(within).between).toMatchObject({
      least: { namespacePowers: ["secrets-read"] },
      most: { namespacePowers: ["secrets-read", "escalate"] },
    });
    const ends = [holding("ClusterRole", "ops"), holding("Role", "ops"), holding("Role", "step")];
    const harmless = holding("ClusterRole", "step", lets("clusterroles", "ops"));
    expect(factsOf(within, binder, ...ends, harmless)).toMatchObject({ namespacePowers: ["secrets-read"] });
  });

  describe("two roles of one name that disagree", () => {
    const everything = { apiGroups: ["*"], resources: ["*"], verbs: ["*"] };
    const given = (kind: string, ...roles: object[][]): FileFacts => {
      const binding = object(kind === "Role" ? "RoleBinding" : "ClusterRoleBinding", "b", {
        roleRef: { kind, name: "ops" },
        subjects: [{ kind: "ServiceAccount", name: "deployer", namespace: "shop" }],
      });
      return certainFacts([binding, ...roles.map((rules) => holding(kind, "ops", ...rules))])(binding);
    };
    test("leave open what only one of them gives, whichever comes last", () => {
      const [mighty, harmless] = [[allow("secrets", "get")], [allow("pods", "get")]];
      for (const roles of [
        [mighty, harmless],
        [harmless, mighty],
      ]) {
        const { certain, between } = given("ClusterRole", ...roles);
        expect(certain).toMatchObject({ powers: DISPUTED, grants: DISPUTED, roleExists: true, sureGrants: [] });
        expect(between).toMatchObject({ least: { powers: [] }, most: { powers: ["secrets-read"] } });
        const { certain: narrow, between: within } = given("Role", ...roles);
        expect(narrow).toMatchObject({ powers: [], namespacePowers: DISPUTED, grants: DISPUTED });
        expect(within).toMatchObject({
          least: { namespacePowers: [] },
          most: { namespacePowers: ["secrets-read"] },
        });
      }
    });
    test("are named as the reason, and where more may be added files are not asked for", async () => {
      const said = async (role: string): Promise<string> => {
        const roles = [allow("pods", "get"), everything].map((rule) => ({ ...holding("ClusterRole", "ops", rule) }));
        const group = [{ kind: "Group", name: "system:serviceaccounts" }];
        const all = [...roles, { ...bound(role), subjects: group }].map((one) => ({ ...one, apiVersion: RBAC }));
        const { out } = await seawall(
          ["check", "-", "--controls", "SW-0326"],
          all.map((one) => JSON.stringify(one)).join("\n---\n"),
        );
        return out;
      };
      expect(await said("ops")).toMatch(/not evaluated {2}SW-0326[\s\S]*those of its name disagree/);
      expect(await said("view")).toMatch(/not evaluated {2}SW-0326[\s\S]*has an aggregationRule, as view/);
      expect(await said("edit")).toMatch(/high {2,}SW-0326/);
    });
    test("give what each of them gives", () => {
      const { between } = given(
        "ClusterRole",
        [everything],
        [allow("secrets", "get", "list"), allow("pods", "create")],
      );
      expect(between?.least.powers).toEqual(["secrets-read", "pods-create"]);
      expect(between?.most.powers).toEqual(["wildcard"]);
      const otherwise = given(
        "ClusterRole",
        [allow("pods", "create")],
        [{ ...allow("jobs", "create"), apiGroups: ["batch"] }],
      );
      expect(otherwise.certain).toMatchObject({ powers: ["pods-create"] });
    });
    test("are as one where they give the same", () => {
      const same = [allow("secrets", "get")];
      expect(given("ClusterRole", same, same)).toEqual(given("ClusterRole", same));
      expect(given("ClusterRole", [allow("pods", "get")], [allow("nodes", "get")]).certain).toMatchObject({
        powers: [],
        grants: [],
      });
    });
    test("hold by name what both of them hold", () => {
      const powersOf = (...names: string[][]) => {
        const others = [holding("ClusterRole", "mighty", everything), holding("ClusterRole", "meek")];
        const roles = names.map((held) => holding("ClusterRole", "ops", lets("clusterroles", ...held)));
        return factsOf(bound("ops"), ...others, ...roles).powers;
      };
      expect(powersOf(["mighty", "meek"], ["mighty"])).toEqual(["escalate"]);
      expect(powersOf(["mighty"], [])).toEqual(["escalate"]);
      expect(powersOf(["mighty"], ["meek"])).toBe(DISPUTED);
    });
    test("leave open what pods may do, and what a role takes in by labels", () => {
      const roles = (...rules: object[]): KubernetesObject[] =>
        [[everything], rules].map((held) => holding("ClusterRole", "ops", ...held));
      expect(factsOf(deployer, bound("ops"), ...roles(allow("pods", "get")))).not.toHaveProperty("reach");
      expect(factsOf(deployer, bound("ops"), ...roles(allow("secrets", "get")))).toHaveProperty("reach", [
        "secrets-read",
      ]);
      const labels = { "rbac.authorization.k8s.io/aggregate-to-view": "true" };
      const joined = roles(allow("secrets", "get")).map((role) => ({ ...role, metadata: { name: "ops", labels } }));
      expect(certainFacts([bound("view"), ...joined])(bound("view")).between).toMatchObject({
        least: { powers: ["secrets-read"] },
      });
    });
    test("are each judged by what stands in it; one that can't be read leaves all open", () => {
      const [mighty, harmless] = [holding("ClusterRole", "ops", everything), holding("ClusterRole", "ops")];
      const of = certainFacts([mighty, harmless, bound("ops")]);
      expect([of(mighty), of(harmless)].map(({ certain }) => certain.grants)).toEqual([
        expect.arrayContaining(["wildcard"]),
        [],
      ]);
      const broken = object("ClusterRole", "ops", { rules: "*" });
      expect(factsOf(bound("ops"), mighty, broken)).not.toHaveProperty("powers");
    });
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
