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
      api: { publicEndpoint: true, privateEndpoint: false, authorizedRanges: [], runCommand: true },
      identity: {
        localAccounts: true,
        cloudDirectory: false,
        workloadIdentity: false,
        cloudAuthorization: false,
        podIdentityAddon: false,
      },
      network: { policyEngine: "none", nodeEncryption: false, httpApplicationRouting: false },
      logging: { workloads: false, metrics: false },
      encryption: { secretsCustomerKey: false },
      upgrade: { channel: "none", automatic: false, extendedSupport: false },
      security: {
        threatDetection: false,
        policyAddon: false,
        imageCleaner: false,
        secretStore: false,
        nodeResourcesLocked: false,
      },
      availability: { sla: false },
      issues: [],
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
  const paths = (value: object, prefix = ""): string[] =>
    Object.entries(value).flatMap(([key, inner]) =>
      typeof inner === "object" && inner !== null && !Array.isArray(inner)
        ? paths(inner, `${prefix}${key}.`)
        : [`${prefix}${key}`],
    );
  const sound = paths(facts({ provisioningState: "Succeeded" }));
  it.each<[object, string[]]>([
    [
      { apiServerAccessProfile: "private" },
      ["api.publicEndpoint", "api.privateEndpoint", "api.authorizedRanges", "api.runCommand"],
    ],
    [{ apiServerAccessProfile: { enablePrivateCluster: "true" } }, ["api.publicEndpoint", "api.privateEndpoint"]],
    [{ apiServerAccessProfile: { enableVnetIntegration: "true" } }, ["api.privateEndpoint"]],
    [{ apiServerAccessProfile: { authorizedIPRanges: [7] } }, ["api.authorizedRanges"]],
    [{ apiServerAccessProfile: { disableRunCommand: "true" } }, ["api.runCommand"]],
    [{ disableLocalAccounts: 1 }, ["identity.localAccounts"]],
    [{ aadProfile: true }, ["identity.cloudDirectory", "identity.cloudAuthorization"]],
    [{ podIdentityProfile: { enabled: "no" } }, ["identity.podIdentityAddon"]],
    [{ networkProfile: { networkPolicy: ["calico"] } }, ["network.policyEngine"]],
    [{ networkProfile: { advancedNetworking: { security: [] } } }, ["network.nodeEncryption"]],
    [
      { securityProfile: [] },
      [
        "identity.workloadIdentity",
        "encryption.secretsCustomerKey",
        "security.threatDetection",
        "security.imageCleaner",
      ],
    ],
    [{ autoUpgradeProfile: { upgradeChannel: {} } }, ["upgrade.channel", "upgrade.automatic"]],
    [{ supportPlan: 1 }, ["upgrade.extendedSupport"]],
    [{ nodeResourceGroupProfile: { restrictionLevel: true } }, ["security.nodeResourcesLocked"]],
    [{ azureMonitorProfile: { metrics: true } }, ["logging.metrics"]],
    [{ azureMonitorProfile: { containerInsights: true } }, ["logging.workloads"]],
    [{ sku: "Standard" }, ["availability.sla"]],
    [{ status: { provisioningError: "none" } }, ["issues"]],
    [
      { addonProfiles: [] },
      ["security.policyAddon", "security.secretStore", "network.httpApplicationRouting", "logging.workloads"],
    ],
  ])("are absent, never the default: %j", (change, absent) => {
    const left = paths(facts({ provisioningState: "Succeeded", ...change }));
    expect(left.sort()).toEqual(sound.filter((path) => !absent.includes(path)).sort());
  });

  it("leave an add-on's state open, and nothing else", () => {
    const { addons, security, network } = facts({
      provisioningState: "Succeeded",
      addonProfiles: { azurepolicy: "on", azureKeyvaultSecretsProvider: { enabled: true, config: "x" } },
    });
    expect(addons).toEqual([{ name: "azurepolicy" }, { name: "azureKeyvaultSecretsProvider", status: "enabled" }]);
    expect(security).not.toHaveProperty("policyAddon");
    expect(security).toMatchObject({ secretStore: true, dashboardAddon: false });
    expect(security).not.toHaveProperty("secretRotation");
    expect(network.httpApplicationRouting).toBe(false);
  });

  it("say of a null map of add-ons what they say of an absent one, and nothing of an add-on that is null", () => {
    const absent = facts({ provisioningState: "Succeeded" });
    expect(facts({ provisioningState: "Succeeded", addonProfiles: null })).toEqual(absent);
    expect(facts({ addonProfiles: null })).toEqual(NOTHING);
    const { security, network } = facts({
      provisioningState: "Succeeded",
      addonProfiles: { httpApplicationRouting: null, kubeDashboard: null, azurepolicy: { enabled: true } },
    });
    expect(network).not.toHaveProperty("httpApplicationRouting");
    expect(security).not.toHaveProperty("dashboardAddon");
    expect(security.policyAddon).toBe(true);
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
    expect(managed.nodePools).toEqual([{ name: "" }, { name: "" }, { name: "" }, { name: "a" }]);
  });

  it("leave no pool out: one whose name can't be read has nodes that run", () => {
    const bad = { name: null, enableNodePublicIP: true, provisioningState: "Failed" };
    const [, judged] = facts({}, [{ name: "good", provisioningState: "Succeeded" }, bad]).nodePools ?? [];
    expect(judged).toMatchObject({ publicNodes: true, status: "Failed" });
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
  expect(describeAks({ cluster: {}, pools: [] })).not.toHaveProperty("nodePools");
});

const KINDS = ["audit", "auditReads", "api", "authenticator", "controllerManager", "scheduler"];
describe("logging", () => {
  const logging = (logs: { category?: string; categoryGroup?: string; enabled: boolean }[]) =>
    describeAks({ cluster: {}, diagnostics: logs }).logging;
  it.each([
    [[], []],
    [[{ category: "kube-audit", enabled: false }], []],
    [[{ category: "kube-audit-admin", enabled: true }], ["audit"]],
    [[{ category: "kube-audit", enabled: true }], ["audit", "auditReads"]],
    [[{ category: "guard", enabled: true }], ["authenticator"]],
    [[{ category: "kube-controller-manager", enabled: true }], ["controllerManager"]],
    [[{ category: "kube-scheduler", enabled: true }], ["scheduler"]],
    [[{ categoryGroup: "allLogs", enabled: true }], KINDS],
  ])("from %j", (logs, kept) => {
    expect(logging(logs)).toEqual(Object.fromEntries(KINDS.map((kind) => [kind, kept.includes(kind)])));
  });
  it("knows of the group `audit` that audit events are in it, and of sign-ins and reads nothing", () => {
    expect(logging([{ categoryGroup: "audit", enabled: true }])).toEqual({
      audit: true,
      api: false,
      controllerManager: false,
      scheduler: false,
    });
  });
});

it("reads what a cluster was given beyond the defaults", () => {
  const managed = facts(
    {
      provisioningState: "Failed",
      identity: { type: "UserAssigned" },
      servicePrincipalProfile: { clientId: "msi" },
      apiServerAccessProfile: { enableVnetIntegration: true, disableRunCommand: true },
      aadProfile: { managed: true, enableAzureRbac: true },
      networkProfile: {
        outboundType: "none",
        advancedNetworking: { security: { transitEncryption: { type: "WireGuard" } } },
      },
      securityProfile: {
        azureKeyVaultKms: { enabled: true, keyVaultNetworkAccess: "Private" },
        imageCleaner: { enabled: true },
      },
      addonProfiles: {
        azureKeyvaultSecretsProvider: { enabled: true, config: { enableSecretRotation: "true" } },
        omsagent: { enabled: true },
        httpApplicationRouting: { enabled: true },
      },
      nodeResourceGroupProfile: { restrictionLevel: "ReadOnly" },
      supportPlan: "AKSLongTermSupport",
      diskEncryptionSetID: "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/diskEncryptionSets/d",
      sku: { name: "Base", tier: "Premium" },
      status: { provisioningError: { code: "SubnetIsFull" } },
    },
    [
      {
        name: "a",
        provisioningState: "Succeeded",
        availabilityZones: ["1", "2"],
        workloadRuntime: "KataVmIsolation",
        securityProfile: { enableVtpm: true, sshAccess: "Disabled" },
      },
    ],
  );
  expect(managed).toMatchObject({
    api: { publicEndpoint: true, privateEndpoint: true, runCommand: false },
    identity: { cloudAuthorization: true, managedIdentity: true },
    network: { outbound: "none", nodeEncryption: true, httpApplicationRouting: true },
    logging: { workloads: true },
    encryption: { vaultPublic: false },
    upgrade: { extendedSupport: true },
    security: { imageCleaner: true, secretStore: true, secretRotation: true, nodeResourcesLocked: true },
    availability: { sla: true },
    issues: ["SubnetIsFull"],
  });
  expect(managed.nodePools).toEqual([
    {
      name: "a",
      status: "Succeeded",
      autoRepair: true,
      autoscaling: false,
      diskCustomerKey: true,
      measuredBoot: true,
      publicNodes: false,
      sandbox: true,
      secureBoot: false,
      sshAccess: false,
      zones: 2,
    },
  ]);
  expect(facts({ servicePrincipalProfile: { clientId: "c0ffee" }, identity: { type: "None" } }).identity).toEqual({
    managedIdentity: false,
  });
});

describe("a word that nobody knows", () => {
  it.each([
    ["sku", { sku: { tier: "Zzz" } }],
    ["network policy", { networkProfile: { networkPolicy: "Zzz" } }],
    ["channel", { autoUpgradeProfile: { upgradeChannel: "Zzz", nodeOSUpgradeChannel: "Zzz" } }],
    ["identity", { identity: { type: "Zzz" } }],
    ["disk's key", { diskEncryptionSetID: "Zzz" }],
  ])("is no fact: %s", (_what, change) => {
    const told = facts({ provisioningState: "Succeeded", ...change });
    expect([
      told.availability,
      told.network.policyEngine,
      told.upgrade.automatic,
      told.identity.managedIdentity,
    ]).toEqual([
      "sku" in change ? undefined : { sla: false },
      "networkProfile" in change ? undefined : "none",
      "autoUpgradeProfile" in change ? undefined : false,
      undefined,
    ]);
  });
  it("is no state, and a failure is one in a stopped cluster too", () => {
    const status = (provisioningState: string, code?: unknown) =>
      facts({ provisioningState, powerState: { code } }).status;
    expect(status("Zzz")).toBeUndefined();
    expect(status("Succeeded", "Zzz")).toBeUndefined();
    expect(status("Succeeded", 7)).toBeUndefined();
    expect(status("succeeded")).toBe("Succeeded");
    expect(status("Succeeded", "Stopped")).toBe("Stopped");
    expect(status("Failed", "Stopped")).toBe("Failed");
  });
  it("is no image, and neither is a system without its version", () => {
    const image = (pool: object) => facts({}, [{ name: "a", ...pool }]).nodePools?.[0]?.osImage;
    expect(image({ nodeImageVersion: "AKSUbuntu-2204gen2containerd-202501.12.0" })).toMatch(/^AKSUbuntu/);
    for (const nodeImageVersion of ["Zzz", "", 7, {}])
      expect(image({ nodeImageVersion, osSKU: "Ubuntu2204" })).toBeUndefined();
    expect(image({ nodeImageVersion: null, osSKU: "Ubuntu" })).toBeUndefined();
    expect(image({ osSKU: "ubuntu2204" })).toBe("Ubuntu2204");
  });
});
