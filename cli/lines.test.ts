import { describe, expect, it } from "vitest";
import { type Document, readDocuments } from "./documents";
import { seawall } from "./testing";

const TEXT = `# one
"a.b": {c: [1, {d: 2}, [3, [4]]]}
z:
  b: 1
  b.c[0]: 2
"q\\u0075oted": 'x'
list:
- first
-
  - second
- {}
folded: >
  a: 1
  b: 2
empty: {}
---
---
- only
`;
const documents = (text: string): Document[] =>
  [...readDocuments({ file: "a.yaml", text, named: true }, true)].filter(
    (read): read is Document => !("message" in read),
  );

it.each([
  ["", 2],
  ["a.b", 2],
  ["z.b", 4],
  ["a.b.c[1].d", 2],
  ["z", 3],
  ["z.b.c[0]", 5],
  ["z.other", 3],
  ["quoted", 6],
  ["quoted.more", 6],
  ["list[0]", 8],
  ["list[1][0]", 10],
  ["list[2]", 11],
  ["list[3]", 7],
  ["list.first", 7],
  ["list[9]", 7],
  ["list[", 7],
  ["list[]", 7],
  ["list[1", 7],
  ["list[x]", 7],
  ["list.[1][0]", 10],
  ["folded.b", 12],
  ["empty.x", 15],
  ["nowhere", 2],
])("tells the line of %s, or of its nearest parent", (path, line) => {
  expect(documents(TEXT)[0]?.lines.of(path)).toBe(line);
});

it("tells lines of the document that is asked for, kept or read again", () => {
  const [, second] = documents(TEXT);
  expect([second?.lines.of("[0]"), second?.lines.of("a.b")]).toEqual([18, 18]);
  const [again] = readDocuments({ file: "a.json", text: '{\n "a": {\n  "b": 1 } }', named: true }, true);
  expect(again !== undefined && "lines" in again ? again.lines.of("a.b") : null).toBe(3);
});

it("finds each item of a long list", () => {
  const [list] = documents(
    `items:\n${Array.from({ length: 3000 }, (_, at) => `- name: n${at}\n  at: ${at}\n`).join("")}`,
  );
  const wanted = Array.from({ length: 3000 }, (_, at) => 3 + 2 * at);
  expect(wanted.map((_, at) => list?.lines.of(`items[${at}].at`))).toEqual(wanted);
});

it("tells where each document begins that only `...` parts from the one before", () => {
  const text = "# one\na: 1\n...\n\n# two\n- b\n...\n# none\n...\nc: { d: 1 }\n...\n'e'\n";
  expect(documents(text).map(({ line }) => line)).toEqual([2, 6, 10, 12]);
  expect(documents(`---\nx: 1\n---\n${text}`).map(({ line }) => line)).toEqual([2, 5, 9, 13, 15]);
});

describe("of a file beyond 4 MB", () => {
  const padding = `a: ${"x".repeat(5_000_000)}`;
  const asked = ["--controls", "host-processes"];
  it("lines of YAML are told all the same", async () => {
    const pod = `apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  annotations: { ${padding} }\nspec:\n  hostPID: true\n  containers: [{ name: a }]\n`;
    const { out, err } = await seawall(["check", "-", ...asked], pod);
    expect([out, err]).toEqual([expect.stringContaining("spec.hostPID  -:7\n"), ""]);
  });
  it("it is said that lines of JSON are those of the document", async () => {
    const pod = JSON.stringify(
      {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "p", annotations: { a: padding } },
        spec: { hostPID: true, containers: [{ name: "a" }] },
      },
      null,
      1,
    );
    const { out, err } = await seawall(["check", "-", ...asked], pod);
    expect(out).toContain("spec.hostPID  -:1\n");
    expect(err).toBe("seawall: -: JSON beyond 4 MB, so findings are told with the lines of their documents.\n");
    expect((await seawall(["check", "-", ...asked, "--format", "json"], pod)).err).toBe("");
  });
});
