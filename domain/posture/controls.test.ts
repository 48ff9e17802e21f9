import { describe, expect, it } from "vitest";
import { DISTRIBUTIONS } from "@/domain/inventory/schema";
import { type AssessContext, assess } from "./engine";
import { type Example, exampleSubject } from "./example";
import { loadControls } from "./load";
import { APPLIES_TO, type Control, type Subject } from "./schema";

function subjectOf(control: Control, example: Example): Subject {
  const subject = exampleSubject(control, example);
  if (subject === null)
    throw new Error(`${control.name}: example "${example.name}" is of a kind that it does not judge`);
  return subject;
}

const contextOf = (example: Example): AssessContext => ({
  ...(example.cluster === undefined ? {} : { cluster: example.cluster }),
  ...(example.params === undefined ? {} : { params: example.params }),
});
const judge = (control: Control, example: Example) => assess(control, subjectOf(control, example), contextOf(example));

/**
 * Copies of a value with one leaf or branch of a type that nothing has; among facts also removed and null, which in an object
 * of Kubernetes mean its defaults.
 */
function* damaged(value: unknown, facts: boolean, path = ""): Generator<[string, unknown]> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    const here = `${path}.${key}`;
    const put = (replacement: unknown): unknown =>
      Array.isArray(value)
        ? value.map((old: unknown, index) => (String(index) === key ? replacement : old))
        : { ...value, [key]: replacement };
    if (item === null) continue;
    if (facts && !Array.isArray(value)) {
      const { [key]: _gone, ...rest } = { ...value } as Record<string, unknown>;
      yield [`${here} removed`, rest];
    }
    if (facts) yield [`${here} null`, put(null)];
    yield [`${here} wrong`, put(typeof item === "string" ? 4711 : "wrong")];
    for (const [what, inner] of damaged(item, facts, here)) yield [what, put(inner)];
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
  it.each(control.examples.notApplicable)("says nothing of: $name", (example) => {
    expect(judge(control, example)).toEqual({ outcome: "not_applicable" });
  });
  const ofCloud = control.appliesTo.resources.includes("ManagedCluster");
  const facts = ofCloud ? "resource" : "facts";
  it.each(control.examples.fail)("is never green on damaged facts: $name", (example) => {
    for (const [what, value] of damaged(example[facts], true)) {
      if (LABELS.test(what)) continue;
      const outcome = judge(control, { ...example, [facts]: value }).outcome;
      expect(outcome, what).not.toBe("healthy");
    }
  });
  it.each(ofCloud ? [] : control.examples.fail)("is never green on a damaged object: $name", (example) => {
    for (const [what, value] of damaged(example.resource, false)) {
      if (what.startsWith(".kind ")) continue;
      const { outcome } = judge(control, { ...example, resource: value as Example["resource"] });
      expect(outcome, what).not.toBe("healthy");
    }
  });
  it.each(control.examples.fail)("does not guess facts: $name", (example) => {
    if (example[facts] === undefined) return;
    const { distribution, name } = example.resource;
    const bare = ofCloud ? { ...example, resource: { distribution, name } } : { ...example, facts: {} };
    // What stands in the object itself may be enough to condemn it; without facts nothing is ever acquitted.
    expect(["unhealthy", "not_evaluated"]).toContain(judge(control, bare).outcome);
  });
});

it.each(APPLIES_TO)("judges %s", (kind) => {
  expect(loadControls().some((control) => control.appliesTo.resources.includes(kind))).toBe(true);
});

it.each(DISTRIBUTIONS)("judges facts that %s tells, with examples of its own", (distribution) => {
  const shown = loadControls().filter(
    ({ appliesTo, examples }) =>
      appliesTo.resources.includes("ManagedCluster") &&
      [...examples.pass, ...examples.fail].some(({ resource }) => resource.distribution === distribution),
  );
  expect(shown.length).toBeGreaterThanOrEqual(5);
});
