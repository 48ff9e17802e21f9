import { describe, expect, it } from "vitest";
import { aggregatedRules } from "./rbac";
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
      const verbs = aggregatedRules(role, roles).flatMap(({ verbs = [] }) => verbs);
      expect(verbs.sort()).toEqual(roles.map((_, at) => `verb-${at}`).sort());
    }
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
