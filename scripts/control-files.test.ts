import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EXAMPLE_LISTS, exampleFault } from "@/domain/posture/example";
import { loadControls, readControlFile } from "@/domain/posture/load";
import { APPLIES_TO, type Control } from "@/domain/posture/schema";
import { controlSection, indexPage } from "./control-page";
import { proseFaults } from "./control-prose";
import { nextId, scaffold } from "./new-control";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "seawall-controls-"));
  mkdirSync(path.join(folder, "some"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a new control", () => {
  it.each(APPLIES_TO)("of %s is valid, holds in its examples, and names every TODO", (resource) => {
    const file = path.join(folder, "some", "a-new-one.yaml");
    writeFileSync(file, scaffold("SW-9999", "a-new-one", resource, "best-practices"));
    const control = readControlFile(file);
    for (const list of EXAMPLE_LISTS)
      for (const example of control.examples[list]) expect(exampleFault(control, list, example)).toBeNull();
    const faults = proseFaults(control).map(({ message }) => message);
    for (const where of ["title", "rationale", "message", "remediation.impact", "remediation.steps"])
      expect(faults).toContainEqual(`${where}: holds TODO: finish it.`);
  });
  it("takes an id that was never used", () => {
    expect(nextId(["SW-0001", "SW-0108", "SW-0007"])).toBe("SW-0109");
    expect(nextId([])).toBe("SW-0001");
  });
});

describe("prose", () => {
  const [control] = loadControls();
  const said = (change: Partial<Control>) =>
    proseFaults({ ...(control as Control), ...change }).map(({ message }) => message);
  it("is complete in every control", () => {
    expect(loadControls().flatMap((one) => proseFaults(one).map(({ message }) => `${one.name}: ${message}`))).toEqual(
      [],
    );
  });
  it.each<[Partial<Control>, RegExp]>([
    [{ rationale: "It matters because it does" }, /rationale: end with a full stop/],
    [{ title: "A title." }, /title: a title has no full stop/],
    [{ rationale: "TODO: say why." }, /rationale: holds TODO/],
    [{ rationale: "Ensure that the --anonymous-auth argument is set." }, /publisher's phrase/],
    [{ references: ["http://example.com"] }, /is not https/],
  ])("%# is named", (change, expected) => {
    expect(said(change).join("\n")).toMatch(expected);
  });
  it("names a patch that is none", () => {
    const remediation = { ...(control as Control).remediation, patch: "a: [" };
    expect(said({ remediation }).join("\n")).toMatch(/remediation\.patch: is no YAML/);
  });
});

it("shows a control's page, with what breaks a table kept in its cell", () => {
  const [control] = loadControls() as [Control];
  const page = controlSection({ ...control, params: { pattern: "a|b`c" } });
  expect(page).toContain('| Parameter `pattern` | `"a\\|b\'c"` |');
  expect(page).toContain(control.violates.trimEnd());
  expect(indexPage(new Map([["pods", [control]]]))).toMatch(/\| SW-0001 \| \[.*\]\(pods\.md#sw-0001-/);
});
