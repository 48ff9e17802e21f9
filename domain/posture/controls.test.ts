import { describe, expect, it } from "vitest";
import { type AssessContext, assess } from "./engine";
import { loadControls } from "./load";
import type { AppliesTo, Control, Subject } from "./schema";

type Example = Control["examples"]["pass"][number];
const WORKLOADS = new Set(["Pod", "Deployment", "DaemonSet", "StatefulSet", "ReplicaSet", "Job", "CronJob"]);

/** Which word an example's resource answers to: its kind, or ManagedCluster when it has none. */
function subjectOf(control: Control, example: Example): Subject {
  const kind = typeof example.resource.kind === "string" ? example.resource.kind : "ManagedCluster";
  const word = WORKLOADS.has(kind) ? "Workload" : kind;
  const appliesTo = control.appliesTo.resources.find((resource): resource is AppliesTo => resource === word);
  if (appliesTo === undefined) throw new Error(`${control.name}: example "${example.name}" is a ${kind}`);
  const key = { apiGroup: "", kind, namespace: "", name: "example" };
  return { key, appliesTo, object: example.resource, facts: example.facts ?? {} };
}

const contextOf = (example: Example): AssessContext => ({
  ...(example.cluster === undefined ? {} : { cluster: example.cluster }),
  ...(example.params === undefined ? {} : { params: example.params }),
});
const judge = (control: Control, example: Example) => assess(control, subjectOf(control, example), contextOf(example));

/** Copies of a value with one leaf or branch removed, nulled or of a type that nothing has. */
function* damaged(value: unknown, path = ""): Generator<[string, unknown]> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    const here = `${path}.${key}`;
    const put = (replacement: unknown): unknown =>
      Array.isArray(value)
        ? value.map((old: unknown, index) => (String(index) === key ? replacement : old))
        : { ...value, [key]: replacement };
    if (!Array.isArray(value)) {
      const { [key]: _gone, ...rest } = { ...value } as Record<string, unknown>;
      yield [`${here} removed`, rest];
    }
    yield [`${here} null`, put(null)];
    yield [`${here} wrong`, put(typeof item === "string" ? 4711 : "wrong")];
    for (const [what, inner] of damaged(item, here)) yield [what, put(inner)];
  }
}

const LABELS = /^\.(distribution|name|kind|apiVersion|metadata)\b/;

describe.each(loadControls().map((control) => [control.name, control] as const))("%s", (_name, control) => {
  it.each(control.examples.pass)("passes: $name", (example) => {
    expect(judge(control, example)).toEqual({ outcome: "healthy" });
  });
  it.each(control.examples.fail)("fails: $name", (example) => {
    const assessment = judge(control, example);
    expect(assessment).toMatchObject({ outcome: "unhealthy" });
    if (assessment.outcome !== "unhealthy") return;
    if (example.evidence !== undefined) expect(assessment.evidence.map(({ path }) => path)).toEqual(example.evidence);
    for (const { path, message } of assessment.evidence) {
      expect(path).not.toBe("");
      expect(message).not.toMatch(/[{}]|\?/);
    }
  });
  it.each(control.examples.unknown)("does not know: $name", (example) => {
    expect(judge(control, example)).toMatchObject({ outcome: "not_evaluated" });
  });
  it("has examples of what it can't know", () => {
    expect(control.examples.unknown.length).toBeGreaterThanOrEqual(3);
  });

  const facts = control.appliesTo.resources.includes("ManagedCluster") ? "resource" : "facts";
  it.each(control.examples.fail)("is never green on damaged facts: $name", (example) => {
    for (const [what, value] of damaged(example[facts])) {
      if (LABELS.test(what)) continue;
      const outcome = judge(control, { ...example, [facts]: value }).outcome;
      expect(outcome, what).not.toBe("healthy");
    }
  });
  it.each(control.examples.fail)("does not guess facts: $name", (example) => {
    if (example[facts] === undefined) return;
    // Evidence that stands in the object itself needs no fact.
    if (control.name === "cluster-admin-binding") return;
    const { distribution, name } = example.resource;
    const bare = facts === "facts" ? { ...example, facts: {} } : { ...example, resource: { distribution, name } };
    expect(judge(control, bare)).toMatchObject({ outcome: "not_evaluated", reason: "fact_absent" });
  });
});

it("spans clouds, RBAC, network, nodes and namespaces", () => {
  const controls = loadControls();
  expect(controls.filter((control) => control.appliesTo.resources.includes("ManagedCluster"))).toHaveLength(10);
  expect(controls.length).toBeGreaterThanOrEqual(24);
});
