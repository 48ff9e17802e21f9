import { describe, expect, it } from "vitest";
import { describeArc } from "./describe";

/**
 * In the shape of ConnectedCluster_ListBySubscription of api-version 2026-05-01
 * (https://learn.microsoft.com/rest/api/hybridkubernetes/connected-cluster/list-by-subscription), written by hand: the SDK ships no example.
 */
const identity = (properties: unknown) => describeArc({ cluster: {}, properties }).identity;
const profiles = (webhook: unknown, issuer: unknown) => ({
  securityProfile: { workloadIdentity: { enabled: webhook } },
  oidcIssuerProfile: { enabled: issuer },
});

describe("what ARM tells of a connected cluster", () => {
  it.each([
    [true, true, true],
    [true, false, false],
    [false, undefined, false],
    [true, undefined, undefined],
    ["true", true, undefined],
    [null, null, undefined],
  ])("workload identity takes the webhook and the issuer: %j, %j", (webhook, issuer, expected) => {
    expect(identity(profiles(webhook, issuer)).workloadIdentity).toBe(expected);
  });

  it("takes Azure RBAC for a sign-in with Entra ID, and its absence for nothing", () => {
    expect(identity({ aadProfile: { enableAzureRBAC: true } })).toEqual({
      cloudDirectory: true,
      cloudAuthorization: true,
    });
    expect(identity({ aadProfile: { enableAzureRBAC: false } })).toEqual({ cloudAuthorization: false });
    expect(identity({ aadProfile: { enableAzureRBAC: "true" } })).toEqual({});
  });

  it("tells of the agents and of what is underneath, as far as it is said", () => {
    const cluster = {
      connectivityStatus: "Offline",
      lastConnectivityTime: new Date("2026-03-01T10:00:00Z"),
      agentVersion: "1.31.3",
      managedIdentityCertificateExpirationTime: "2026-05-30T00:00:00Z",
      distribution: "k3s",
      infrastructure: "generic",
    };
    const properties = { arcAgentProfile: { agentAutoUpgrade: "Disabled" }, privateLinkState: "Enabled" };
    expect(describeArc({ cluster, properties })).toMatchObject({
      agent: {
        connected: false,
        lastSeenAt: "2026-03-01T10:00:00.000Z",
        version: "1.31.3",
        automaticUpgrade: false,
        privateLink: true,
        certificateEndsAt: "2026-05-30T00:00:00.000Z",
      },
      platform: { distribution: "k3s", infrastructure: "generic" },
      upgrade: {}, // the agents' upgrades are not the cluster's
    });
    expect(describeArc({ cluster: { connectivityStatus: "Connecting" }, properties: {} }).agent).toBeUndefined();
  });

  it("takes extensions for what they do, and a missing one for missing only in a whole list", () => {
    const facts = (extensions?: { type: string; version: string | undefined; status: string | undefined }[]) => {
      const { security, logging, addons } = describeArc({
        cluster: {},
        properties: {},
        ...(extensions === undefined ? {} : { extensions }),
      });
      return { security, logging, addons };
    };
    const of = (type: string, status = "Succeeded") => ({ type, version: "1.0", status });
    expect(facts()).toEqual({ security: {}, logging: {}, addons: undefined });
    expect(facts([])).toEqual({
      security: { policyAddon: false, threatDetection: false },
      logging: {}, // somebody else's agent may keep them
      addons: [],
    });
    expect(
      facts([
        of("microsoft.policyinsights"),
        of("microsoft.azuredefender.kubernetes", "Failed"),
        of("microsoft.azurekeyvaultsecretsprovider"),
        of("microsoft.azuremonitor.containers"),
      ]),
    ).toMatchObject({
      security: { policyAddon: true, threatDetection: false, secretStore: true },
      logging: { workloads: true },
      addons: [{ name: "microsoft.policyinsights", version: "1.0", status: "Succeeded" }, {}, {}, {}],
    });
  });

  it.each([
    undefined,
    null,
    "text",
    [],
    { arcAgentProfile: { agentAutoUpgrade: true }, privateLinkState: "enabled" },
    { arcAgentProfile: "Enabled", privateLinkState: null },
  ])("says nothing of what it was not told: %j", (properties) => {
    const { distribution: _, name: __, ...facts } = describeArc({ cluster: {}, properties });
    expect(facts).toEqual({
      api: {},
      identity: {},
      network: {},
      logging: {},
      encryption: {},
      upgrade: {},
      security: {},
    });
  });
});
