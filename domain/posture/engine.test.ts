import { describe, expect, it } from "vitest";
import { Assessor, asksNameOnly, assess, controlsByKind, controlVersion } from "./engine";
import { fillMessage } from "./engine-message";
import { assessExample } from "./example";
import { loadControls, readControls } from "./load";
import type { Control, Subject } from "./schema";

const control = (name: string): Control => {
  const found = loadControls().find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no control ${name}`);
  return found;
};
const workload = (object: Record<string, unknown>, facts: Record<string, unknown> = {}): Subject => ({
  key: { apiGroup: "apps", kind: String(object.kind), namespace: "shop", name: "web" },
  appliesTo: "Workload",
  object,
  facts,
});

describe("assess", () => {
  const privileged = control("privileged-container");
  it("does not apply to other kinds, or to other distributions", () => {
    const node: Subject = { ...workload({ kind: "Node" }), appliesTo: "Node" };
    expect(assess(privileged, node)).toEqual({ outcome: "not_applicable" });
    const onlyGke: Control = { ...privileged, appliesTo: { resources: ["Workload"], distributions: ["gke"] } };
    const pod = workload({ kind: "Pod", spec: { containers: [{ name: "a", securityContext: { privileged: true } }] } });
    expect(assess(onlyGke, pod, { cluster: { distribution: "eks" } }).outcome).toBe("not_applicable");
    expect(assess(onlyGke, pod, { cluster: { distribution: "gke" } }).outcome).toBe("unhealthy");
    const unknown = {
      outcome: "not_evaluated",
      reason: "fact_absent",
      message: expect.stringContaining("--distribution"),
    };
    expect(assess(onlyGke, pod)).toMatchObject(unknown);
  });
  it("says where an item could not be judged", () => {
    const pod = workload({ kind: "Pod", spec: { containers: [{ name: "a" }, { name: "b", securityContext: "x" }] } });
    expect(assess(privileged, pod)).toEqual({
      outcome: "not_evaluated",
      reason: "error",
      message: expect.stringMatching(/^spec\.containers\[1\]: container\.securityContext has a wrong type/),
    });
  });
  it("bounds evidence and refuses endless lists", () => {
    const many = (count: number) =>
      workload({
        kind: "Pod",
        spec: {
          containers: Array.from({ length: count }, () => ({ name: "a", securityContext: { privileged: true } })),
        },
      });
    const assessment = assess(privileged, many(80));
    expect(assessment.outcome === "unhealthy" && assessment.evidence.length).toBe(50);
    expect(assessment.outcome === "unhealthy" && assessment.evidence.at(-1)?.message).toMatch(/and 30 more/);
    const tame = workload({ kind: "Pod", spec: { containers: Array.from({ length: 5001 }, () => ({ name: "a" })) } });
    expect(assess(privileged, tame)).toMatchObject({ outcome: "not_evaluated", reason: "error" });
  });
  it.each([
    ...["namespace-exec", "namespace-impersonation", "namespace-pod-creation"],
    ...["namespace-rbac-writing", "namespace-secrets-read", "namespace-token-creation"],
  ])("takes a user without a name for no service account of the namespace: %s", (name) => {
    const [own] = control(name).examples.pass.filter((one) => one.name.endsWith("written as a user"));
    const judged = (user: object) =>
      own &&
      assessExample(control(name), { ...own, resource: { ...own.resource, subjects: [{ kind: "User", ...user }] } });
    expect(judged({ name: "system:serviceaccount:shop:operator" })?.outcome).toBe("healthy");
    expect(judged({})?.outcome).toBe("unhealthy");
  });
  it("takes no pool of an unknown node for healthy", () => {
    const judged = (object: Record<string, unknown>, facts = {}) =>
      assess(control("nodes-with-public-addresses"), {
        ...workload({ distribution: "eks", name: "prod", ...object }, facts),
        appliesTo: "ManagedCluster",
      });
    const listed = { nodePools: [{ name: "main", publicNodes: false }] };
    expect(judged({ nodePools: [] })).toEqual({ outcome: "not_applicable" });
    expect(judged({})).toMatchObject({
      outcome: "not_evaluated",
      message: expect.stringMatching(/Karpenter.*nodegroups/),
    });
    expect(judged({ distribution: "gke" })).toMatchObject({ message: expect.stringMatching(/^The cloud's answer/) });
    expect(judged(listed)).toEqual({ outcome: "healthy" });
    expect(judged(listed, { nodesOutsidePools: 0 })).toEqual({ outcome: "healthy" });
    expect(judged(listed, { nodesOutsidePools: 3 })).toMatchObject({
      outcome: "not_evaluated",
      reason: "fact_absent",
      message: expect.stringContaining("in no listed pool: 3."),
    });
    const open = { nodePools: [{ name: "main", publicNodes: true }] };
    expect(judged(open, { nodesOutsidePools: 3 }).outcome).toBe("unhealthy");
  });
  it("judges what can be read beside what can't, and reads null as absent", () => {
    const bad = { name: "b", securityContext: { privileged: true } };
    const outcome = (spec: Record<string, unknown>) => assess(privileged, workload({ kind: "Pod", spec })).outcome;
    expect(outcome({ initContainers: null, containers: [bad], ephemeralContainers: null })).toBe("unhealthy");
    expect(outcome({ initContainers: "none", containers: [bad] })).toBe("unhealthy");
    expect(outcome({ initContainers: "none", containers: [{ name: "a" }] })).toBe("not_evaluated");
    expect(outcome({ initContainers: null, containers: [{ name: "a", securityContext: null }] })).toBe("healthy");
    expect(outcome({ containers: null })).toBe("not_evaluated");
    expect(outcome({ containers: [null] })).toBe("not_evaluated");
  });
  it("tells people what is not known and what to do, for each fact", () => {
    const said = (name: string, subject: Subject) => {
      const assessment = assess(control(name), subject);
      return assessment.outcome === "not_evaluated" ? assessment.message : assessment.outcome;
    };
    expect(said("default-service-account-token", workload({ kind: "Pod", spec: {} }))).toMatch(/list serviceaccounts/);
    const cluster: Subject = { ...workload({ name: "prod" }), appliesTo: "ManagedCluster" };
    expect(said("local-accounts-enabled", cluster)).toMatch(
      /^The cloud's answer does not say whether the cluster accepts local/,
    );
    for (const { name, appliesTo } of loadControls()) {
      const [word = "Workload"] = appliesTo.resources;
      const message = said(name, { ...workload({ kind: word, metadata: { name: "default" } }), appliesTo: word });
      expect(message).not.toMatch(/facts\.|object\./);
    }
    for (const one of loadControls()) {
      for (const example of one.examples.unknown) {
        const assessment = assessExample(one, example);
        if (assessment?.outcome !== "not_evaluated") throw new Error(`${one.id} judges ${example.name}.`);
        expect(assessment.message, `${one.id}: ${example.name}`).not.toMatch(/the facts of this cluster|\?\./);
      }
    }
  });
  it("reads own properties only", () => {
    const inherited = Object.create({ spec: { containers: [{ name: "a" }] } }) as Record<string, unknown>;
    inherited.kind = "Pod";
    expect(assess(privileged, workload(inherited)).outcome).toBe("not_evaluated");
  });
});

it("fills messages from own values, bounded and without control characters", () => {
  expect(
    fillMessage("{{c.name}} {{ c.constructor }} {{c.o}} {{c.n}}", { c: { name: "a\u0000\u202eb", o: {}, n: 3 } }),
  ).toBe("a��b ? ? 3");
  expect(fillMessage("{{c.name}}", { c: { name: "x".repeat(999) } }).length).toBe(120);
  expect(fillMessage("{{facts.reach}}; {{facts.other}}", { facts: { reach: [] } })).toBe("none; not known");
});

it("names the service account that a subject means, without a namespace where none is known", () => {
  const said = (kind: "RoleBinding" | "ClusterRoleBinding", subject: object) => {
    const metadata = kind === "RoleBinding" ? { name: "b", namespace: "shop" } : { name: "b" };
    const object = { kind, metadata, roleRef: { kind: "ClusterRole", name: "view" }, subjects: [subject] };
    const bound = { ...workload(object), appliesTo: kind, facts: { builtIn: false } };
    return assess(control("default-service-account-bound"), bound);
  };
  const named = (account: string) => ({ evidence: [{ message: expect.stringContaining(`account ${account},`) }] });
  const own = { kind: "ServiceAccount", name: "default" };
  expect(said("RoleBinding", own)).toMatchObject(named("shop/default"));
  expect(said("ClusterRoleBinding", own)).toMatchObject(named("default"));
  expect(said("RoleBinding", { ...own, namespace: "ci" })).toMatchObject(named("ci/default"));
  const user = { kind: "User", name: "system:serviceaccount:ci:default" };
  expect(said("ClusterRoleBinding", user)).toMatchObject(named("ci/default"));
});

describe("a control that is asked only of some", () => {
  const privileged = control("privileged-container");
  const asked = (when: string, forEach: boolean): Control => {
    const { appliesTo, forEach: _each, ...rest } = privileged;
    const violates = forEach ? "container.securityContext.privileged" : "spec.hostNetwork";
    return {
      ...rest,
      violates,
      appliesTo: { ...appliesTo, when },
      ...(forEach ? { forEach: "container" as const } : {}),
    };
  };
  const pod = (...names: string[]) =>
    workload({
      kind: "Pod",
      spec: {
        hostNetwork: true,
        containers: names.map((name) => ({ name, securityContext: { privileged: name.startsWith("bad") } })),
      },
    });
  const ofItems = asked("container.name.endsWith('-x')", true);
  it.each<[string, string[], string]>([
    ["one that is bad", ["bad", "bad-x"], "unhealthy"],
    ["one that is good, beside a bad one that is not asked", ["bad", "good-x"], "healthy"],
    ["none of them", ["bad"], "not_applicable"],
  ])("of items: %s", (_what, names, expected) => {
    expect(assess(ofItems, pod(...names))).toMatchObject({ outcome: expected });
  });
  it("knows nothing of an item, or a whole, of which it can't tell whether to ask", () => {
    const unnamed = workload({ kind: "Pod", spec: { containers: [{ securityContext: { privileged: true } }] } });
    expect(assess(ofItems, unnamed)).toMatchObject({ outcome: "not_evaluated" });
    expect(assess(asked("facts.tokenMounted", false), pod("a"))).toMatchObject({
      outcome: "not_evaluated",
      message: expect.stringContaining("token"),
    });
  });
  it("is asked before items that can't be read, unless it is the items that it asks", () => {
    const broken = workload({ kind: "Pod", spec: { containers: "none" } });
    const outcome = (when: string, params = {}) => assess(asked(when, true), broken, { params }).outcome;
    expect(outcome("params.on", { on: false })).toBe("not_applicable");
    expect(outcome("params.on", { on: true })).toBe("not_evaluated");
    expect(outcome("params.on && container.name.endsWith('-x')", { on: false })).toBe("not_applicable");
    expect(outcome("container.?name.orValue('').endsWith('-x')")).toBe("not_evaluated");
    expect(outcome("facts.tokenMounted")).toBe("not_evaluated");
  });
  it("of a whole", () => {
    expect(assess(asked("params.on", false), pod("a"), { params: { on: true } })).toMatchObject({
      outcome: "unhealthy",
    });
    expect(assess(asked("params.on", false), pod("a"), { params: { on: false } })).toEqual({
      outcome: "not_applicable",
    });
  });
  it("waits for the facts that it asks first, and counts as another when it asks something else", () => {
    const said: unknown[] = [];
    const first = new Assessor([asked("facts.tokenMounted", false)]);
    const begun = first.begin([pod("a")], (assessment) => said.push(assessment.outcome));
    expect(said).toEqual([]);
    const known = begun.map((subject) => ({ ...subject, facts: { tokenMounted: false } }));
    first.finish(known, (assessment) => said.push(assessment.outcome));
    expect(said).toEqual(["not_applicable"]);
    expect(controlVersion(asked("params.on", false))).not.toBe(controlVersion(asked("!params.on", false)));
  });
});

it("versions what decides, and nothing else", () => {
  const one = control("host-network");
  expect(controlVersion(one)).toMatch(/^[0-9a-f]{16}$/);
  expect(controlVersion({ ...one, title: "Another title" })).toBe(controlVersion(one));
  expect(controlVersion({ ...one, violates: "false" })).not.toBe(controlVersion(one));
  expect(controlVersion({ ...one, params: { a: 1 } })).not.toBe(controlVersion(one));
  expect(controlVersion({ ...one, params: { a: 1, b: 2 } })).toBe(controlVersion({ ...one, params: { b: 2, a: 1 } }));
});

it("offers a subject only the controls of its kind", () => {
  const byKind = controlsByKind(loadControls());
  expect(byKind.get("Node")?.map(({ name }) => name)).toContain("kubelet-behind");
  expect([...(byKind.get("Node") ?? [])].every(({ appliesTo }) => appliesTo.resources.includes("Node"))).toBe(true);
});

it("refuses a folder without controls", () => {
  expect(() => readControls(import.meta.dirname.replace(/posture$/, "access"))).toThrow(/no controls found|ENOENT/);
});

it("knows which controls of namespaces ask nothing but the name and facts", () => {
  const named = (controlsByKind(loadControls()).get("Namespace") ?? []).filter(asksNameOnly).map(({ name }) => name);
  expect(named).toContain("workloads-in-default-namespace");
  for (const labelled of ["pod-security-not-enforced", "pod-security-version-old", "secret-in-annotation"])
    expect(named).not.toContain(labelled);
});
