import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { inspectControls, loadControls } from "./load";

const good = readFileSync(path.join(import.meta.dirname, "controls", "pods", "host-processes.yaml"), "utf8");
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "seawall-controls-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const faultOf = (text: string): string => {
  writeFileSync(path.join(folder, "host-processes.yaml"), text);
  return inspectControls(folder)
    .faults.map(({ message }) => message.replaceAll(`${folder}/`, ""))
    .join("\n");
};

it.each<[string, (text: string) => string, RegExp]>([
  ["nothing", (text) => text, /^$/],
  [
    "an unknown field",
    (text) => text.replace("message:", "mesage:"),
    /^host-processes\.yaml:(?!1:)\d+: there is no field mesage\. Did you mean message\?$/m,
  ],
  [
    "an unknown field within another",
    (text) => text.replace("  impact:", "  inpact:"),
    /^host-processes\.yaml:(?!1:)\d+: remediation: there is no field inpact\. Did you mean impact\?$/m,
  ],
  [
    "an unknown field of an example",
    (text) => text.replace("class: wrong-type", "clas: wrong-type"),
    /^host-processes\.yaml:\d+: examples\.unknown\.\d+: there is no field clas\. Did you mean class\?$/m,
  ],
  [
    "an unknown severity",
    (text) => text.replace("severity: high", "severity: bad"),
    /^host-processes\.yaml:5: severity: /,
  ],
  [
    "an expression",
    (text) => text.replace("violates: spec", "violates: (spec"),
    /^host-processes\.yaml:\d+: violates, 1:\d+: /,
  ],
  [
    "a name",
    (text) => text.replace("violates: spec", "violates: specs"),
    /^host-processes\.yaml:\d+: violates, 1:1: .*spec/,
  ],
  ["a fact", (text) => text.replace("violates: ", "violates: facts.builtin || "), /violates, 1:7: .*builtIn/],
  [
    "what it is asked of",
    (text) => text.replace("resources: [Workload]", "resources: [Workload], when: specs.hostPID"),
    /^host-processes\.yaml:\d+: when, 1:1: .*spec/,
  ],
  [
    "an example that is missing of what is left out",
    (text) => text.replace("resources: [Workload]", "resources: [Workload], when: spec.hostPID"),
    /^host-processes\.yaml:\d+: `appliesTo\.when` and `examples\.notApplicable`/,
  ],
  ["another name", (text) => text.replace("name: host-processes", "name: other"), /must be named other\.yaml/],
  [
    "a class without example",
    (text) => text.replace("class: wrong-type, ", ""),
    /no example has `class: wrong-type`: .*another type/,
  ],
  ["no YAML", (text) => `${text}\n: [`, /^host-processes\.yaml:\d+: .*end with a \]$/],
])("names %s that is wrong, with its line", (_what, change, expected) => {
  expect(faultOf(change(good))).toMatch(expected);
});

it("finds an id that is used twice, and goes on behind a bad file", () => {
  writeFileSync(path.join(folder, "a.yaml"), good.replace("name: host-processes", "name: a"));
  writeFileSync(path.join(folder, "b.yaml"), "id: 7\n");
  expect(faultOf(good)).toMatch(/b\.yaml:1: id[\s\S]*host-processes\.yaml:1: SW-0493 is already used by .*a\.yaml/);
});

it("reads the same quickly as thoroughly, from every file", () => {
  expect(loadControls()).toEqual(inspectControls().controls);
});
