import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { guardedFetchJson } from "@/lib/outbound-request";
import { createCore } from "../core";
import type { SimWire } from "../model";
import { clusterAnswer } from "./cluster-answer";
import { startGcp } from "./index";
import { encodeAnswer, methods } from "./protos";

const core = createCore({ seed: 3, scenario: "tiny", now: new Date("2026-03-01T09:00:00Z") });
const PROJECT = "harbour-prod-4711";
let wire: SimWire;
beforeAll(async () => {
  wire = await startGcp(core);
});
afterAll(() => wire.stop());

const settingsOf = (project: string) => {
  const account = core.accounts().find((one) => one.id === project);
  const made = account === undefined ? undefined : wire.connection?.(account);
  if (made === undefined) throw new Error(`no connection for ${project}`);
  return {
    audience: String(made.settings.audience),
    email: String(made.settings.serviceAccountEmail),
    ...made.secrets,
  };
};
const call = async (url: string, method: "GET" | "POST" = "GET", token?: string, body?: string) => {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const policy = { allowPrivate: true, ca: core.tls.ca };
  const answer = await guardedFetchJson(url, { method, headers, policy, ...(body === undefined ? {} : { body }) });
  return { status: answer.status, json: answer.json as Record<string, never> };
};
const federated = async (overrides: Record<string, string> = {}) => {
  const { audience, subjectToken = "" } = settingsOf(PROJECT) as { audience: string; subjectToken?: string };
  const form = new URLSearchParams({
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    audience,
    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    subject_token: subjectToken,
    ...overrides,
  });
  return await call(`${wire.endpoints.sts}/v1/token`, "POST", undefined, form.toString());
};
const impersonate = (email: string, token: string) =>
  call(
    `${wire.endpoints.sts}/v1/projects/-/serviceAccounts/${email}:generateAccessToken`,
    "POST",
    token,
    JSON.stringify({ scope: ["https://www.googleapis.com/auth/cloud-platform"] }),
  );
const clusters = (project: string) => `${wire.endpoints.rest}/v1/projects/${project}/locations/-/clusters`;

describe("the token exchange", () => {
  it("refuses a foreign audience, a forged token and another grant", async () => {
    expect((await federated({ audience: settingsOf("harbour-analytics-1822").audience })).json).toMatchObject({
      error: "invalid_grant",
    });
    expect((await federated({ audience: "//iam.googleapis.com/projects/1" })).json).toMatchObject({
      error: "invalid_target",
    });
    expect((await federated({ subject_token: "a.b.c" })).json).toMatchObject({ error: "invalid_grant" });
    expect((await federated({ grant_type: "password" })).status).toBe(400);
  });

  it("lets the federated identity impersonate its own project's account only, and read nothing itself", async () => {
    const token: string = (await federated()).json.access_token ?? "";
    expect((await impersonate(settingsOf("harbour-analytics-1822").email, token)).status).toBe(403);
    expect((await impersonate(settingsOf(PROJECT).email, "ya29.none")).status).toBe(401);
    expect((await call(clusters(PROJECT), "GET", token)).status).toBe(403);
    const own = await impersonate(settingsOf(PROJECT).email, token);
    expect(own.status).toBe(200);
    const access: string = own.json.accessToken ?? "";
    expect((await call(clusters(PROJECT), "GET", access)).status).toBe(200);
    expect((await call(clusters("harbour-analytics-1822"), "GET", access)).status).toBe(403);
    expect((await call(clusters(PROJECT))).status).toBe(401);
  });

  it("gives the same identity token after a restart of the same seed", async () => {
    const again = await startGcp(core);
    const account = core.accounts().find((one) => one.id === PROJECT);
    expect(account && again.connection?.(account).secrets).toEqual(account && wire.connection?.(account).secrets);
    await again.stop();
  });
});

describe("strictness", () => {
  it("answers what is not simulated with 501 and logs it by name", async () => {
    const before = core.requests().next;
    const { status, json } = await call(`${wire.endpoints.rest}/v1/projects/p/locations/l/operations`);
    expect(status).toBe(501);
    expect(json).toMatchObject({ error: { status: "UNIMPLEMENTED" } });
    expect(core.requests(before).requests).toMatchObject([
      { action: "google.container.v1.ClusterManager/ListOperations", status: 501 },
    ]);
    expect((await call(`${wire.endpoints.rest}/v1/nothing`)).status).toBe(501);
    expect((await call(`${wire.endpoints.sts}/v1/introspect`, "POST", undefined, "")).status).toBe(501);
  });

  it("refuses a query field that the request does not have", async () => {
    expect((await call(`${clusters(PROJECT)}?filter=x`)).status).toBe(400);
  });

  it("refuses to give an answer that the shipped definitions do not know", () => {
    const method = methods.get("GetCluster");
    const cluster = core.clusters().find((one) => one.distribution === "gke");
    if (method === undefined || cluster === undefined) throw new Error("nothing to encode");
    const sound = clusterAnswer(cluster);
    expect(encodeAnswer(method, sound).binary.length).toBeGreaterThan(500);
    expect(() => encodeAnswer(method, { ...sound, masterAuthType: "x" })).toThrow(/not a field/);
    expect(() => encodeAnswer(method, { ...sound, status: "FINE" })).toThrow(/not a value/);
    expect(() => encodeAnswer(method, { ...sound, releaseChannel: { channel: "WEEKLY" } })).toThrow(/not a value/);
  });
});
