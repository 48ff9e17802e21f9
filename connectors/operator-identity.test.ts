import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { hubCredentials } from "./aws/credential";
import { awsSettingsSchema } from "./aws/schema";
import { azureCredential } from "./azure/credential";
import { azureSettings } from "./azure/schema";
import { ConnectorError } from "./connector";
import { subjectToken } from "./gcp/subject-token";
import { mayReceiveIdentity } from "./operator-identity";

beforeEach(() => vi.stubEnv("SEAWALL_IDENTITY_HOSTS", ""));
afterEach(() => vi.unstubAllEnvs());

const PEM = "-----BEGIN CERTIFICATE-----";
const context = { signal: AbortSignal.timeout(60_000), log: () => undefined, allowPrivateNetworks: true };
const refused = (work: () => Promise<unknown>) =>
  work().then(
    () => "sent",
    (error: unknown) => (error instanceof ConnectorError ? `${error.gap.code}: ${error.message}` : String(error)),
  );
const id = "3f1d0c52-8a64-4a0e-9a57-0b7c9a5f1101";
const azure = (change: object) =>
  refused(async () => {
    const settings = azureSettings.parse({
      subscriptionId: id,
      tenantId: id,
      clientId: id,
      credential: "federated",
      ...change,
    });
    await (await azureCredential(settings, {}, context)).close();
  });
const aws = (change: object) => {
  const settings = awsSettingsSchema.parse({
    accountId: "482915730164",
    roleArn: "arn:aws:iam::482915730164:role/seawall",
    externalId: "external",
    hubCredentials: "machine",
    ...change,
  });
  const limits = { ...settings, signal: context.signal };
  return refused(() => hubCredentials(settings, {}, limits));
};
const gcp = (change: object) =>
  refused(() => subjectToken({ subjectTokenSource: "operator-file", universeDomain: "googleapis.com", ...change }, {}));

describe("the worker's own identity", () => {
  it.each([
    ["another Entra authority", () => azure({ authorityHost: "https://localhost:1" })],
    ["a name that looks alike", () => azure({ authorityHost: "https://login.microsoftonline.com.example" })],
    ["another port of the authority", () => azure({ authorityHost: "https://login.microsoftonline.com:8443" })],
    ["the authority over the account's own CA", () => azure({ caBundle: PEM })],
    ["another STS", () => aws({ endpoints: { sts: "https://sts.example" } })],
    ["STS over the account's own CA", () => aws({ caBundle: PEM })],
    ["another Google STS", () => gcp({ tokenUrl: "https://sts.example/v1/token" })],
    ["another universe", () => gcp({ universeDomain: "example.com" })],
    ["Google's STS over the account's own CA", () => gcp({ caBundle: PEM })],
  ])("is not sent to %s", async (_, work) => {
    expect(await work()).toMatch(/^unsupported: .*SEAWALL_IDENTITY_HOSTS/);
  });

  it.each(["login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn"])(
    "goes to Microsoft's %s",
    async (host) => {
      const answer = await azure({ authorityHost: `https://${host}` });
      expect(answer).not.toContain("SEAWALL_IDENTITY_HOSTS"); // without a network the name is unresolvable
    },
  );

  it("goes where the operator says, on that port only", () => {
    const environment = { SEAWALL_IDENTITY_HOSTS: "sts.internal.example,login.lab.example:8443" };
    const may = (url: string) => mayReceiveIdentity(url, () => false, { caBundle: PEM }, environment);
    expect(may("https://sts.internal.example")).toBe(true);
    expect(may("https://login.lab.example:8443")).toBe(true);
    expect(may("https://login.lab.example")).toBe(false);
    expect(may("https://internal.example")).toBe(false);
  });
});
