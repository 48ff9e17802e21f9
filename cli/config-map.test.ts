import { expect, it } from "vitest";
import { seawall } from "./testing";

const MANIFEST = `apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  annotations: { note: "hunter2" }
data:
  MODE: fast
  DB_PASSWORD: hunter2
  app.properties: |
    cache=10
    url=postgres://app:s3cr3t@db/shop
binaryData:
  keystore.jks: aHVudGVyMg==
`;
const check = (manifest: string, ...more: string[]) =>
  seawall(["check", "-", "--controls", "config-map-holds-secret", ...more], manifest);

it("names the keys of a ConfigMap that hold secrets, with their lines", async () => {
  const { out, code } = await check(MANIFEST);
  expect(code).toBe(1);
  for (const place of ["data.DB_PASSWORD  -:8", "data.app.properties  -:9", "binaryData.keystore.jks  -:13"])
    expect(out).toContain(place);
  expect(out).not.toContain("MODE");
});

it.each(["text", "json", "sarif", "junit"])("prints no value as %s", async (format) => {
  for (const manifest of [MANIFEST, MANIFEST.replace("fast", "7")]) {
    const { out, err } = await check(manifest, "--format", format, "--all");
    expect(out).toContain("DB_PASSWORD");
    expect(out + err).not.toMatch(/hunter2|s3cr3t|aHVudGVy/);
  }
});

it.each([
  ["*S3cr3t!", "unidentified alias."],
  ['*S3cr3t"S3cr3t', "unidentified alias."],
  ["!S3cr3t!x y", "undeclared tag handle."],
  ["!S3cr3t`^ y", "tag name cannot contain such characters."],
  ["!<S3cr3t> y", ""],
  ["!!int S3cr3t", "cannot resolve a node with explicit tag."],
  ["!!S3cr3t y", ""],
  ["&S3cr3t [*S3cr3t]", ""],
])("prints no value that is no YAML: %s", async (value, said) => {
  const { out, err } = await check(
    `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata:\n  PASSWORD: ${value}\n`,
  );
  expect(out + err).toContain(said);
  expect(out + err).not.toContain("S3cr3t");
});

it.each([
  ["{ PORT: 8080 }", "data.PORT is no text"],
  ["[PORT=8080]", "data or binaryData is no map"],
])("does not know what data hold that Kubernetes refuses: %s", async (data, message) => {
  const manifest = `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: ${data}\n`;
  const { out } = await check(manifest, "--format", "json");
  expect(JSON.parse(out).summary).toMatchObject({ notEvaluated: 1, healthy: 0 });
  expect(out).toContain(message);
});

it("believes no ConfigMap that brings the list of its entries along", async () => {
  const { out } = await check(`${MANIFEST}entries: []\n`, "--format", "json");
  expect(JSON.parse(out).summary).toMatchObject({ unhealthy: 1 });
});

it("leaves ConfigMaps of others alone", async () => {
  const { out } = await check(MANIFEST.replace("apiVersion: v1", "apiVersion: example.com/v1"), "--format", "json");
  expect(JSON.parse(out).summary).toMatchObject({ resources: 0 });
});
