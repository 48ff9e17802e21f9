import { describe, expect, test } from "vitest";
import { deriveFacts } from "./derive";
import { reachOf } from "./power";
import type { KubernetesObject } from "./schema";

const RBAC = "rbac.authorization.k8s.io";
const rule = (group: string, resource: string, verbs: string | string[], ...resourceNames: string[]) => ({
  apiGroups: [group],
  resources: [resource],
  verbs: [verbs].flat(),
  ...(resourceNames.length === 0 ? {} : { resourceNames }),
});
const object = (kind: string, name: string, namespace: string | undefined, body: object): KubernetesObject => ({
  ...{ apiVersion: `${RBAC}/v1`, kind },
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  ...body,
});
const clusterRole = (name: string, ...rules: object[]) => object("ClusterRole", name, undefined, { rules });
const role = (name: string, namespace: string, ...rules: object[]) => object("Role", name, namespace, { rules });
const subjects = [{ kind: "User", name: "ann" }];
const bindingOf = (to: KubernetesObject, namespace?: string) =>
  object(namespace === undefined ? "ClusterRoleBinding" : "RoleBinding", "b", namespace, {
    ...{ roleRef: { kind: to.kind, name: to.metadata.name }, subjects },
  });
const powers = (roles: KubernetesObject[], to: KubernetesObject, namespace?: string, unlisted?: string) => {
  const facts = deriveFacts({
    workloads: [],
    objects: (kind) => (kind === unlisted ? [] : roles.filter((one) => one.kind === kind)),
    complete: (kind) => kind !== unlisted,
  })(bindingOf(to, namespace));
  return namespace === undefined || namespace === "kube-system" ? facts.powers : facts.namespacePowers;
};
const bind = (...names: string[]) => rule(RBAC, "clusterroles", "bind", ...names);
const bindOwn = (...names: string[]) => rule(RBAC, "roles", "bind", ...names);
const all = clusterRole("all", rule("*", "*", "*"));
const VERBS = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];

describe("rules that are held to the empty name", () => {
  test.each([
    ["every secret is listed", ["secrets-read"], rule("", "secrets", "list", "")],
    ["pods are made", ["pods-create"], rule("", "pods", "create", "web", "")],
    ["all objects at once are deleted", ["events-delete"], rule("", "events", "deletecollection", "")],
    ["one by one they have names", [], rule("", "secrets", ["get"], "")],
    ["so do parts of an object", [], rule("", "pods/exec", "create", "")],
    ["and all of them by every word", ["secrets-read"], rule("", "secrets", "*", "")],
    ["other names are other names", [], rule("", "secrets", "list", "*")],
  ])("%s → %j", (_what, expected, one) => {
    expect(reachOf([one]).filter((power) => power !== "secrets-write")).toEqual(expected);
  });
});

describe("a role that may be bound by its name", () => {
  test.each([
    ["escalates", rule(RBAC, "clusterroles", "escalate")],
    ["binds whatever it likes", rule(RBAC, "clusterroles", "bind")],
    ["passes for others", rule("", "users", "impersonate")],
    ["has every verb by its word", rule("*", "*", [...VERBS, "bind", "escalate", "impersonate"])],
    ["binds one that may do everything", bind("all")],
    ["may be rewritten by who holds it", rule(RBAC, "clusterroles", ["escalate", "patch"], "big")],
  ])("gives everything where it %s", (_what, own) => {
    const op = clusterRole("op", bind("big"));
    expect(powers([all, clusterRole("big", own), op], op)).toEqual(["escalate"]);
  });
  test("gives no more than it holds, also in a circle, and nobody knows through one that can't be read", () => {
    const [a, b] = [clusterRole("a", bind("b")), clusterRole("b", bind("a"), rule("", "pods", "get"))];
    expect(powers([a, b, all], a)).toEqual([]);
    const broken = object("ClusterRole", "broken", undefined, { rules: "all" });
    expect(powers([a, clusterRole("b", bind("broken")), broken], a)).toBeUndefined();
    // What was not listed may hold everything.
    const inShop = role("op", "shop", bind("b"));
    expect(powers([inShop, clusterRole("b")], inShop, "shop", "ClusterRole")).toBeUndefined();
  });
  test("is a Role of the namespace too", () => {
    const own = role("own", "shop", rule("*", "*", "*"));
    const step = role("step", "shop", bindOwn("own"));
    const op = role("op", "shop", bindOwn("step"));
    expect(powers([own, step, op], op, "shop")).toEqual(["escalate"]);
    expect(powers([role("own", "web", rule("*", "*", "*")), op], op, "shop")).toEqual([]);
    const shared = clusterRole("shared", bindOwn("own"));
    expect(["shop", "web"].map((namespace) => powers([own, shared], shared, namespace))).toEqual([["escalate"], []]);
    expect(powers([own, shared], shared)).toEqual([]);
    const ofSystem = role("own", "kube-system", rule("*", "*", "*"));
    expect(powers([ofSystem, shared], shared)).toEqual(["escalate"]);
    expect(powers([shared], shared, "shop", "Role")).toBeUndefined();
  });
});

describe("a role that may rewrite itself", () => {
  const own = (resource: string, verbs: string[], name: string) => rule(RBAC, resource, verbs, name);
  test.each([
    ["update", ["escalate", "update"], "op", true],
    ["every verb", ["*"], "op", true],
    ["no escalating", ["update"], "op", false],
    ["no changing", ["escalate"], "op", false],
    ["another's name", ["escalate", "update"], "other", false],
    ["a star, which is no name", ["escalate", "update"], "*", false],
  ])("escalates: %s", (_what, verbs, name, expected) => {
    const wide = clusterRole("op", own("clusterroles", verbs, name));
    const narrow = role("op", "shop", own("roles", verbs, name));
    for (const given of [powers([wide], wide), powers([narrow], narrow, "shop")])
      expect(given?.includes("escalate")).toBe(expected);
    // Within a namespace nobody changes a role of the cluster.
    expect(powers([wide], wide, "shop")).toEqual([]);
  });
});

test("chains of thousands of roles are walked once, and a role of thousands of names is read once", () => {
  const SIZE = 4_000;
  const names = (at: number) => Array.from({ length: 50 }, (_, k) => `r${(at + k) % SIZE}`);
  const many = Array.from({ length: SIZE }, (_, at) => clusterRole(`r${at}`, bind(...names(at))));
  const long = clusterRole("long", bind(...Array.from({ length: 20_000 }, (_, k) => `x${k}`)));
  const facts = deriveFacts({
    workloads: [],
    objects: (kind) => (kind === "ClusterRole" ? [...many, long] : []),
    complete: () => true,
  });
  const bindings = [...many, ...Array.from({ length: 4_000 }, () => long)].map((one) => bindingOf(one));
  const before = process.cpuUsage();
  for (const binding of bindings) expect(facts(binding).powers).toEqual([]);
  expect(process.cpuUsage(before).user).toBeLessThan(4_000_000);
});
