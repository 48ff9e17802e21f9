import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { AwsSession } from "@/connectors/aws/session";
import { context } from "@/connectors/testing/stand";
import { managedClusterSchema } from "@/domain/inventory/schema";
import { clusterAnswer } from "./answers";
import { EksRegion } from "./client";
import { describeManagedCluster } from "./describe";
import { eksSettingsSchema } from "./schema";

const cluster = (members: object) => clusterAnswer.parse({ cluster: { name: "c", ...members } }).cluster;
const facts = (members: object, more: object = {}) =>
  describeManagedCluster({ name: "c", region: "eu-west-1", cluster: cluster(members), ...more });

describe("facts", () => {
  it("says nothing when nothing was read", () => {
    expect(describeManagedCluster({ name: "c", region: "eu-west-1" })).toEqual({
      distribution: "eks",
      name: "c",
      region: "eu-west-1",
      api: {},
      identity: {},
      network: {},
      logging: {},
      encryption: {},
      upgrade: {},
      security: {},
    });
  });

  it("keeps what an empty description does not hold absent", () => {
    const empty = facts({});
    expect(empty.identity).toEqual({});
    expect(facts({ status: "ACTIVE" }).identity).toEqual({ rbac: true, cloudDirectory: true });
    expect({ ...empty.api, ...empty.logging, ...empty.encryption, ...empty.upgrade, ...empty.network }).toEqual({});
    expect(facts({ status: "CREATING" }).encryption).toEqual({});
    expect(facts({ status: "ACTIVE" }).encryption).toEqual({ secretsCustomerKey: false });
  });

  it("tells all ranges, those that hold every address first", () => {
    const publicAccessCidrs = ["10.0.0.0/8", "0.0.0.0/0", "::/0"];
    expect(facts({ resourcesVpcConfig: { publicAccessCidrs } }).api.authorizedRanges).toEqual([
      "0.0.0.0/0",
      "::/0",
      "10.0.0.0/8",
    ]);
    expect(facts({ resourcesVpcConfig: {} }).api).not.toHaveProperty("authorizedRanges");
  });

  it("names users and the root account before roles", () => {
    const [role, user, root] = ["role/platform", "user/ci", "root"].map((name) => `arn:aws:iam::111122223333:${name}`);
    const accessEntries = [role, user, root].map(String);
    expect(facts({}, { accessEntries }).identity.entries).toEqual([user, root, role]);
  });

  it("counts a key only for secrets", () => {
    const key = { keyArn: "arn:aws:kms:eu-west-1:1:key/k" };
    const encrypted = (resources: string[], provider: object) =>
      facts({ encryptionConfig: [{ resources, provider }] }).encryption.secretsCustomerKey;
    expect(encrypted(["secrets"], key)).toBe(true);
    expect(encrypted(["secrets"], {})).toBe(false);
    expect(encrypted([], key)).toBe(false);
  });

  it("reads log types, a type that is both on and off as off", () => {
    const { logging } = facts({
      logging: {
        clusterLogging: [
          { types: ["api", "audit"], enabled: true },
          { types: ["audit"], enabled: false },
        ],
      },
    });
    expect(logging).toEqual({ api: true, audit: false });
  });

  it("reads who signs in from the mode and the entries", () => {
    // Of every mode IAM is the directory: aws-auth names its identities too.
    const iam = { rbac: true, cloudDirectory: true };
    const identity = (authenticationMode: string, accessEntries?: string[]) =>
      facts({ status: "ACTIVE", accessConfig: { authenticationMode } }, accessEntries ? { accessEntries } : {})
        .identity;
    expect(identity("API")).toEqual({ ...iam, localAccounts: false, accessEntries: true });
    expect(identity("CONFIG_MAP")).toEqual({ ...iam, localAccounts: true, accessEntries: false });
    expect(identity("API_AND_CONFIG_MAP")).toEqual({ ...iam, localAccounts: true });
    expect(identity("API_AND_CONFIG_MAP", [])).toEqual({
      ...iam,
      localAccounts: true,
      accessEntries: false,
      entries: [],
    });
    expect(identity("SOMETHING_NEW", ["arn"])).toEqual({ ...iam, entries: ["arn"] });
  });

  it("takes for administrators who holds the policy over the whole cluster", () => {
    const policy = (name: string, scope: string) => `arn:aws:eks::aws:cluster-access-policy/${name} ${scope}`;
    const held = (...policies: string[]) => facts({}, { accessPolicies: { p: policies } }).identity.administrators;
    expect(held(policy("AmazonEKSClusterAdminPolicy", "cluster"))).toEqual(["p"]);
    expect(held(policy("AmazonEKSEditPolicy", "cluster"), policy("AmazonEKSAdminPolicy", "cluster"))).toEqual(["p"]);
    expect(held(policy("AmazonEKSClusterAdminPolicy", "namespace"))).toEqual([]);
    expect(held(policy("AmazonEKSAdminViewPolicy", "cluster"))).toEqual([]);
    expect(held()).toEqual([]);
    expect(facts({}).identity).not.toHaveProperty("administrators");
  });

  it("reads from subnets and launch templates what nodes are given, and from neither nothing", () => {
    const subnets = [
      { SubnetId: "in", MapPublicIpOnLaunch: false, AvailabilityZone: "a" },
      { SubnetId: "out", MapPublicIpOnLaunch: true, AvailabilityZone: "b" },
      { SubnetId: "odd", AvailabilityZone: "b" },
    ];
    const own = (group: object, more: object = {}) =>
      facts({}, { nodegroups: [{ nodegroupName: "main", ...group }], ...more }).nodePools?.[0];
    const nodes = (ids: string[], template?: object) => {
      const used = template === undefined ? {} : { launchTemplate: { id: "lt", version: "1" } };
      return own({ subnets: ids, ...used }, { subnets, launchTemplates: template ? { main: template } : {} });
    };
    expect(nodes(["in"])).toMatchObject({ publicNodes: false, zones: 1 });
    expect(nodes(["in", "out"])).toMatchObject({ publicNodes: true, zones: 2 });
    expect(nodes(["in", "odd"])).not.toHaveProperty("publicNodes");
    expect(nodes(["in", "gone"])).toEqual({ name: "main" });
    expect(nodes(["out"], { NetworkInterfaces: [{ AssociatePublicIpAddress: false }] })?.publicNodes).toBe(false);
    expect(nodes(["in"], { NetworkInterfaces: [{ AssociatePublicIpAddress: true }] })?.publicNodes).toBe(true);
    expect(own({ subnets: ["in"], launchTemplate: { id: "lt", version: "1" } }, { subnets })).not.toHaveProperty(
      "publicNodes",
    );
    const metadata = (MetadataOptions?: object) => nodes(["in"], { MetadataOptions })?.metadataProtected;
    expect(metadata({ HttpTokens: "required", HttpPutResponseHopLimit: 1 })).toBe(true);
    expect(metadata({ HttpTokens: "required", HttpPutResponseHopLimit: 2 })).toBe(false);
    expect(metadata({ HttpTokens: "optional", HttpPutResponseHopLimit: 1 })).toBe(false);
    expect(metadata({ HttpEndpoint: "disabled" })).toBe(true);
    expect(metadata({ HttpTokens: "required" })).toBeUndefined();
    expect(metadata()).toBeUndefined();
  });

  it("reads who may sign in to nodes, unless a launch template decides", () => {
    const ssh = (group: object) => {
      const [pool] = facts({}, { nodegroups: [{ nodegroupName: "main", status: "ACTIVE", ...group }] }).nodePools ?? [];
      return [pool?.sshAccess, pool?.sshFromAnywhere];
    };
    expect(ssh({})).toEqual([false, false]);
    expect(ssh({ remoteAccess: { ec2SshKey: "ops" } })).toEqual([true, true]);
    expect(ssh({ remoteAccess: { ec2SshKey: "ops", sourceSecurityGroups: ["sg-1"] } })).toEqual([true, false]);
    expect(ssh({ launchTemplate: { id: "lt", version: "1" }, remoteAccess: null })).toEqual([undefined, undefined]);
    const templated = (template: object) =>
      facts(
        {},
        {
          nodegroups: [{ nodegroupName: "main", status: "ACTIVE", launchTemplate: { id: "lt", version: "1" } }],
          launchTemplates: { main: template },
        },
      ).nodePools?.[0];
    expect(templated({})).toMatchObject({ sshAccess: false, sshFromAnywhere: false });
    expect(templated({ KeyName: "ops" })?.sshAccess).toBe(true);
    expect(templated({ KeyName: "ops" })).not.toHaveProperty("sshFromAnywhere");
    expect(ssh({ status: "CREATING" })).toEqual([undefined, undefined]);
  });

  it("knows what EKS does for Auto Mode, and by default not", () => {
    const group = (more: object) =>
      facts({}, { nodegroups: [{ nodegroupName: "main", ...more }] }).nodePools?.map(({ autoRepair, autoUpgrade }) =>
        JSON.parse(JSON.stringify({ autoRepair, autoUpgrade })),
      );
    expect(group({ status: "ACTIVE" })).toEqual([{ autoRepair: false, autoUpgrade: false }]);
    expect(group({ status: "ACTIVE", nodeRepairConfig: { enabled: true } })).toEqual([
      { autoRepair: true, autoUpgrade: false },
    ]);
    expect(group({ status: "CREATING" })).toEqual([{}]);
    expect(group({ status: "ACTIVE", nodeRepairConfig: {} })).toEqual([{ autoUpgrade: false }]);
    const auto = facts({ computeConfig: { enabled: true, nodePools: ["system"] } }, { nodegroups: [] });
    expect(auto).toMatchObject({ upgrade: {}, identity: { workloadIdentity: true } });
    expect(auto.upgrade).not.toHaveProperty("automatic"); // its nodes follow an upgrade that somebody begins
    expect(auto.nodePools).toEqual([{ name: "system", mode: "auto", autoRepair: true, autoUpgrade: true }]);
    const plain = facts({ computeConfig: { enabled: false, nodePools: ["system"] } }, { nodegroups: [] });
    expect(plain).toMatchObject({ upgrade: {} });
    expect(plain).not.toHaveProperty("nodePools"); // who runs nodes of their own has no group
    expect(plain.identity).not.toHaveProperty("workloadIdentity");
    expect(facts({ computeConfig: { enabled: true } })).not.toHaveProperty("nodePools"); // half a list is none
  });

  it.each(["CREATING", "CREATE_FAILED", "DELETING", "DELETE_FAILED", "DEGRADED", "UPDATE_FAILED", "NEW", undefined])(
    "says nothing of an add-on that is %s: it may not run",
    (status) => {
      const names = ["eks-pod-identity-agent", "aws-guardduty-agent", "aws-secrets-store-csi-driver-provider"];
      const addons = names.map((addonName) => ({ addonName, status }));
      const plugin = { addonName: "vpc-cni", status, configurationValues: '{"enableNetworkPolicy":"true"}' };
      const { identity, security, network } = facts({ status: "ACTIVE" }, { addons: [...addons, plugin] });
      expect({ identity, security, network }).toEqual({
        identity: { cloudDirectory: true, rbac: true },
        security: {},
        network: { plugin: "vpc-cni" },
      });
    },
  );
  it.each(["ACTIVE", "UPDATING"])("takes an add-on that is %s for running", (status) => {
    const names = ["eks-pod-identity-agent", "aws-guardduty-agent", "aws-secrets-store-csi-driver-provider"];
    const { identity, security } = facts({}, { addons: names.map((addonName) => ({ addonName, status })) });
    expect(identity).toEqual({ workloadIdentity: true });
    expect(security).toEqual({ threatDetection: true, secretStore: true });
  });

  it("claims nothing of how a cluster is set up that runs elsewhere", () => {
    const connected = facts({ status: "ACTIVE", version: "1.34", connectorConfig: { provider: "OTHER" } });
    const { version, identity, encryption } = connected;
    expect({ version, identity, encryption }).toEqual({ version: "1.34", identity: {}, encryption: {} });
    const own = facts({ status: "ACTIVE", connectorConfig: null });
    expect(own.identity).toEqual({ rbac: true, cloudDirectory: true });
  });

  it("reads the network plugin's configuration as JSON or YAML, and leaves a riddle unknown", () => {
    const engine = (configurationValues?: string, status: string | undefined = "ACTIVE") =>
      describeManagedCluster({
        name: "c",
        region: "eu-west-1",
        addons: [{ addonName: "vpc-cni", status, configurationValues }],
      }).network.policyEngine;
    expect(engine('{"enableNetworkPolicy":"true"}')).toBe("vpc-cni");
    expect(engine("enableNetworkPolicy: true")).toBe("vpc-cni");
    expect(engine('{"enableNetworkPolicy":"false"}')).toBe("none");
    expect(engine()).toBe("none");
    expect(engine("{{{")).toBeUndefined();
    expect(engine('{"enableNetworkPolicy":"perhaps"}')).toBeUndefined();
    expect(describeManagedCluster({ name: "c", region: "r", addons: [{ addonName: "vpc-cni" }] }).network).toEqual({
      plugin: "vpc-cni",
    });
  });
});

/** AWS ships example answers in the comments of its own package. */
const officialExample = (command: string): unknown => {
  const path = `../../node_modules/@aws-sdk/client-eks/dist-types/commands/${command}Command.d.ts`;
  const text = readFileSync(fileURLToPath(new URL(path, import.meta.url)), "utf8").replace(/^ \* ?/gm, "");
  const block = /\/\* response is\n([\s\S]*?)\n\*\\\//.exec(text)?.[1];
  if (block === undefined) throw new Error(`the package holds no example for ${command}`);
  return parse(block);
};

describe("official examples", () => {
  it("go through the SDK and come out as facts", async () => {
    const server = createServer((req, res) => {
      const example = officialExample(req.url === "/clusters/devel" ? "DescribeCluster" : "ListClusters");
      res.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(example));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const settings = eksSettingsSchema.parse({
      accountId: "012345678910",
      roleArn: "arn:aws:iam::012345678910:role/reader",
      externalId: "example",
      endpoints: { eks: `http://127.0.0.1:${port}` },
    });
    const credentials = { accessKeyId: "AKIAEXAMPLE000000000", secretAccessKey: "example" };
    const session = await AwsSession.open(settings, credentials, context());
    try {
      const eks = new EksRegion(session, "us-west-2", credentials);
      expect(await eks.listClusters()).toEqual({ items: ["devel", "prod"] });
      const answer = await eks.describeCluster("devel");
      const managed = describeManagedCluster({ name: "devel", region: "us-west-2", cluster: answer });
      expect(managedClusterSchema.parse(managed)).toEqual(managed);
      expect(managed).toMatchObject({ version: "1.10", status: "ACTIVE", createdAt: "2018-05-31T23:04:39.988Z" });
      expect(managed).toMatchObject({ api: {}, logging: {}, identity: { rbac: true }, upgrade: {}, security: {} });
      expect(managed).not.toHaveProperty("nodePools");
    } finally {
      session.close();
      server.close();
    }
  });
});
