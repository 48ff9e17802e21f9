import { describe, expect, it } from "vitest";
import { z } from "zod";
import { seawall } from "./testing";

const reportSchema = z.object({
  results: z.array(
    z.object({ name: z.string(), outcome: z.string(), resource: z.object({ kind: z.string(), name: z.string() }) }),
  ),
});
async function judged(distribution: string, answer: unknown) {
  const given = typeof answer === "string" ? answer : JSON.stringify(answer);
  const args = ["check-cluster", "--distribution", distribution, "-", "--all", "--format", "json"];
  const { code, out, err } = await seawall(args, given);
  const { results } = reportSchema.parse(JSON.parse(out));
  return { code, err, results, of: (name: string) => results.find((result) => result.name === name)?.outcome };
}

const aksProperties = {
  provisioningState: "Succeeded",
  powerState: { code: "Running" },
  kubernetesVersion: "1.33",
  currentKubernetesVersion: "1.33.2",
  enableRBAC: true,
  disableLocalAccounts: true,
  aadProfile: { managed: true, enableAzureRBAC: true },
  apiServerAccessProfile: { authorizedIPRanges: ["203.0.113.0/24"], enablePrivateCluster: false },
  networkProfile: { networkPlugin: "azure", networkPolicy: "cilium" },
  autoUpgradeProfile: { upgradeChannel: "stable", nodeOSUpgradeChannel: "NodeImage" },
  securityProfile: { workloadIdentity: { enabled: true } },
  agentPoolProfiles: [
    { name: "system", mode: "System", count: 3, vmSize: "Standard_D4s_v5", provisioningState: "Succeeded" },
  ],
};
const aksHead = {
  id: "/subscriptions/0/resourcegroups/rg/providers/Microsoft.ContainerService/managedClusters/prod",
  type: "Microsoft.ContainerService/ManagedClusters",
  name: "prod",
  location: "westeurope",
};
const eks = {
  name: "prod",
  arn: "arn:aws:eks:eu-central-1:111122223333:cluster/prod",
  createdAt: 1_700_000_000.5,
  version: "1.33",
  status: "ACTIVE",
  resourcesVpcConfig: { endpointPublicAccess: true, endpointPrivateAccess: true, publicAccessCidrs: ["0.0.0.0/0"] },
  logging: { clusterLogging: [{ types: ["api", "audit", "authenticator"], enabled: true }] },
  accessConfig: { authenticationMode: "API" },
};
const gke = {
  name: "prod",
  selfLink: "https://container.googleapis.com/v1/projects/p/locations/europe-west1/clusters/prod",
  location: "europe-west1",
  status: "RUNNING",
  createTime: "2025-01-02T03:04:05+00:00",
  currentMasterVersion: "1.33.2-gke.100",
  masterAuth: { clusterCaCertificate: "x" },
  networkConfig: { datapathProvider: "ADVANCED_DATAPATH" },
  privateClusterConfig: { enablePrivateEndpoint: true },
  releaseChannel: { channel: "REGULAR" },
  databaseEncryption: { state: "DECRYPTED" },
  workloadIdentityConfig: {},
  nodePools: [{ name: "default", management: { autoUpgrade: true, autoRepair: true }, config: { diskSizeGb: 100 } }],
};
const arc = {
  id: "/subscriptions/0/resourceGroups/rg/providers/Microsoft.Kubernetes/connectedClusters/edge",
  type: "microsoft.kubernetes/connectedclusters",
  name: "edge",
  location: "westeurope",
};

describe("check-cluster", () => {
  it.each([
    ["as az prints it", { ...aksHead, ...aksProperties }],
    ["as ARM answers it", { ...aksHead, properties: aksProperties }],
  ])("judges AKS %s", async (_how, answer) => {
    const { of, code, results } = await judged("aks", answer);
    expect(code).toBe(1);
    expect(of("local-accounts-enabled")).toBe("healthy");
    expect(of("no-network-policy-engine")).toBe("healthy");
    expect(of("secrets-without-customer-key")).toBe("unhealthy");
    expect(of("no-audit-log")).toBe("not_evaluated");
    expect(results[0]?.resource).toEqual({ kind: "ManagedCluster", name: "prod" });
  });
  it("reads AKS and Arc the same in ARM's, az's and the SDK's spelling", async () => {
    const [pool] = aksProperties.agentPoolProfiles;
    const arm = {
      ...aksProperties,
      diskEncryptionSetID: "/subscriptions/0/resourceGroups/rg/providers/Microsoft.Compute/diskEncryptionSets/own",
      apiServerAccessProfile: {
        ...aksProperties.apiServerAccessProfile,
        enablePrivateCluster: true,
        enablePrivateClusterPublicFQDN: false,
      },
      agentPoolProfiles: [
        { ...pool, enableNodePublicIP: true, osSKU: "AzureLinux", securityProfile: { enableVTPM: true } },
      ],
    };
    const az = (name: string) =>
      name.replaceAll(
        /(IP|RBAC|OS|ID|FQDN|SKU|TPM)(?=[A-Z]|\b)/g,
        ([first = "", ...rest]) => first + rest.join("").toLowerCase(),
      );
    const { results, of } = await judged("aks", { ...aksHead, properties: arm });
    expect(of("node-disk-without-customer-key")).toBe("healthy");
    expect(of("nodes-with-public-addresses")).toBe("unhealthy");
    expect(of("api-server-open-to-everyone")).toBe("healthy");
    const spelled = JSON.parse(JSON.stringify(arm).replaceAll(/"(\w+)":/g, (_all, name: string) => `"${az(name)}":`));
    expect(spelled).toMatchObject({
      ...{ diskEncryptionSetId: arm.diskEncryptionSetID, enableRbac: true },
      apiServerAccessProfile: { authorizedIpRanges: ["203.0.113.0/24"] },
      ...{
        autoUpgradeProfile: { nodeOsUpgradeChannel: "NodeImage" },
        agentPoolProfiles: [{ enableNodePublicIp: true, osSku: "AzureLinux" }],
      },
    });
    expect((await judged("aks", { ...aksHead, ...spelled })).results).toEqual(results);
    for (const name of ["enableAzureRBAC", "enableAzureRbac"])
      expect((await judged("arc", { ...arc, aadProfile: { [name]: true } })).of("no-cloud-directory-sign-in")).toBe(
        "healthy",
      );
  });
  it("reads AKS names that the SDK writes otherwise, and nothing into what is missing", async () => {
    const off = await judged("aks", { ...aksHead, ...aksProperties, disableLocalAccounts: undefined });
    expect(off.of("local-accounts-enabled")).toBe("unhealthy");
    const empty = await judged("aks", aksHead);
    expect(empty.results.some(({ outcome }) => outcome === "healthy")).toBe(false);
    const { out } = await seawall(["check-cluster", "--distribution", "aks", "-"], JSON.stringify(aksHead));
    expect(out).toMatch(/\d+ could not be judged/);
    expect(out).not.toContain("Nothing to fix");
  });
  it("judges EKS from the cluster alone, and better from all its parts", async () => {
    const alone = await judged("eks", { cluster: eks });
    expect(alone.of("api-server-open-to-everyone")).toBe("unhealthy");
    expect(alone.of("no-audit-log")).toBe("healthy");
    expect(alone.of("no-network-policy-engine")).toBe("not_evaluated");
    const plugin = { addonName: "vpc-cni", status: "ACTIVE", configurationValues: '{"enableNetworkPolicy":"true"}' };
    const parts = {
      cluster: eks,
      nodegroups: [{ nodegroup: { nodegroupName: "a", status: "ACTIVE" } }],
      addons: [{ addon: plugin }],
      accessEntries: ["arn:x"],
    };
    const whole = await judged("eks", parts);
    expect(whole.of("no-network-policy-engine")).toBe("healthy");
    expect(whole.of("node-pool-without-repair")).toBe("unhealthy");
    expect((await judged("eks", eks)).of("no-audit-log")).toBe("healthy");
    // EKS lists managed groups only: without one nobody has looked at the nodes.
    const groupless = await judged("eks", { cluster: eks, nodegroups: [] });
    for (const name of [
      "nodes-with-public-addresses",
      "node-ssh-from-anywhere",
      "retired-node-image",
      "node-pool-failed",
    ])
      expect(groupless.of(name)).toBe("not_evaluated");
    expect((await judged("eks", { cluster: eks, nodegroups: ["a"] })).err).toMatch(
      /names only: give the answers of describe-nodegroup/,
    );
  });
  it("takes the whole answers of aws under the keys, and null for absent", async () => {
    const principal = "arn:aws:iam::111122223333:role/admin";
    const plugin = { addonName: "vpc-cni", clusterName: "prod", status: "ACTIVE" };
    const group = { nodegroupName: "a", clusterName: "prod", status: "ACTIVE" };
    const parts = { nodegroups: [group], addons: [plugin], accessEntries: [principal] };
    const bare = await judged("eks", { cluster: eks, ...parts });
    const whole = {
      cluster: { cluster: eks },
      nodegroups: { nodegroup: group },
      addons: [{ addon: plugin }],
      accessEntries: { accessEntries: [principal] },
    };
    expect((await judged("eks", whole)).results).toEqual(bare.results);
    const nulls = { cluster: eks, nodegroups: null, addons: null, accessEntries: null };
    expect((await judged("eks", nulls)).results).toEqual((await judged("eks", eks)).results);
  });
  it.each([
    ["eks", { name: eks.name, arn: eks.arn }],
    ["gke", { name: gke.name, selfLink: gke.selfLink, location: gke.location }],
    ["gke", { name: gke.name, selfLink: gke.selfLink, status: "RUNNING", masterAuth: {} }],
  ])("takes no sign-in and no right of a cluster of %s for known that %j does not describe", async (cloud, answer) => {
    const { of } = await judged(cloud, answer);
    for (const name of ["rbac-not-decisive", "local-accounts-enabled", "alpha-features-enabled"])
      expect(of(name)).toMatch(/^not_(evaluated|applicable)$/);
    if (!("status" in answer)) expect(of("no-cloud-directory-sign-in")).toBe("not_evaluated");
  });
  it("judges GKE, where false is not sent", async () => {
    const { of } = await judged("gke", gke);
    expect(of("secrets-without-customer-key")).toBe("unhealthy");
    expect(of("no-network-policy-engine")).toBe("healthy");
    expect(of("no-automatic-upgrades")).toBe("healthy");
    expect(of("no-audit-log")).toBe("not_evaluated");
    const { nodePools: _none, ...poolless } = gke;
    expect((await judged("gke", poolless)).of("node-pool-without-repair")).toBe("not_evaluated");
  });
  it("judges Arc from the little that ARM knows", async () => {
    const identity = { oidcIssuerProfile: { enabled: true }, securityProfile: { workloadIdentity: { enabled: true } } };
    for (const answer of [
      { ...arc, ...identity },
      { ...arc, properties: identity },
    ]) {
      const { of } = await judged("arc", answer);
      expect(of("no-workload-identity")).toBe("healthy");
      expect(of("no-audit-log")).not.toBe("healthy");
      const { out } = await seawall(["check-cluster", "--distribution", "arc", "-"], JSON.stringify(answer));
      expect(out).toContain("Azure does not tell this of Arc clusters: look at");
    }
  });
  it.each<[string, string, unknown, RegExp]>([
    ["another cloud's", "gke", { cluster: eks }, /It looks like a cluster of eks: use --distribution eks/],
    ["Arc's for AKS", "aks", arc, /It looks like a cluster of arc/],
    ["no cluster", "aks", { kind: "Pod" }, /is not the answer of az aks show/],
    ["a list", "gke", [gke], /is a list of 1, and holds no single object. Give one cluster: the answer of gcloud/],
    ["a list of the API's", "aks", { value: [{}, {}] }, /is a list of 2, and holds no single object/],
    ["an empty list", "aks", { value: [] }, /holds an empty list. Give the answer of az aks show/],
    ["names", "eks", { clusters: ["a", "b"] }, /names clusters only, and holds no single object/],
    ["an error", "aks", { error: { code: "ResourceNotFound" } }, /It is an error of the cloud: ResourceNotFound\./],
    ["of a wrong type", "gke", { ...gke, nodePools: "none" }, /expected an array for field nodePools/],
    [
      "of a wrong type where Google's reader takes it for an empty message",
      "gke",
      { ...gke, legacyAbac: 7 },
      /object for field legacyAbac/,
    ],
    [
      "a number for a name",
      "gke",
      { ...gke, databaseEncryption: { currentState: 7 } },
      /databaseEncryption.currentState: expected a name/,
    ],
    [
      "of a wrong type in a list",
      "gke",
      { ...gke, nodePools: [{ locations: [7] }] },
      /nodePools\[0\]\.locations\[0\]: expected string/,
    ],
    ["of a wrong type in EKS", "eks", { cluster: { ...eks, version: 7 } }, /cluster\.version/],
    [
      "another cluster's pool",
      "eks",
      { cluster: eks, nodegroups: [{ nodegroupName: "a", clusterName: "zzz" }] },
      /nodegroups\[0\] belongs to the cluster zzz, and this one is prod\./,
    ],
    ["a misspelt part", "eks", { cluster: eks, nodeGroups: [] }, /holds "nodeGroups", .* Did you mean nodegroups\?/],
    [
      "no part",
      "eks",
      { cluster: eks, podIdentity: [] },
      /holds "podIdentity", and beside cluster only nodegroups, addons/,
    ],
    [
      "no list",
      "eks",
      { cluster: eks, nodegroups: "a" },
      /: nodegroups holds a text: give a list of answers of describe-no/,
    ],
    [
      "no list of entries",
      "eks",
      { cluster: eks, accessEntries: { entries: [] } },
      /: accessEntries holds an object: give/,
    ],
    ["a list's names", "eks", { cluster: eks, addons: { addons: ["a"] } }, /: addons holds names only/],
    [
      "an entry of a number",
      "eks",
      { cluster: eks, accessEntries: [1] },
      /: accessEntries\[0\] holds a number, which AWS/,
    ],
    [
      "a pool without a name",
      "eks",
      { cluster: eks, nodegroups: [{}] },
      /: nodegroups\[0\]\.nodegroupName is missing\./,
    ],
    ["no JSON", "eks", "{", /document 1/],
    ["empty", "arc", "", /is empty/],
  ])("refuses what is %s", async (_what, distribution, answer, said) => {
    const { code, err, results } = await judged(distribution, answer);
    expect(err).toMatch(said);
    expect(code).toBe(2);
    expect(results).toEqual([]);
  });
  it("needs a distribution and one file", async () => {
    expect((await seawall(["check-cluster", "x.json"])).err).toContain("needs --distribution");
    expect((await seawall(["check-cluster", "--distribution", "aks"])).err).toContain("one FILE");
    expect((await seawall(["check-cluster", "--distribution", "iks", "x"])).code).toBe(2);
  });
});
