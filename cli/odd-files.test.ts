import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seawall } from "./testing";

const POD =
  'apiVersion: v1\nkind: Pod\nmetadata: { name: p }\nspec:\n  hostPID: true\n  containers: [{ name: a, image: "a:1" }]\n';
const asked = ["--controls", "host-processes"];
const FOUND = /^Pod p .*\n.*SW-0493 host-processes\n.*\n.* spec\.hostPID {2}.*:5$/m;

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "seawall-odd-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("what is no ordinary file", () => {
  it("a pipe that is named is read to its end; one in a folder is not waited for", async () => {
    mkdirSync(path.join(folder, "pipes"));
    const pipe = path.join(folder, "pipes", "p.yaml");
    execFileSync("mkfifo", [pipe]);
    const [{ code, out }] = await Promise.all([seawall(["check", pipe, ...asked]), writeFile(pipe, POD)]);
    expect(out).toMatch(FOUND);
    expect(code).toBe(1);
    const { err } = await seawall(["check", path.join(folder, "pipes"), ...asked]);
    expect(err).toContain("p.yaml: is no regular file.");
  });
  it("a pipe that is named twice, by whatever name, is read once", async () => {
    const [pipe, link] = [path.join(folder, "once"), path.join(folder, "again")];
    execFileSync("mkfifo", [pipe]);
    symlinkSync(pipe, link);
    const [{ code, out, err }] = await Promise.all([seawall(["check", pipe, link, ...asked]), writeFile(pipe, POD)]);
    expect([code, err]).toEqual([2, expect.stringContaining("again: was named before: a pipe can be read once.")]);
    expect(out).toMatch(FOUND);
  });
  it("a link to nothing is called so", async () => {
    mkdirSync(path.join(folder, "links"));
    symlinkSync("nowhere", path.join(folder, "links", "dead.yaml"));
    const { code, err } = await seawall(["check", path.join(folder, "links"), ...asked]);
    expect([code, err]).toEqual([2, expect.stringContaining("dead.yaml: is a link to what does not exist.")]);
  });
  it("standard input that holds nothing says where to look", async () => {
    expect((await seawall(["check", "-"], "# nothing\n")).err).toContain(
      "-: holds no documents: did the command that was to write them fail?",
    );
  });
});

describe("how a file is written", () => {
  it.each([
    ["little", Buffer.from(`\uFEFF${POD}`, "utf16le")],
    ["big", Buffer.from(`\uFEFF${POD}`, "utf16le").swap16()],
  ])("UTF-16 with a byte order mark is read, %s end first", async (_end, bytes) => {
    const file = path.join(folder, "wide.yaml");
    writeFileSync(file, bytes);
    expect((await seawall(["check", file, ...asked])).out).toMatch(FOUND);
    appendFileSync(file, "x");
    expect((await seawall(["check", file, ...asked])).err).toContain("is not UTF-8 text.");
  });
  it("JSON objects one behind the other are a document each, with their lines", async () => {
    const pod = (name: string) =>
      JSON.stringify(
        { apiVersion: "v1", kind: "Pod", metadata: { name }, spec: { hostPID: true, containers: [{ name: "a" }] } },
        null,
        1,
      );
    const line = (name: string) => pod(name).replace(/\n */g, "");
    const { out } = await seawall(
      ["check", "-", ...asked],
      `${line("a")}\n${line("b")}\r\n\n${pod("c")}\n${pod("d")}\n`,
    );
    expect(
      [...out.matchAll(/^Pod (\w) {2}(-:\d+)|hostPID {2}(-:\d+)$/gm)].map(([, name, at, found]) =>
        name ? `${name} ${at}` : found,
      ),
    ).toEqual(["a -:1", "-:1", "b -:2", "-:2", "c -:4", "-:11", "d -:19", "-:26"]);
    expect((await seawall(["check", "-", ...asked], `${line("a")}\n{ "kind": }\n`)).code).toBe(2);
  });
  it("JSON with comments is refused as that, and texts that look like one are not", async () => {
    const text =
      '{ // a pod\n"apiVersion": "v1", "kind": "Pod", "metadata": { "name": "p" }, /* of the host */\n "spec": { "hostPID": true }, }';
    const { code, err } = await seawall(["check", "-", ...asked], text);
    expect([code, err]).toEqual([
      2,
      expect.stringContaining("-:1: document 1: holds comments (//, /* */), which JSON has not"),
    ]);
    const flow =
      "{ apiVersion: v1, kind: Pod, metadata: { name: p, annotations: { at: 'http://a/*b' } },\n\n\n spec: {\n hostPID: true } }";
    expect((await seawall(["check", "-", ...asked], flow)).out).toMatch(FOUND);
  });
});

it.each([
  [
    "resources: [a.yaml]\n",
    "is no Kubernetes object. It looks like a kustomization: give the output of kubectl kustomize.",
  ],
  ["apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n", "It looks like a kustomization"],
  ["apiVersion: v1\nkind: List\n", "items is missing."],
  ["apiVersion: 1\nkind: Pod\nmetadata: { name: a }\n", "apiVersion is no text: put it in quotes."],
  ["apiVersion: v1\nkind: Pod\nmetadata: { name: 5 }\n", "metadata.name is no text: put it in quotes."],
  [`apiVersion: v1\nkind: Pod\nmetadata: { name: ${"a".repeat(600)} }\n`, "metadata.name is too long."],
])("says what is wrong with %j", async (text, said) => {
  const { code, err } = await seawall(["check", "-", ...asked], text);
  expect([code, err]).toEqual([2, expect.stringContaining(said)]);
});
