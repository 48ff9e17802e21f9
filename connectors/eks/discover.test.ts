import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { ConnectorError } from "@/connectors/connector";
import { context } from "@/connectors/testing/stand";
import { connector } from "./index";
import { hubPermissions, permissions } from "./permissions";
import { Estate } from "./testing/estate";

let estate: Estate;
beforeAll(async () => {
  estate = await Estate.start();
});
afterEach(async () => void (await estate.calm()));
afterAll(() => estate.stop());

const discover = async (change: Record<string, unknown> = {}) => {
  const { settings, secrets } = await estate.connection(change);
  return connector.discover(settings, secrets, context());
};
const failure = async (work: Promise<unknown>): Promise<ConnectorError> => {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof ConnectorError) return error;
  throw new Error(`expected a ConnectorError, got ${String(error)}`);
};

describe("discovery", () => {
  it("finds the clusters of all regions and pages, with all node pools", async () => {
    const found = await discover();
    expect(found.gaps).toEqual([]);
    expect(found.complete).toBe(true);
    expect(found.clusters.map((each) => each.name).sort()).toEqual([
      "closed", "many-pools", "open", "plain-1", "plain-2", "plain-3", "plain-4", "ranged",
    ]); // biome-ignore format: one list
    const many = found.clusters.find((each) => each.name === "many-pools");
    expect(many?.aliases).toEqual(["arn:aws:eks:us-east-1:111122223333:cluster/many-pools"]);
    expect(many?.managed.nodePools?.map((pool) => pool.count)).toEqual([1, 2, 3, 4, 5]);
    expect(many?.gaps).toEqual([]);
  });

  it("keeps to the regions that were entered", async () => {
    const { requests: before, next } = await estate.requests();
    const found = await discover({ regions: ["us-east-1"] });
    expect(found.clusters.map((each) => each.name)).toEqual(["many-pools"]);
    const { requests } = await estate.requests(next);
    expect(requests.some((each) => each.action === "ec2:DescribeRegions")).toBe(false);
    expect(before.length).toBeGreaterThan(0);
  });

  it("maps the control plane's facts", async () => {
    const { clusters } = await discover({ regions: ["eu-central-1"] });
    const managed = (name: string) => clusters.find((each) => each.name === name)?.managed;
    expect(managed("closed")).toMatchObject({
      distribution: "eks",
      region: "eu-central-1",
      status: "ACTIVE",
      api: { publicEndpoint: false, privateEndpoint: true },
      identity: { rbac: true, localAccounts: false, cloudDirectory: true, accessEntries: true, workloadIdentity: true },
      network: { plugin: "vpc-cni", policyEngine: "vpc-cni" },
      logging: { audit: true, api: true, authenticator: true },
      encryption: { secretsCustomerKey: true },
      upgrade: { channel: "standard" },
      security: { threatDetection: true },
    });
    expect(managed("open")).toMatchObject({
      api: { publicEndpoint: true, authorizedRanges: ["0.0.0.0/0"] },
      identity: { localAccounts: true, cloudDirectory: true, accessEntries: false },
      network: { policyEngine: "none" },
      logging: { audit: false },
      encryption: { secretsCustomerKey: false },
      upgrade: { channel: "extended" },
    });
    // GuardDuty watches audit logs of the account without any add-on: one that is not there says nothing.
    expect(managed("open")?.addons).toBeDefined();
    expect(managed("open")?.security).not.toHaveProperty("threatDetection");
    expect(managed("open")?.identity).not.toHaveProperty("workloadIdentity");
    expect(managed("ranged")?.api.authorizedRanges).toEqual(["203.0.113.0/24"]);
    expect(managed("ranged")?.identity).toMatchObject({ localAccounts: true, accessEntries: true });
  });

  it("asks for nothing that permissions.ts does not name", async () => {
    const { next } = await estate.requests();
    const { settings, secrets } = await estate.connection();
    const { clusters } = await connector.discover(settings, secrets, context());
    const [first] = clusters;
    if (first) await connector.access(settings, secrets, first, context());
    await connector.test(settings, secrets, context());
    const { requests } = await estate.requests(next);
    const asked = (hub: boolean) =>
      new Set(
        requests.filter((each) => each.principal.includes("user/seawall-hub") === hub).map((each) => each.action),
      );
    expect([...asked(false)].sort()).toEqual(permissions.map((each) => each.action).sort());
    expect([...asked(true)].sort()).toEqual(hubPermissions.map((each) => each.action).sort());
  });
});

describe("access", () => {
  it("mints tokens that their own cluster accepts and others refuse", async () => {
    const { settings, secrets } = await estate.connection({ regions: ["eu-central-1"] });
    const { clusters } = await connector.discover(settings, secrets, context());
    const closed = clusters.find((each) => each.name === "closed");
    if (!closed) throw new Error("no cluster");
    const access = await connector.access(settings, secrets, closed, context());
    expect(access.server).toBe("https://127.0.0.1:6443");
    expect(access.caCertificate).toContain("-----BEGIN CERTIFICATE-----");
    const token = await access.token();
    expect(await estate.verify(token, "closed")).toBe(`arn:aws:sts::111122223333:assumed-role/SeawallReadOnly/seawall`);
    expect(await estate.verify(token, "open")).toBeNull();
    expect(await estate.verify(`${token.slice(0, -3)}AAA`, "closed")).toBeNull();
    const url = Buffer.from(token.replace("k8s-aws-v1.", ""), "base64url").toString();
    expect(url).toContain("https://sts.eu-central-1.amazonaws.com/?");
    expect(url).toContain("X-Amz-Expires=60");
  });

  it("refuses private addresses unless the operator allows them", async () => {
    const { settings, secrets } = await estate.connection();
    const error = await failure(connector.discover(settings, secrets, context({ allowPrivateNetworks: false })));
    expect(error.gap).toMatchObject({ code: "unreachable", what: "connection" });
  });
});

describe("credentials", () => {
  it("refuses a wrong secret, an unknown key, a wrong external id and missing secrets", async () => {
    const { settings, secrets } = await estate.connection();
    const attempt = (changed: Record<string, string>, externalId = settings.externalId) =>
      failure(connector.discover({ ...settings, externalId }, changed, context()));
    expect((await attempt({ ...secrets, secretAccessKey: "wrong" })).gap.code).toBe("unauthenticated");
    expect((await attempt({ ...secrets, accessKeyId: "AKIAUNKNOWN000000000" })).gap.code).toBe("unauthenticated");
    expect((await attempt({})).gap.code).toBe("unauthenticated");
    const wrongId = await attempt(secrets, "not-the-id");
    expect(wrongId.gap).toMatchObject({ code: "denied", permission: "sts:AssumeRole" });
  });

  it("takes the machine's own credentials when told to", async () => {
    const { settings, secrets } = await estate.connection({ hubCredentials: "machine", regions: ["us-east-1"] });
    process.env.SEAWALL_IDENTITY_HOSTS = new URL(settings.endpoints.sts ?? "").host;
    process.env.AWS_ACCESS_KEY_ID = secrets.accessKeyId;
    process.env.AWS_SECRET_ACCESS_KEY = secrets.secretAccessKey;
    try {
      expect((await connector.discover(settings, {}, context())).clusters).toHaveLength(1);
    } finally {
      delete process.env.SEAWALL_IDENTITY_HOSTS;
      delete process.env.AWS_ACCESS_KEY_ID;
      delete process.env.AWS_SECRET_ACCESS_KEY;
    }
  });

  it("tells the steps of a connection test apart", async () => {
    const { settings, secrets } = await estate.connection();
    const outcomes = async (changed = settings) =>
      (await connector.test(changed, secrets, context())).map((check) => check.outcome);
    expect(await outcomes()).toEqual(["ok", "ok", "ok", "ok", "ok", "ok"]);
    const refused = await outcomes({ ...settings, externalId: "not-the-id" });
    expect(refused).toEqual(["ok", "ok", "failed", "not_tested", "not_tested", "not_tested"]);
  });
});
