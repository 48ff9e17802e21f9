import { expect, test } from "vitest";
import type { KubernetesObject } from "@/domain/inventory/schema";
import { disputedRoles } from "./disputed-roles";
import { certainFacts } from "./facts";

const RESOURCES = Array.from({ length: 1000 }, (_, nth) => `resource-${nth}`);
const role = (name: string, rules: unknown[]): KubernetesObject => ({
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRole",
  metadata: { name },
  rules,
});
/** Roles of one name of which each rule is otherwise than any other. */
const pairOf = (name: string, count: number): KubernetesObject[] =>
  ["a", "b"].map((which) => {
    const rule = (nth: number) => ({ apiGroups: ["x"], resources: [...RESOURCES, `${which}${nth}`], verbs: ["get"] });
    return role(
      name,
      Array.from({ length: count }, (_, nth) => rule(nth)),
    );
  });
const heldBy = (roles: readonly KubernetesObject[]): unknown[] => {
  const found = disputedRoles(roles);
  return roles.map((one) => found.get(one)?.least.rules);
};
const SHARED = [{ apiGroups: ["x"], resources: RESOURCES, verbs: ["get"], nonResourceURLs: [], resourceNames: [] }];

test("holds rules against each other, and equal ones once", () => {
  expect(heldBy(pairOf("small", 10))).toEqual([SHARED, SHARED]);
});

test("knows of no rule in common where rules hold more than can be held against each other", () => {
  const before = process.cpuUsage();
  expect(heldBy(pairOf("big", 440))).toEqual([[], []]);
  const { user, system } = process.cpuUsage(before);
  expect(user + system).toBeLessThan(20_000_000);
});

test("counts what the roles of all names hold", () => {
  const many = Array.from({ length: 60 }, (_, nth) => pairOf(`role-${nth}`, 12)).flat();
  const held = heldBy(many);
  expect([held[0], held.at(-1)]).toEqual([SHARED, []]);
  // What is too much for one name leaves the others theirs.
  expect(heldBy([...pairOf("big", 440), ...pairOf("small", 10)])).toEqual([[], [], SHARED, SHARED]);
});

const labelled = (labels: Record<string, string>, one: KubernetesObject): KubernetesObject => ({
  ...one,
  metadata: { ...one.metadata, labels },
});

test("of roles that differ in labels alone those labels are open, and all rules held", () => {
  const [one] = pairOf("big", 440);
  if (one === undefined) throw new Error("no role");
  const [first, second] = [labelled({ x: "y", of: "shop" }, one), labelled({ of: "shop" }, one)];
  const found = disputedRoles([first, second]);
  expect(found.get(first)?.least).toMatchObject({ metadata: { labels: { of: "shop" } }, rules: one.rules });
  expect(found.get(first)?.most).toMatchObject({ metadata: { labels: { x: "y" } }, rules: one.rules });
  expect(disputedRoles([first, labelled({ of: "shop", x: "y" }, one)]).size).toBe(0);
});

test("what a role takes in by a label that only one of two of a name has is not certain", () => {
  const secrets = role("part", [{ apiGroups: [""], resources: ["secrets"], verbs: ["get"] }]);
  const aggregationRule = { clusterRoleSelectors: [{ matchLabels: { x: "y" } }] };
  const binding: KubernetesObject = {
    ...role("b", []),
    kind: "ClusterRoleBinding",
    roleRef: { kind: "ClusterRole", name: "grows" },
    subjects: [{ kind: "ServiceAccount", name: "deployer", namespace: "shop" }],
  };
  const read = (...parts: KubernetesObject[]) =>
    certainFacts([{ ...role("grows", []), aggregationRule }, ...parts, binding])(binding);
  expect(read(labelled({ x: "y" }, secrets)).between?.least.powers).toEqual(["secrets-read"]);
  expect(read(labelled({ x: "y" }, secrets), secrets).between?.least.powers).toEqual([]);
});
