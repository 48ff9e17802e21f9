import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { seawall } from "./testing";

const pod = `apiVersion: v1\nkind: Pod\nmetadata: { name: p }\nspec: { hostPID: true, containers: [{ name: a, image: "a:latest", resources: { limits: { memory: 1Gi } } }] }\n`;
const reportSchema = z.object({
  results: z.array(z.object({ control: z.string(), name: z.string(), outcome: z.string() })),
});
const results = async (...args: string[]) => {
  const { out } = await seawall(["check", "-", "--all", "--format", "json", ...args], pod);
  return reportSchema.parse(JSON.parse(out)).results;
};

let folder = "";
const file = (name: string, text: string): string => {
  const at = path.join(folder, name);
  writeFileSync(at, text);
  return at;
};
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "seawall-params-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("which controls judge", () => {
  it("are those named, by id or name in any case", async () => {
    const named = await results("--controls", "sw-0001, host-processes");
    expect(new Set(named.map(({ name }) => name))).toEqual(new Set(["privileged-container", "host-processes"]));
  });
  it("are those of a benchmark, and both together", async () => {
    const baseline = await results("--benchmark", "pss-baseline");
    expect(baseline.some(({ name }) => name === "host-processes")).toBe(true);
    expect(baseline.some(({ name }) => name === "image-tag-latest")).toBe(false);
    const both = await results("--benchmark", "pss-baseline", "--controls", "SW-0001");
    expect(both.map(({ control }) => control)).toEqual(["SW-0001"]);
  });
  it("of a benchmark fail on a breach of any severity, unless told otherwise", async () => {
    const code = async (...args: string[]) =>
      (await seawall(["check", "-", "--controls", "capabilities-not-dropped", ...args], pod)).code;
    expect(await code()).toBe(0);
    expect(await code("--benchmark", "pss-restricted")).toBe(1);
    expect(await code("--benchmark", "pss-restricted", "--fail-on", "medium")).toBe(0);
  });
  it.each([
    [["--controls", "privileged-containr"], "Did you mean privileged-container?"],
    [["--controls", "SW-9999"], 'There is no control "SW-9999".'],
    [["--controls", "a,,b"], "--controls is a list"],
    [["--benchmark", "pss-baselin"], "Did you mean pss-baseline?"],
    [["--benchmark", "pss-baseline", "--controls", "image-tag-latest"], "None of --controls belongs"],
    [
      ["--benchmark", "cis-eks-1.8.0", "--distribution", "aks"],
      "is meant for eks, not for aks. For aks there are cis-aks-1.8",
    ],
    [["--distribution", "iks"], "--distribution is one of aks, eks, gke, arc"],
  ])("%j is refused with what was meant", async (args, said) => {
    const { code, err } = await seawall(["check", "-", ...args], pod);
    expect(err).toContain(said);
    expect(code).toBe(2);
  });
  it("a command that is misspelt is refused with what was meant", async () => {
    expect((await seawall(["chek", "x"])).err).toContain("Did you mean seawall check?");
    expect((await seawall(["control", "shwo", "x"])).err).toContain("Did you mean seawall control show?");
  });
});

describe("--params", () => {
  const limits = "resource-limits-missing";
  it("replace the control's own", async () => {
    const outcome = async (...args: string[]) =>
      (await results("--controls", limits, ...args)).find(({ name }) => name === limits)?.outcome;
    expect(await outcome()).toBe("unhealthy");
    expect(await outcome("--params", file("a.yaml", `${limits}: { resources: [memory] }\n`))).toBe("healthy");
    expect(await outcome("--params", file("b.yaml", "sw-0005: { resources: [memory] }\n"))).toBe("healthy");
    expect(await outcome("--params", file("c.yaml", "# nothing\n"))).toBe("unhealthy");
  });
  it.each([
    ["an unknown control", "resource-limits-mising: {}\n", "Did you mean resource-limits-missing?"],
    ["an unknown name", `${limits}: { resource: [cpu] }\n`, "Did you mean resources?"],
    ["another type", `${limits}: { resources: cpu }\n`, "resources: Invalid input"],
    ["a wrong item", `${limits}: { resources: [1] }\n`, "resources[0]: Invalid input"],
    ["a pattern that is none", `${limits}: { quantity: "(" }\n`, "can't judge with these values"],
    ["no map", "- a\n", "no map of controls"],
    ["one control twice", `${limits}: {}\nSW-0005: {}\n`, "SW-0005 is given twice"],
    ["no YAML", "a: [\n", "--params"],
    ["a prototype", `${limits}: { __proto__: [cpu] }\n`, "has no parameter __proto__"],
    ["hostile keys", `${limits}: { __proto__: [cpu], constructor: 1 }\n`, "has no parameter"],
  ])("%s is refused", async (_what, text, said) => {
    const { code, err } = await seawall(["check", "-", "--params", file("bad.yaml", text)], pod);
    expect(err).toContain(said);
    expect(code).toBe(2);
  });
  it("a file that is not there is refused", async () => {
    expect((await seawall(["check", "-", "--params", path.join(folder, "none.yaml")], pod)).code).toBe(2);
  });
});

describe("control test", () => {
  it("runs the examples of one control", async () => {
    const { code, out } = await seawall(["control", "test", "privileged-container"]);
    expect(out).toMatch(/^1 control, \d+ examples: all hold\.\n$/);
    expect(code).toBe(0);
  });
  it("names the example that fails, and what is wrong in a file", async () => {
    const { out: shown } = await seawall(["control", "show", "SW-0001"]);
    expect(shown).toContain("privileged-container");
    const { readFileSync } = await import("node:fs");
    const own = readFileSync(
      path.join(import.meta.dirname, "../domain/posture/controls/containers/privileged-container.yaml"),
      "utf8",
    );
    const broken = file("privileged-container.yaml", own.replace(/^violates: .*$/m, "violates: 'false'"));
    const { code, out } = await seawall(["control", "test", broken]);
    expect(out).toMatch(/SW-0001 privileged-container, fail\[0\] ".*": it should be unhealthy, and is healthy\./);
    expect(code).toBe(1);
    const worse = await seawall(["control", "test", file("x.yaml", "id: 1\n")]);
    expect(worse.out).toMatch(/x\.yaml:\d+: /);
    expect(worse.code).toBe(1);
    expect((await seawall(["control", "test", "privileged-containr"])).err).toContain("Did you mean");
  });
});
