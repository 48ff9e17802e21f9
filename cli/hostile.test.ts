import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { seawall } from "./testing";

const CONTROLS = ["--controls", "SW-0001,SW-0002,SW-0009,resource-limits-missing"];
const reportSchema = z.object({
  summary: z.object({ unhealthy: z.number(), notEvaluated: z.number(), unreadable: z.number() }),
  results: z.array(z.object({ control: z.string(), outcome: z.string(), resource: z.object({ name: z.string() }) })),
});
const judged = async (text: string) => {
  const { code, out, err } = await seawall(["check", "-", "--all", "--format", "json", ...CONTROLS], text);
  const { results, summary } = reportSchema.parse(JSON.parse(out));
  const of = (control: string, name = "p") =>
    results.find((result) => result.control === control && result.resource.name === name)?.outcome;
  return { code, err, summary, of };
};
const pod = (spec: string, name = "p") => `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name} }\nspec: ${spec}\n`;
const bad = "containers: [{ name: a, securityContext: { privileged: true } }]";

describe("hostile keys give the right answer", () => {
  it.each([
    [
      "in a container",
      "{ containers: [{ name: a, __proto__: { securityContext: { privileged: true } } }] }",
      "healthy",
    ],
    [
      "in a specification",
      "{ __proto__: { hostPID: true }, constructor: 1, toString: 2, containers: [{ name: a }] }",
      "healthy",
    ],
    ["beside a finding", `{ __proto__: null, hasOwnProperty: x, ${bad} }`, "unhealthy"],
    [
      "in place of a map",
      "{ containers: [{ name: a, securityContext: { __proto__: { privileged: true } } }] }",
      "healthy",
    ],
  ])("%s", async (_where, spec, outcome) => {
    for (const text of [pod(spec), pod(spec).replace("metadata: {", "metadata: { __proto__: { namespace: x },")])
      expect((await judged(text)).of("SW-0001")).toBe(outcome);
    expect(({} as Record<string, unknown>).hostPID).toBeUndefined();
  });
  it("as JSON too", async () => {
    const object =
      '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"__proto__":{"polluted":1},"spec":{"__proto__":{"containers":[]},"containers":[{"name":"a","constructor":{"prototype":{"x":1}},"securityContext":{"privileged":true}}]}}';
    expect((await judged(object)).of("SW-0001")).toBe("unhealthy");
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
  it("as a kind, a name or an apiVersion", async () => {
    for (const word of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
      const { code, summary } = await judged(
        `apiVersion: ${word}/v1\nkind: ${word}\nmetadata: { name: ${word} }\n---\n${pod(`{ ${bad} }`)}`,
      );
      expect([code, summary.unhealthy > 0]).toEqual([1, true]);
    }
  });
});

describe("size and shape", () => {
  const ones = (count: number): string => `[${"1,".repeat(count)}1]`;
  it.each([
    ["JSON of more values than are built", ones(5_000_001), /document 1: holds more than 5000000 values\.$/m],
    [
      "YAML of more values than are read",
      `a: ${ones(3_000_000)}`,
      /document 1: holds more than 3000000 lines and values/,
    ],
    [
      "YAML of lists in lists",
      `a:\n${`${"- ".repeat(90)}1\n`.repeat(33_400)}`,
      /document 1: holds more than 3000000 lines/,
    ],
  ])("%s is named, and other files are judged", async (_what, text, message) => {
    const folder = mkdtempSync(path.join(tmpdir(), "seawall-hostile-"));
    writeFileSync(path.join(folder, "a.yaml"), text);
    writeFileSync(path.join(folder, "b.yaml"), pod(`{ ${bad} }`));
    const { code, out, err } = await seawall(["check", folder, "--format", "json", ...CONTROLS]);
    expect(err).toMatch(message);
    expect([code, reportSchema.parse(JSON.parse(out)).summary.unhealthy > 0]).toEqual([2, true]);
    rmSync(folder, { recursive: true });
  });
  it("aliases that share are judged as if they were written out", async () => {
    const { of } = await judged(
      pod(
        "{ initContainers: [&c { name: a, securityContext: &s { privileged: true } }], containers: [*c, { name: b, securityContext: *s }] }",
      ),
    );
    expect(of("SW-0001")).toBe("unhealthy");
  });
  it.each([
    ["in a map", "spec: &s\n  template: *s", 5],
    ["in a list", "spec:\n  containers: &c\n  - name: a\n  - *c", 7],
    ["merged", "spec: &s\n  <<: *s\n  hostPID: true", 5],
    ["merged of a list", "spec: &s\n  hostPID: true\n  <<: [{ a: 1 }, *s]", 6],
    ["of a name that is given anew", "spec: &s\n  a: &s 1\n  b: &s [*s]", 6],
  ])(
    "an alias inside what it stands for is named with its line, and the next document is judged: %s",
    async (_where, cyclic, line) => {
      const { code, err, of } = await judged(
        `apiVersion: v1\nkind: Pod\nmetadata: { name: c }\n${cyclic}\n---\n${pod(`{ ${bad} }`)}`,
      );
      expect([code, of("SW-0001")]).toEqual([2, "unhealthy"]);
      expect(err).toContain(`-:${line}: document 1: an alias (*) stands inside what its anchor (&) names`);
    },
  );
  it("an alias of what ended before, and of a name that was given anew within, is none of itself", async () => {
    const text = pod(`{ x: &s [1], y: *s, z: &s { a: &s 1, b: *s }, w: { <<: *s2 }, ${bad} }`).replace(
      "metadata: {",
      "metadata: { annotations: &s2 { a: b },",
    );
    const { err, of } = await judged(text);
    expect([err, of("SW-0001")]).toEqual(["", "unhealthy"]);
  });
  it("a container list of 4,000 is judged whole, one of 6,000 is not called healthy", async () => {
    const list = (count: number) => pod(`{ containers: [${Array(count).fill("{ name: a }").join(", ")}] }`);
    expect((await judged(list(4000))).of("SW-0001")).toBe("healthy");
    expect((await judged(list(6000))).of("SW-0001")).toBe("not_evaluated");
  });
  it("100 levels are read and 101 are named", async () => {
    const nested = (levels: number) => pod(`{ x: ${"{ a: ".repeat(levels)}1${" }".repeat(levels)}, ${bad} }`);
    expect((await judged(nested(90))).of("SW-0001")).toBe("unhealthy");
    const deep = await judged(nested(150));
    expect([deep.code, deep.summary.unreadable]).toEqual([2, 1]);
  });
  it("a text of 20 MB in an annotation is read", async () => {
    const text = `apiVersion: v1\nkind: Pod\nmetadata: { name: p, annotations: { a: "${"x".repeat(20_000_000)}" } }\nspec: { ${bad} }\n`;
    expect((await judged(text)).of("SW-0001")).toBe("unhealthy");
  });
  it("more aliases than are allowed are named", async () => {
    const many = pod(`{ a: &a x, b: [${Array(1001).fill("*a").join(", ")}], ${bad} }`);
    expect((await judged(many)).err).toMatch(/alias/);
  });
  it("nulls below shared and nested parts are absent", async () => {
    const text = pod(
      "{ x: &x { y: null, z: [null, { w: null }] }, v: *x, volumes: null, containers: [{ name: a, securityContext: null }] }",
    );
    const { of } = await judged(text);
    expect([of("SW-0001"), of("SW-0009")]).toEqual(["healthy", "healthy"]);
  });
});
