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
    expect(identity({ aadProfile: { enableAzureRBAC: true } })).toEqual({ cloudDirectory: true });
    expect(identity({ aadProfile: { enableAzureRBAC: false } })).toEqual({});
    expect(identity({ aadProfile: { enableAzureRBAC: "true" } })).toEqual({});
  });

  it.each([
    undefined,
    null,
    "text",
    [],
    { arcAgentProfile: { agentAutoUpgrade: "Enabled" }, privateLinkState: "Enabled" },
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
