import { describe, expect, it } from "vitest";
import { deriveFacts } from "./derive";
import { aggregatedRules, aggregatorsOf } from "./rbac";
import { indexRbac } from "./reach";
import type { KubernetesObject } from "./schema";

const labels = { joins: "all" };
/** Roles of which each selects all. */
const circle = (size: number): KubernetesObject[] =>
  Array.from({ length: size }, (_, at) => ({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name: `role-${at}`, labels },
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: labels }] },
    rules: [{ apiGroups: [""], resources: ["pods"], verbs: [`verb-${at}`] }],
  }));
const bindingTo = (name: string): KubernetesObject => ({
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRoleBinding",
  metadata: { name: "binding" },
  roleRef: { kind: "ClusterRole", name },
});

describe("roles that select each other", () => {
  it("are each looked at once, however many ways lead to them", () => {
    const roles = circle(60);
    for (const role of roles) {
      const verbs = (aggregatedRules(role, roles) ?? []).flatMap(({ verbs = [] }) => verbs);
      expect(verbs.sort()).toEqual(roles.map((_, at) => `verb-${at}`).sort());
    }
  });
  it("are another's, too, when they are called alike: files hold a base and its overlay", () => {
    const [a, b, named] = circle(3);
    if (a === undefined || b === undefined || named === undefined) throw new Error("Three were wanted.");
    const overlay = { ...named, metadata: { ...b.metadata } };
    const verbs = aggregatedRules(a, [a, b, overlay])?.flatMap((rule) => rule.verbs ?? []);
    expect(verbs?.sort()).toEqual(["verb-0", "verb-1", "verb-2"]);
    const one = {
      ...b,
      metadata: { name: "b", labels: { step: "1" } },
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: { step: "2" } }] },
    };
    const two = { ...named, metadata: { name: "b", labels: { step: "2" } }, aggregationRule: undefined };
    const root = { ...a, aggregationRule: { clusterRoleSelectors: [{ matchLabels: { step: "1" } }] } };
    expect(aggregatedRules(root, [root, one, two])?.flatMap((rule) => rule.verbs ?? [])).toContain("verb-2");
  });
  it("grant nobody knows what when they are beyond bounds, and others what they say", () => {
    const [alone = bindingTo("")] = circle(1).map(({ apiVersion, kind, rules }) => ({
      ...{ apiVersion, kind, rules },
      metadata: { name: "alone" },
    }));
    const within = indexRbac([], [...circle(100), alone], [], []);
    expect(within.rules(bindingTo("role-0"))).toHaveLength(100);
    const beyond = indexRbac([], [...circle(101), alone], [], []);
    expect(beyond.rules(bindingTo("role-0"))).toBeUndefined();
    expect(beyond.powers(bindingTo("role-0"))).toBeUndefined();
    expect(beyond.rules(bindingTo("alone"))).toHaveLength(1);
  });
});

describe("an aggregation that can't be read", () => {
  const [wild = bindingTo("")] = circle(1).map(({ aggregationRule: _, ...role }) => ({
    ...role,
    metadata: { name: "wild" },
    rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }],
  }));
  const aggregating = (aggregationRule: unknown, name = "broken", labels = {}): KubernetesObject => ({
    ...wild,
    metadata: { name, labels },
    aggregationRule,
    rules: [],
  });
  it.each<[string, unknown]>([
    ["true where a text belongs", [{ matchLabels: { x: true } }]],
    ["a text for a selector", ["text"]],
    ["a text for the list", "text"],
    ["an operator that is none", [{ matchExpressions: [{ key: "a", operator: "Equals" }] }]],
  ])("selects nobody knows whom: %s", (_what, clusterRoleSelectors) => {
    const broken = aggregating({ clusterRoleSelectors }, "broken", { step: "1" });
    const outer = aggregating({ clusterRoleSelectors: [{ matchLabels: { step: "1" } }] }, "outer");
    const rbac = indexRbac([], [wild, broken, outer], [bindingTo("outer")], []);
    for (const name of ["broken", "outer"]) {
      expect(rbac.rules(bindingTo(name))).toBeUndefined();
      expect(rbac.powers(bindingTo(name))).toBeUndefined();
    }
    expect(rbac.powers(bindingTo("wild"))).toEqual(["wildcard"]);
    // It may select the role, which has no other use.
    expect(rbac.usesOf(wild)).toBeUndefined();
    expect(rbac.usesOf(broken)).toBe(1);
  });
  it("selects all with an empty selector, which can be read", () => {
    const rbac = indexRbac([], [wild, aggregating({ clusterRoleSelectors: [{}] })], [], []);
    expect(rbac.powers(bindingTo("broken"))).toEqual(["wildcard"]);
  });
});

describe("a role with thousands of selectors", () => {
  const role = (name: string, more: object, own: Record<string, string> = {}): KubernetesObject => ({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name, labels: own },
    ...more,
  });
  const rules = [{ apiGroups: [""], resources: ["secrets"], verbs: ["get"] }];
  const reader = role("reader", { rules }, { own: "7" });
  const lone = role("lone", { rules });
  const growing = (name: string, selectors: object[]) =>
    role(name, { aggregationRule: { clusterRoleSelectors: selectors }, rules: [] }, { joins: "x" });
  const byLabel = Array.from({ length: 300_000 }, (_, at) => ({ matchLabels: { own: `${at}` } }));
  const byName = Array.from({ length: 300_000 }, (_, at) => ({
    matchExpressions: [{ key: `k${at}`, operator: "Exists" }],
  }));

  it("is told what it grants when each asks for a label of its own", () => {
    const roles = [reader, lone, growing("grows", byLabel)];
    const rbac = indexRbac([], roles, [], []);
    expect(rbac.rules(bindingTo("grows"))).toEqual(rules);
    expect([reader, lone].map((one) => rbac.usesOf(one))).toEqual([1, 0]);
  });
  it("grants nobody knows what when each would have to be asked, nor is it known who is aggregated", () => {
    const roles = [reader, lone, growing("grows", byName), growing("admin", [])];
    const rbac = indexRbac([], roles, [bindingTo("lone")], []);
    expect(rbac.rules(bindingTo("grows"))).toBeUndefined();
    expect(rbac.grants(bindingTo("grows"))).toBeUndefined();
    expect(rbac.rules(bindingTo("lone"))).toEqual(rules);
    expect(roles.map((one) => rbac.usesOf(one))).toEqual(Array(4).fill(undefined));
    const factsOf = deriveFacts({
      workloads: [],
      objects: (kind) => (kind === "ClusterRole" ? roles : []),
      complete: () => true,
    });
    // Nor is a role that bears a known name known to hold no more than that.
    for (const one of [roles[2] ?? lone, roles[3] ?? lone, bindingTo("admin")]) {
      expect(factsOf(one)).not.toHaveProperty("grants");
      expect(factsOf(one)).not.toHaveProperty("bindings");
    }
    expect(factsOf(roles[3] ?? lone)).not.toHaveProperty("builtIn");
    expect(factsOf(roles[2] ?? lone).builtIn).toBe(false);
  });
  it("counts for one among those that aggregate a role, and not for itself", () => {
    const twice = growing("twice", [
      { matchLabels: { own: "7" } },
      { matchExpressions: [{ key: "own", operator: "Exists" }] },
    ]);
    const all = growing("all", [{}]);
    const roles = [reader, twice, all];
    expect(roles.map((one) => aggregatorsOf(one, roles))).toEqual([2, 1, 0]);
  });
  it("grants nobody knows what when too much would have to be walked", () => {
    const many = Array.from({ length: 600 }, (_, at) => role(`many-${at}`, { rules }));
    const all = (count: number) => Array.from({ length: count }, (_, at) => growing(`all-${at}`, [{}]));
    expect(indexRbac([], [...many, ...all(40)], [], []).rules(bindingTo("all-1"))).toEqual(rules);
    expect(indexRbac([], [...many, ...all(100)], [], []).rules(bindingTo("all-1"))).toBeUndefined();
  });
});

describe("a group of all service accounts", () => {
  const bound = (namespace: string): KubernetesObject => ({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: { name: "all", namespace },
    roleRef: { kind: "ClusterRole", name: "reader" },
    subjects: [{ kind: "Group", name: "system:serviceaccounts" }],
  });
  const reader: KubernetesObject = {
    ...{ apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name: "reader" } },
    rules: [{ apiGroups: [""], resources: ["secrets", "pods/exec"], verbs: ["get", "create"] }],
  };
  it("that is bound in thousands of namespaces reaches the first of them by name, and always kube-system", () => {
    const spaces = Array.from({ length: 20_000 }, (_, at) => `a${at}`);
    const rbac = indexRbac([], [reader], [], [...spaces, "kube-system"].map(bound));
    const reach = rbac.namespaceReach("shop", "web") ?? [];
    expect(reach).toHaveLength(300);
    expect(reach.slice(0, 2)).toEqual(["secrets-read@a0", "secrets-read@a1"]);
    for (const power of ["secrets-read", "secrets-write", "pods-exec"]) expect(reach).toContain(`${power}@kube-system`);
    for (const space of spaces) expect(rbac.namespaceReach(space, "web")).toBe(reach);
  });
});
