import { describe, expect, it } from "vitest";
import { CLOUD_FORMS } from "../cloud-form";
import type { Connectable } from "../schema";
import { type Changes, changing } from "../testing/changes";
import { changeOf } from "./change";

const guid = "3f1d0c52-8a64-4a0e-9a57-0b7c9a5f1101";
const PEM = "-----BEGIN CERTIFICATE-----";
const arc = (server: string) => ({ name: "depot", server, caCertificate: PEM });
const AZURE = { subscriptionId: guid, tenantId: guid, clientId: guid, arc: [arc("https://depot.example")] };
const AWS = {
  accountId: "111122223333",
  roleArn: "arn:aws:iam::111122223333:role/seawall",
  externalId: "external",
};

/** An edit: every setting as it was but those given. */
function edit(cloud: Connectable, before: Record<string, unknown>, stored: string[], changes: Changes) {
  const settings = CLOUD_FORMS[cloud].schema.parse(before) as Record<string, unknown>;
  return changeOf(cloud, settings, stored, changing(changes)(settings));
}
const azure = (entered: Changes) => edit("azure", AZURE, ["clientSecret", "arcToken:depot"], entered);
const changed = (result: ReturnType<typeof changeOf>) => {
  if (!result.ok) throw new Error(JSON.stringify(result.fields));
  return result.change;
};
const problems = (result: ReturnType<typeof changeOf>) => (result.ok ? [] : Object.keys(result.fields));

describe("an edit", () => {
  it("that changes nothing moves nothing, whatever was stored before defaults were filled in", () => {
    expect(changed(azure({}))).toMatchObject({ secrets: {}, forget: [], moves: false });
    expect(
      changed(changeOf("azure", AZURE, ["clientSecret", "arcToken:depot"], { settings: AZURE, secrets: {} })),
    ).toMatchObject({ moves: false });
  });
  it("takes a line end of the browser's for no other CA", () => {
    const bundle = `${PEM}\nAAAA\n-----END CERTIFICATE-----\n`;
    const arcs = [{ ...arc("https://depot.example"), caCertificate: bundle }];
    const before = { ...AZURE, caBundle: bundle, arc: arcs };
    const caBundle = bundle.replaceAll("\n", "\r\n");
    const sent = { settings: { caBundle, requestTimeoutMs: 9000 } };
    const { settings, moves } = changed(edit("azure", before, ["clientSecret", "arcToken:depot"], sent));
    expect(moves).toBe(true);
    expect(settings.caBundle).toBe(bundle.trim());
    const same = { settings: { caBundle } };
    expect(changed(edit("azure", before, ["clientSecret", "arcToken:depot"], same)).moves).toBe(false);
  });
  it("keeps what was left empty, and takes what was entered", () => {
    expect(changed(azure({ settings: { requestTimeoutMs: 9000 } }))).toMatchObject({
      secrets: {},
      forget: [],
      moves: true,
      settings: { requestTimeoutMs: 9000 },
    });
    expect(changed(azure({ secrets: { clientSecret: "fresh" } })).secrets).toEqual({ clientSecret: "fresh" });
  });
  it("cannot make another account of it", () => {
    const other = "3f1d0c52-8a64-4a0e-9a57-0b7c9a5f1102";
    expect(changed(azure({ settings: { subscriptionId: other } })).settings.subscriptionId).toBe(guid);
  });
  it("forgets credentials that are used no longer", () => {
    expect(changed(azure({ settings: { credential: "federated" } })).forget).toEqual(["clientSecret"]);
    expect(changed(azure({ settings: { arc: [] } })).forget).toEqual(["arcToken:depot"]);
    expect(
      changed(edit("aws", AWS, ["accessKeyId", "secretAccessKey"], { settings: { hubCredentials: "machine" } })).forget,
    ).toEqual(["accessKeyId", "secretAccessKey"]);
  });
  it("names what is wrong", () => {
    expect(problems(azure({ settings: { tenantId: "common" } }))).toEqual(["settings.tenantId"]);
  });
});

describe("a stored credential goes nowhere else", () => {
  it.each([
    ["authorityHost", "https://evil.example"],
    ["armEndpoint", "https://evil.example"],
    ["caBundle", PEM],
    ["clientId", "3f1d0c52-8a64-4a0e-9a57-0b7c9a5f1109"],
  ])("%s", (field, value) => {
    expect(problems(azure({ settings: { [field]: value } }))).toEqual(["secret.clientSecret"]);
    expect(changed(azure({ settings: { [field]: value }, secrets: { clientSecret: "again" } })).moves).toBe(true);
  });
  it("nor the token of an Arc cluster that is somewhere else now", () => {
    const moved = { settings: { arc: [arc("https://evil.example")] } };
    expect(problems(azure(moved))).toEqual(["secret.arcToken:depot"]);
    expect(changed(azure({ ...moved, secrets: { "arcToken:depot": "again" } })).secrets).toEqual({
      "arcToken:depot": "again",
    });
    const more = {
      settings: { arc: [arc("https://depot.example"), { ...arc("https://yard.example"), name: "yard" }] },
    };
    expect(problems(azure(more))).toEqual([]);
  });
  it("nor an access key whose endpoints are others", () => {
    const endpoints = { settings: { endpoints: { sts: "https://evil.example" } } };
    expect(problems(edit("aws", AWS, ["accessKeyId", "secretAccessKey"], endpoints))).toEqual([
      "secret.accessKeyId",
      "secret.secretAccessKey",
    ]);
  });
});
