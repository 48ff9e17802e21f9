import { describe, expect, it } from "vitest";
import { managedClusterSchema } from "@/domain/inventory/schema";
import { describeAks } from "./describe";

/** Every leaf below the fixed names, so that a test can say "nothing". */
const facts = (cluster: unknown, pools?: unknown[]) => {
  const { distribution: _, name: __, ...rest } = describeAks({ cluster, ...(pools ? { pools } : {}) });
  return rest;
};
const NOTHING = { api: {}, identity: {}, network: {}, logging: {}, encryption: {}, upgrade: {}, security: {} };

describe("an answer that holds nothing", () => {
  it.each([{}, null, undefined, "text", [], 7])("gives no fact: %j", (answer) => {
    expect(facts(answer)).toEqual(NOTHING);
  });
});

describe("omitted fields", () => {
  it("stand for the documented defaults, all of them the unsafe ones but the dashboard's", () => {
    expect(facts({ provisioningState: "Succeeded" })).toEqual({
      status: "Succeeded",
      api: { publicEndpoint: true, privateEndpoint: false, authorizedRanges: [] },
      identity: { localAccounts: true, cloudDirectory: false, workloadIdentity: false },
      network: { policyEngine: "none" },
      logging: {},
      encryption: { secretsCustomerKey: false },
      upgrade: { channel: "none", automatic: false },
      security: { threatDetection: false, policyAddon: false },
    });
  });

  it("are the same as null", () => {
    const nulls = {
      apiServerAccessProfile: null,
      aadProfile: null,
      securityProfile: null,
      networkProfile: { networkPolicy: null },
    };
    expect(facts({ provisioningState: "Succeeded", ...nulls })).toEqual(facts({ provisioningState: "Succeeded" }));
  });
});

describe("fields of a wrong type", () => {
  const sound = facts({ provisioningState: "Succeeded" });
  it.each([
    [{ apiServerAccessProfile: "private" }, { api: {} }],
    [{ apiServerAccessProfile: { enablePrivateCluster: "true" } }, { api: { authorizedRanges: [] } }],
    [
      { apiServerAccessProfile: { authorizedIPRanges: [7] } },
      { api: { publicEndpoint: true, privateEndpoint: false } },
    ],
    [{ disableLocalAccounts: 1 }, { identity: { cloudDirectory: false, workloadIdentity: false } }],
    [{ aadProfile: true }, { identity: { localAccounts: true, workloadIdentity: false } }],
    [{ networkProfile: { networkPolicy: ["calico"] } }, { network: {} }],
    [
      { securityProfile: [] },
      { identity: { localAccounts: true, cloudDirectory: false }, encryption: {}, security: { policyAddon: false } },
    ],
    [{ autoUpgradeProfile: { upgradeChannel: {} } }, { upgrade: {} }],
    [
      { addonProfiles: { azurepolicy: "on" } },
      { security: { threatDetection: false, dashboardAddon: false }, addons: [{ name: "azurepolicy" }] },
    ],
    [{ addonProfiles: [] }, { security: { threatDetection: false } }],
  ])("are absent, never the default: %j", (change, expected) => {
    expect(facts({ provisioningState: "Succeeded", ...change })).toEqual({ ...sound, ...expected });
  });

  it("survive as a valid shape, whatever comes", () => {
    const hostile = {
      provisioningState: {},
      name: [],
      location: 5,
      systemData: { createdAt: "never" },
      addonProfiles: { __proto__: { enabled: true } },
    };
    const managed = describeAks({
      cluster: hostile,
      pools: [null, 3, { name: {} }, { name: "a", count: "many", securityProfile: 1 }],
    });
    expect(managedClusterSchema.parse(managed)).toEqual(managed);
    expect(managed.nodePools).toEqual([{ name: "a" }]);
  });
});

it("repairs nodes always, and upgrades them by either channel", () => {
  const pool = (profile: object, poolState = "Succeeded") =>
    describeAks({
      cluster: { provisioningState: "Succeeded", autoUpgradeProfile: profile },
      pools: [{ name: "a", provisioningState: poolState }],
    }).nodePools?.[0];
  expect(pool({ upgradeChannel: "patch" })).toMatchObject({ autoRepair: true, autoUpgrade: true });
  expect(pool({ nodeOSUpgradeChannel: "NodeImage" })).toMatchObject({ autoRepair: true, autoUpgrade: true });
  expect(pool({ upgradeChannel: "none", nodeOSUpgradeChannel: "None" })).toMatchObject({ autoUpgrade: false });
  expect(pool({})).not.toHaveProperty("autoUpgrade");
  expect(describeAks({ cluster: {}, pools: [{ name: "a" }] }).nodePools).toEqual([{ name: "a" }]);
});

describe("logging", () => {
  const logging = (logs: { category?: string; categoryGroup?: string; enabled: boolean }[]) =>
    describeAks({ cluster: {}, diagnostics: logs }).logging;
  it.each([
    [[], { audit: false, api: false, authenticator: false }],
    [[{ category: "kube-audit", enabled: false }], { audit: false, api: false, authenticator: false }],
    [[{ category: "kube-audit-admin", enabled: true }], { audit: true, api: false, authenticator: false }],
    [[{ category: "guard", enabled: true }], { audit: false, api: false, authenticator: true }],
    [[{ categoryGroup: "allLogs", enabled: true }], { audit: true, api: true, authenticator: true }],
    [[{ categoryGroup: "audit", enabled: true }], { audit: true, api: false }],
  ])("from %j", (logs, expected) => {
    expect(logging(logs)).toEqual(expected);
  });
});
