import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { z } from "zod";
import { seawall } from "./testing";

const asked = ["--controls", "SW-0001"];
const reportSchema = z.object({
  results: z.array(
    z.object({ resource: z.object({ kind: z.string() }), source: z.looseObject({ item: z.string().optional() }) }),
  ),
});
const sources = async (text: string, ...args: string[]) => {
  const { out } = await seawall(["check", "-", "--format", "json", ...args], text);
  return reportSchema.parse(JSON.parse(out)).results;
};
const cases = (out: string) =>
  [...out.matchAll(/<testcase name="([^"]+)" classname="([^"]+)"/g)].map(([, name, classname]) => [classname, name]);

const POD =
  "{ apiVersion: v1, kind: Pod, metadata: { name: same }, spec: { containers: [{ name: a, securityContext: { privileged: true } }] } }";
const LIST = `apiVersion: v1\nkind: List\nitems:\n- ${POD}\n- ${POD}\n`;
/** A pod, and a list that holds a pod, on one line. */
const json = JSON.stringify({
  apiVersion: "v1",
  kind: "List",
  items: [0, 1].map((nth) => {
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "same" },
      spec: { containers: [{ name: "a", securityContext: { privileged: true } }] },
    };
    return nth === 0 ? pod : { apiVersion: "v1", kind: "List", items: [pod] };
  }),
});

it("says which item of a list is meant, and nothing of what stands in none", async () => {
  const source = { file: "-", document: 1, line: 1 };
  expect((await sources(LIST, ...asked)).map((one) => one.source)).toEqual([
    { ...source, item: "items[0]" },
    { ...source, item: "items[1]" },
  ]);
  expect((await sources(json, ...asked)).map((one) => one.source.item)).toEqual(["items[0]", "items[1].items[0]"]);
  expect((await sources(POD, ...asked)).map((one) => one.source)).toEqual([source]);
  const aliased = `apiVersion: v1\nkind: List\nitems:\n- &one ${POD}\n- *one\n`;
  expect((await sources(aliased, ...asked)).map((one) => one.source.item)).toEqual(["items[0]", "items[1]"]);
});

it("says it of the processes and the namespaces that an item tells of, too", async () => {
  const text = `apiVersion: v1\nkind: List\nitems:\n- { apiVersion: v1, kind: Pod, metadata: { name: e, namespace: kube-system, labels: { component: etcd, tier: control-plane } }, spec: { containers: [{ name: etcd, command: [etcd] }] } }\n- ${POD.replace("name: same", "name: p, namespace: default")}\n`;
  const found = await sources(text);
  for (const [kind, item] of [
    ["Etcd", "items[0]"],
    ["Namespace", "items[1]"],
  ])
    expect(found.find(({ resource }) => resource.kind === kind)?.source.item, kind).toBe(item);
});

it("tells items apart for people, by their lines and where all stand on one", async () => {
  const headers = async (text: string) => (await seawall(["check", "-", ...asked], text)).out.match(/^Pod .*$/gm);
  expect(await headers(LIST)).toEqual(["Pod same  -:4 items[0]", "Pod same  -:5 items[1]"]);
  expect(await headers(json)).toEqual(["Pod same  -:1 items[0]", "Pod same  -:1 items[1].items[0]"]);
  expect(await headers(POD)).toEqual(["Pod same  -:1"]);
});

it("JUnit has a suite for each item, and no two cases of one name", async () => {
  const { out } = await seawall(["check", "-", "--format", "junit", ...asked], json);
  expect([...out.matchAll(/<testsuite name="([^"]+)"/g)].map(([, name]) => name)).toEqual([
    "Pod same (-:1 items[0])",
    "Pod same (-:1 items[1].items[0])",
  ]);
  expect(cases(out)).toEqual([
    ["Pod same (-)", "SW-0001 privileged-container"],
    ["Pod same (-) #2", "SW-0001 privileged-container"],
  ]);
});

it("JUnit tells a file that is given twice apart each time", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "seawall-twice-"));
  try {
    const file = path.join(folder, "two.yaml");
    writeFileSync(file, `${POD}\n---\n${POD.replace("same", "other")}\n`);
    const { out } = await seawall(["check", file, file, "--format", "junit", ...asked]);
    const found = cases(out).map((one) => one.join(" "));
    expect([found.length, new Set(found).size]).toEqual([4, 4]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it("SARIF names an item's own line for what was derived of it", async () => {
  const service = (name: string) =>
    `{ apiVersion: v1, kind: Service, metadata: { name: ${name}, namespace: a }, spec: { type: LoadBalancer, selector: { app: a } } }`;
  const text = `apiVersion: v1\nkind: List\nitems:\n- ${service("a")}\n- ${service("b")}\n`;
  const { out } = await seawall(["check", "-", "--format", "sarif", "--all"], text);
  const schema = z.object({
    runs: z.array(
      z.object({
        results: z.array(
          z.object({
            locations: z.array(
              z.object({ physicalLocation: z.object({ region: z.object({ startLine: z.number() }) }) }),
            ),
          }),
        ),
      }),
    ),
  });
  const lines = schema
    .parse(JSON.parse(out))
    .runs.flatMap(({ results }) => results.flatMap(({ locations }) => locations))
    .map(({ physicalLocation: { region } }) => region.startLine);
  expect(new Set(lines)).toEqual(new Set([4, 5]));
});
