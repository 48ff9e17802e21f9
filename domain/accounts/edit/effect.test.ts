import { describe, expect, it } from "vitest";
import { z } from "zod";
import { arcClusterSettings, arcTokenField } from "@/connectors/arc/schema";
import { CLOUD_FORMS } from "../cloud-form";
import type { Settings } from "../connection";
import { CONNECTABLE, type Connectable } from "../schema";
import { changeOf } from "./change";
import { EFFECTS, ROW_EFFECTS, takesAway } from "./effect";

const guid = (end: number) => `3f1d0c52-8a64-4a0e-9a57-0b7c9a5f110${end}`;
const POOL = "projects/1/locations/global/workloadIdentityPools/pool/providers";
const PEM = "-----BEGIN CERTIFICATE-----";
const ROW = { name: "depot", server: "https://depot.example", caCertificate: PEM };
const STORED: Readonly<Record<Connectable, Settings>> = {
  azure: { subscriptionId: guid(1), tenantId: guid(1), clientId: guid(1), arc: [ROW] },
  aws: { accountId: "111122223333", roleArn: "arn:aws:iam::111122223333:role/seawall", externalId: "external" },
  gcp: {
    projectId: "some-project",
    audience: `//iam.googleapis.com/${POOL}/one`,
    serviceAccountEmail: "one@x.example",
  },
};
/** Another value of each setting that is no number; a number is one less or more. */
const OTHERS: Readonly<Record<Connectable, Settings>> = {
  azure: {
    subscriptionId: guid(2),
    tenantId: guid(2),
    clientId: guid(2),
    authorityHost: "https://other.example",
    armEndpoint: "https://other.example",
    armAudience: "https://other.example",
    caBundle: PEM,
    apiVersions: { aks: "2026-01-01" },
    credential: "federated",
    arc: [],
  },
  aws: {
    accountId: "999922223333",
    partition: "aws-cn",
    roleArn: "arn:aws:iam::111122223333:role/admin",
    externalId: "other",
    hubCredentials: "machine",
    regions: ["eu-central-1"],
    stsRegion: "eu-west-1",
    endpoints: { eks: "https://other.example" },
    caBundle: PEM,
  },
  gcp: {
    projectId: "other-project",
    audience: `//iam.googleapis.com/${POOL}/other`,
    serviceAccountEmail: "other@x.example",
    subjectTokenSource: "operator-file",
    subjectTokenType: "urn:ietf:params:oauth:token-type:id_token",
    universeDomain: "other.example",
    tokenUrl: "https://other.example",
    impersonationUrl: "https://other.example",
    transport: "rest",
    apiEndpoint: "other.example",
    caBundle: PEM,
  },
};
/** What has to change with a setting to be valid. */
const WITH: Readonly<Record<string, Settings>> = {
  partition: { roleArn: "arn:aws-cn:iam::111122223333:role/seawall", stsRegion: undefined },
};

const fieldsOf = (schema: z.ZodType): string[] =>
  Object.keys(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }).properties ?? {});
const secretsOf = (cloud: Connectable): string[] => CLOUD_FORMS[cloud].secrets.map(({ name }) => name);

/** An edit that changes one setting and enters no credential anew. */
function edit(cloud: Connectable, field: string) {
  const stored = CLOUD_FORMS[cloud].schema.parse(STORED[cloud]) as Record<string, unknown>;
  const was = stored[field];
  const value =
    OTHERS[cloud][field] ?? (typeof was === "number" ? (field === "maxAttempts" ? was - 1 : was + 1) : null);
  if (value === null) throw new Error(`${cloud}.${field}: give another value of it`);
  const names = [...secretsOf(cloud), arcTokenField(ROW.name)];
  const result = changeOf(cloud, stored, names, {
    settings: { ...stored, ...WITH[field], [field]: value },
    secrets: {},
  });
  return { result, was };
}

describe.each(CONNECTABLE)("%s: what an edit of a setting means for stored credentials", (cloud) => {
  const all = fieldsOf(CLOUD_FORMS[cloud].schema);
  it("is said of every setting", () => {
    expect(Object.keys(EFFECTS[cloud]).sort()).toEqual([...all].sort());
  });
  it.each(all)("%s", (field) => {
    const effect = EFFECTS[cloud][field];
    if (effect === undefined) throw new Error("is not classed");
    const { result, was } = edit(cloud, field);
    if (takesAway(effect)) {
      expect(result.ok ? null : Object.keys(result.fields)).toEqual(secretsOf(cloud).map((name) => `secret.${name}`));
      return;
    }
    if (!result.ok) throw new Error(JSON.stringify(result.fields));
    if (effect === "fixed") expect(result.change.settings[field]).toBe(was);
    if (effect === "choice") expect(result.change.forget).toEqual(expect.arrayContaining(secretsOf(cloud)));
    if (effect === "rows") expect(result.change.forget).toContain(arcTokenField(ROW.name));
    if (effect === "harmless")
      expect(result.change.forget.filter((name) => secretsOf(cloud).includes(name))).toEqual([]);
  });
});

describe("a row with a credential of its own", () => {
  it("has every column classed", () => {
    expect(Object.keys(ROW_EFFECTS).sort()).toEqual(fieldsOf(arcClusterSettings).sort());
  });
  it.each(
    Object.entries({ server: "https://other.example", caCertificate: `${PEM}\nX`, tlsServerName: "other.example" }),
  )("asks for its token anew when its %s changes, and for no other", (column, value) => {
    const stored = CLOUD_FORMS.azure.schema.parse(STORED.azure) as Record<string, unknown>;
    const result = changeOf("azure", stored, ["clientSecret", arcTokenField(ROW.name)], {
      settings: { ...stored, arc: [{ ...ROW, [column]: value }] },
      secrets: {},
    });
    expect(takesAway(ROW_EFFECTS[column as keyof typeof ROW_EFFECTS])).toBe(true);
    expect(result.ok ? null : Object.keys(result.fields)).toEqual([`secret.${arcTokenField(ROW.name)}`]);
  });
});
