import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { Ajv } from "ajv";
import formats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { create } from "xmlbuilder2";
import { z } from "zod";
import { seawall } from "./testing";

const fixture = (name: string): string =>
  path.relative(process.cwd(), path.join(import.meta.dirname, "fixtures", name));
const pod = (name: string, more = ""): string =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\nspec:\n  hostPID: true\n${more}  containers:\n    - name: a\n      image: a:1\n      securityContext:\n        privileged: true\n`;
const ROLE =
  "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: { name: r, namespace: shop }\nrules: []\n";

function sarifSchema() {
  const file = path.join(import.meta.dirname, "fixtures/sarif/sarif-2.1.0-rtm.5.json");
  // Draft 4, of which Ajv knows all that this schema uses but the names of its own keys.
  const { $schema: _draft, id: _id, ...schema } = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  formats.default(ajv);
  return ajv.compile(schema);
}
const resultSchema = z.object({
  ruleId: z.string(),
  level: z.string(),
  kind: z.string(),
  message: z.object({ text: z.string() }),
  locations: z.array(
    z.object({
      physicalLocation: z.object({
        artifactLocation: z.object({ uri: z.string(), uriBaseId: z.string().optional() }),
        region: z.object({ startLine: z.number() }),
      }),
    }),
  ),
  partialFingerprints: z.record(z.string(), z.string()),
});
const logSchema = z.object({
  runs: z.array(
    z.object({
      tool: z.object({ driver: z.object({ rules: z.array(z.object({ id: z.string() })) }) }),
      invocations: z.array(
        z.object({
          executionSuccessful: z.boolean(),
          toolExecutionNotifications: z.array(z.object({ level: z.string(), message: z.object({ text: z.string() }) })),
        }),
      ),
      results: z.array(resultSchema),
    }),
  ),
});
async function sarif(args: readonly string[], stdin = "") {
  const { out, code } = await seawall(["check", "--format", "sarif", ...args], stdin);
  const validate = sarifSchema();
  const log: unknown = JSON.parse(out);
  expect(validate(log), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
  const [run] = logSchema.parse(log).runs;
  if (run === undefined) throw new Error("no run");
  return { run, code };
}

describe("SARIF", () => {
  it.each([["shop.yaml"], ["rbac-list.json"], ["broken.yaml"]])("of %s is valid", async (name) => {
    const { run } = await sarif([fixture(name)]);
    expect(run.results.length).toBeGreaterThan(0);
    expect(run.results.every(({ kind }) => kind === "fail")).toBe(true);
    const all = await sarif([fixture(name), "--all"]);
    expect(all.run.results.some(({ kind }) => kind !== "fail")).toBe(true);
  });
  it("tells the line of the evidence, in lists too", async () => {
    const list = `apiVersion: v1\nkind: List\nitems:\n- ${pod("one").trimEnd().replaceAll("\n", "\n  ")}\n- ${pod("two").trimEnd().replaceAll("\n", "\n  ")}\n`;
    const { run } = await sarif(["-", "--controls", "SW-0001,host-processes"], list);
    const text = list.split("\n");
    for (const { ruleId, locations } of run.results) {
      const line = text[(locations[0]?.physicalLocation.region.startLine ?? 0) - 1];
      expect(line).toMatch(ruleId === "SW-0001" ? /- name: a/ : /hostPID/);
    }
  });
  it("keeps findings of equal names apart, and a finding's print when lines move", async () => {
    const controls = ["--controls", "SW-0001"];
    const prints = async (text: string) =>
      (await sarif(["-", ...controls], text)).run.results.map(
        (result) => result.partialFingerprints["seawallFinding/v1"],
      );
    const twice = await prints(`${pod("same")}---\n${pod("same")}`);
    expect(new Set(twice).size).toBe(2);
    expect(await prints(`# a comment\n\n${pod("same")}`)).toEqual(twice.slice(0, 1));
  });
  it("names what could not be read and what is not known as notifications", async () => {
    const { run, code } = await sarif([fixture("broken.yaml")]);
    expect(code).toBe(2);
    const [invocation] = run.invocations;
    expect(invocation?.executionSuccessful).toBe(false);
    const levels = new Set(invocation?.toolExecutionNotifications.map(({ level }) => level));
    expect(levels).toEqual(new Set(["error", "note"]));
  });
  it("names a file outside of the working directory whole, and one within it from there", async () => {
    const of = async (file: string) =>
      (await sarif([file])).run.results[0]?.locations[0]?.physicalLocation.artifactLocation;
    const within = fixture("shop.yaml");
    expect(await of(within)).toEqual({ uri: within, uriBaseId: "%SRCROOT%" });
    const around = path.join("..", path.basename(process.cwd()), within);
    for (const same of [around, path.resolve(within)])
      expect(await of(same)).toEqual({ uri: within, uriBaseId: "%SRCROOT%" });
    const folder = mkdtempSync(path.join(tmpdir(), "seawall-outside-"));
    const outside = path.relative(process.cwd(), path.join(folder, "shop.yaml"));
    copyFileSync(within, outside);
    expect(await of(outside)).toEqual({ uri: pathToFileURL(path.resolve(outside)).href });
    rmSync(folder, { recursive: true });
  });
  it("lets no text of a stranger become a link or steer a viewer", async () => {
    const { run } = await sarif(
      ["-", "--controls", "SW-0001"],
      pod("p").replace("name: a", 'name: "[x](http://e.example)\\u202e"'),
    );
    expect(run.results[0]?.message.text).toContain("[x] (http://e.example)�");
  });
});

it("what is cut of a finding's evidence is counted in its last piece, in every format", async () => {
  const container = "  - { name: b, securityContext: { privileged: true } }\n";
  const text = pod("p").replace(/ {2}containers:[\s\S]*$/, `  containers:\n${container.repeat(61)}`);
  for (const format of ["text", "json", "sarif", "junit"]) {
    const { out } = await seawall(["check", "-", "--controls", "SW-0001", "--format", format], text);
    expect(out.match(/Container b runs privileged\. \(and 11 more\)/g)?.length, format).toBe(1);
    expect(out, format).not.toContain("containers[50]");
  }
});

describe("JUnit", () => {
  const junit = async (args: readonly string[], stdin = "") => {
    const { out } = await seawall(["check", "--format", "junit", ...args], stdin);
    return { out, root: create(out).root() };
  };
  it("is XML whatever the names are, and counts what it holds", async () => {
    const hostile = pod('"<a>&\\"]]>\\u0007\\ud800"');
    const { out, root } = await junit(["-"], hostile);
    expect(out).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
    const attributes = root.node as unknown as { getAttribute: (name: string) => string };
    const count = (tag: string): number => out.split(new RegExp(`<${tag}[ >]`)).length - 1;
    expect(count("testcase")).toBe(Number(attributes.getAttribute("tests")));
    expect(count("failure")).toBe(Number(attributes.getAttribute("failures")));
    expect(count("skipped")).toBe(Number(attributes.getAttribute("skipped")));
    expect(count("failure")).toBeGreaterThan(0);
  });
  it("says why within the elements, which is all that GitLab reads", async () => {
    const { out } = await junit(["-", "--controls", "SW-0001,SW-0332", "--all"], `${pod("p")}---\n${ROLE}---\na: [\n`);
    for (const element of ["failure", "skipped", "error"]) {
      const said = new RegExp(`<${element} message="([^"]+)"[^>]*>([^<]+)</${element}>`).exec(out);
      expect(said?.[2], element).toContain(said?.[1]);
    }
  });
  it("calls cases alike when lines move, and no two of one report", async () => {
    const cases = async (text: string) =>
      [
        ...(await junit(["-", "--controls", "SW-0001"], text)).out.matchAll(
          /<testcase name="([^"]+)" classname="([^"]+)"/g,
        ),
      ].map(([, name, classname]) => `${classname} ${name}`);
    const twice = await cases(`${pod("same")}---\n${pod("same")}`);
    expect([twice.length, new Set(twice).size]).toEqual([2, 2]);
    expect(await cases(`# moved\n\n${pod("same")}`)).toEqual(twice.slice(0, 1));
    const broken = await cases("apiVersion: v1\nkind: List\nitems: [1, 2]\n");
    expect([broken.length, new Set(broken).size]).toEqual([2, 2]);
  });
  it("fails only what reaches --fail-on, and names what is unreadable", async () => {
    const high = await junit(["-", "--controls", "SW-0001"], pod("p"));
    expect(high.out).toContain("<failure");
    const critical = await junit(["-", "--controls", "SW-0001", "--fail-on", "critical"], pod("p"));
    expect(critical.out).not.toContain("<failure");
    expect(critical.out).toContain("below critical");
    expect((await junit([fixture("broken.yaml")])).out).toContain("<error");
  });
});

it("says of findings that none fails the command, and not that it passes", async () => {
  const pod = "apiVersion: v1\nkind: Pod\nmetadata: { name: p }\nspec: { hostPID: true, containers: [{ name: a }] }\n";
  const asked = ["--controls", "host-processes", "--fail-on", "critical"];
  const { code, out } = await seawall(["check", "-", ...asked], `${pod}---\na: [\n`);
  expect(code).toBe(2);
  expect(out).toContain("none reaches critical, so no finding fails this.");
  expect(out).toContain("1 could not be read");
});
