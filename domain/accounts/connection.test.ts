import { describe, expect, it } from "vitest";
import { parseConnection, parseNewConnection } from "./connection";

const guid = "3f1d0c52-8a64-4a0e-9a57-0b7c9a5f1101";
const PEM = "-----BEGIN CERTIFICATE-----";
const ids = { subscriptionId: guid, tenantId: guid, clientId: guid };
const depot = { name: "depot", server: "https://depot.example", caCertificate: PEM };
const aws = {
  accountId: "111122223333",
  roleArn: "arn:aws:iam::111122223333:role/seawall",
  externalId: "external",
};
const problems = (...given: Parameters<typeof parseConnection>): Record<string, string> => {
  const result = parseConnection(...given);
  return result.ok ? {} : result.fields;
};

describe("a connection", () => {
  it("keeps credentials apart from settings", () => {
    const result = parseConnection("azure", {
      settings: { ...ids, arc: [depot] },
      secrets: { clientSecret: " s3cret ", "arcToken:depot": "abc", empty: " " },
    });
    if (!result.ok) throw new Error(JSON.stringify(result.fields));
    expect(result.connection.externalId).toBe(guid);
    expect(result.connection.secrets).toEqual({ clientSecret: "s3cret", "arcToken:depot": "abc" });
    expect(JSON.stringify(result.connection.settings)).not.toContain("s3cret");
  });

  it("names each place that is wrong, down to the field of a row and the value of a list", () => {
    const settings = {
      accountId: "12",
      regions: ["eu-central-1", "mars"],
      endpoints: { sts: "no address" },
      requestTimeoutMs: Number.NaN,
    };
    const found = problems("aws", { settings, secrets: {} });
    expect(found).toMatchObject({
      "settings.accountId": "An AWS account id has 12 digits.",
      "settings.roleArn": "This is needed.",
      "settings.regions": expect.stringMatching(/^mars: /),
      "settings.endpoints.sts": expect.stringContaining("full address"),
      "settings.requestTimeoutMs": expect.any(String),
    });
    const arc = [depot, { ...depot, server: "http://plain.example" }];
    expect(problems("azure", { settings: { ...ids, arc }, secrets: {} })).toMatchObject({
      "settings.arc.1.server": expect.stringContaining("https"),
    });
    const twice = problems("azure", { settings: { ...ids, arc: [depot, depot] }, secrets: {} });
    expect(Object.keys(twice)).toEqual(["settings.arc.1.name"]);
  });

  it("takes nothing that nobody asked for", () => {
    const given = { settings: { ...ids, regoins: [] }, secrets: { password: "x", "arcToken:yard": "y" } };
    expect(Object.keys(problems("azure", given)).sort()).toEqual([
      "secret.arcToken:yard",
      "secret.password",
      "settings.regoins",
    ]);
    expect(Object.keys(problems("azure", { settings: JSON.parse('{"__proto__":{"x":1}}'), secrets: {} }))).toContain(
      "settings.__proto__",
    );
    const arc = [{ ...depot, token: "s3cret" }];
    expect(Object.keys(problems("azure", { settings: { ...ids, arc }, secrets: {} }))).toEqual(["settings.arc.0"]);
    const endpoints = { stss: "https://sts.example" };
    expect(Object.keys(problems("aws", { settings: { ...aws, endpoints }, secrets: {} }))).toEqual([
      "settings.endpoints",
    ]);
  });

  it.each(["https://ada:s3cret@api.example", "https://api.example/?token=s3cret", "https://api.example/#s3cret"])(
    "takes no credential in an address, such as %s",
    (address) => {
      const arc = [{ ...depot, server: address }];
      expect(Object.keys(problems("azure", { settings: { ...ids, arc }, secrets: {} }))).toEqual([
        "settings.arc.0.server",
      ]);
      const endpoints = { sts: address };
      expect(Object.keys(problems("aws", { settings: { ...aws, endpoints }, secrets: {} }))).toEqual([
        "settings.endpoints.sts",
      ]);
    },
  );
});

it.each([
  ["azure", ["secret.clientSecret"], { credential: "federated" }],
  ["aws", ["secret.accessKeyId", "secret.secretAccessKey"], { hubCredentials: "machine" }],
  ["gcp", ["secret.subjectToken"], { subjectTokenSource: "operator-file" }],
] as const)("of %s needs the credentials that are to be entered, and no others", (cloud, needed, elsewhere) => {
  const places = (settings: object, secrets: Record<string, string>): string[] => {
    const result = parseNewConnection(cloud, { settings: { ...settings }, secrets });
    return result.ok ? [] : Object.keys(result.fields).filter((place) => place.startsWith("secret."));
  };
  expect(places({}, {})).toEqual(needed);
  const blank = Object.fromEntries(needed.map((place) => [place.slice("secret.".length), " "]));
  expect(places({}, blank)).toEqual(needed);
  const given = Object.fromEntries(needed.map((place) => [place.slice("secret.".length), "s3cret"]));
  expect(places({}, given)).toEqual([]);
  expect(places(elsewhere, {})).toEqual([]);
});

it("a new account names the token of each Arc cluster that is listed, and what else is wrong", () => {
  const settings = { ...ids, tenantId: "common", credential: "federated", arc: [depot, { ...depot, name: "yard" }] };
  const secrets = { "arcToken:depot": "abc" };
  expect(parseNewConnection("azure", { settings, secrets })).toEqual({
    ok: false,
    fields: {
      "secret.arcToken:yard": "This is needed for as long as its cluster is listed.",
      "settings.tenantId": expect.any(String),
    },
  });
  const whole = { ...settings, tenantId: guid };
  expect(parseNewConnection("azure", { settings: whole, secrets: { ...secrets, "arcToken:yard": "def" } }).ok).toBe(
    true,
  );
  expect(parseNewConnection("azure", { settings: { ...whole, arc: "depot" }, secrets: {} }).ok).toBe(false);
});
