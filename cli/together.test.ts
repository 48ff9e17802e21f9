import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { seawall } from "./testing";

// Objects are judged some dozens at a time: each must be told what it would be told alone.

const pod = (name: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: shop }\nspec:\n  hostPID: true\n  containers: [{ name: a, image: "a:1" }]\n`;
const GROWING =
  "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: { name: grows }\naggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: b } }] }\nrules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]\n";
const FILES: Readonly<Record<string, string>> = {
  "a.yaml": pod("one"),
  "b.yaml": `# two\n${pod("two")}`,
  "c.yaml": `${GROWING}---\n${pod("three")}`,
};
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "seawall-together-"));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(path.join(folder, name), text);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const check = async (file: string, ...args: string[]): Promise<string> =>
  (await seawall(["check", path.join(folder, file), ...args])).out;

it("names each finding's own file and line in text", async () => {
  const out = await check("", "--controls", "host-processes");
  const told = [...out.matchAll(/spec\.hostPID {2}(\S+)/g)].map(([, at = ""]) => path.basename(at));
  expect(told).toEqual(["a.yaml:5", "b.yaml:6", "c.yaml:11"]);
});

it("names each finding's own object in SARIF", async () => {
  const { runs } = JSON.parse(await check("", "--controls", "host-processes", "--format", "sarif"));
  const names = runs[0].results.map(
    (result: { locations: { logicalLocations: { fullyQualifiedName: string }[] }[] }) =>
      result.locations[0]?.logicalLocations[0]?.fullyQualifiedName,
  );
  expect(names).toEqual(["one", "two", "three"].map((name) => `Pod/shop/${name}#spec.hostPID`));
});

it("says of an object what it says of it alone, whatever stands before it", async () => {
  const results = async (file: string): Promise<unknown[]> => {
    const { results: all } = JSON.parse(await check(file, "--all", "--format", "json"));
    return all
      .filter(({ resource }: { resource: { name: string } }) => resource.name === "three")
      .map(({ source: _source, ...result }: { source: unknown }) => result);
  };
  const alone = await seawall(["check", "-", "--all", "--format", "json"], pod("three"));
  const wanted = JSON.parse(alone.out).results.map(({ source: _source, ...result }: { source: unknown }) => result);
  const lineless = (all: unknown[]): unknown => JSON.parse(JSON.stringify(all).replaceAll(/"line":\d+/g, '"line":0'));
  expect(lineless(await results("c.yaml"))).toEqual(lineless(wanted));
});
