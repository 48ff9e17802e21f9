import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { Estate, OTHER_SUBSCRIPTION, SUBSCRIPTION } from "@/connectors/azure/testing/estate";
import { context, failure } from "@/connectors/testing/stand";
import { connector } from "./index";
import { permissions } from "./permissions";
import { aksSettings } from "./schema";

let estate: Estate;
beforeAll(async () => {
  estate = await Estate.start();
});
afterEach(() => void vi.unstubAllEnvs());
afterAll(() => estate.stop());

const connection = async (change: Record<string, unknown> = {}) => {
  const { settings, secrets } = await estate.connection(change);
  return { settings: aksSettings.parse(settings), secrets };
};
const discover = async (change: Record<string, unknown> = {}) => {
  const { settings, secrets } = await connection(change);
  return connector.discover(settings, secrets, context());
};
const find = async (name: string) => {
  const found = (await discover()).clusters.find((cluster) => cluster.name === name);
  if (!found) throw new Error(`no cluster ${name}`);
  return found;
};

describe("discovery", () => {
  it("finds the clusters of all pages, with all their node pools, by permitted actions only", async () => {
    const { next } = await estate.requests();
    const found = await discover();
    expect(found.gaps).toEqual([]);
    expect(found.complete).toBe(true);
    expect(found.clusters.map((each) => each.name)).toEqual(["closed", "open", "ranged", "plain-1", "plain-2"]);
    expect(found.clusters.flatMap((each) => each.gaps)).toEqual([]);
    const [closed] = found.clusters;
    expect(closed?.aliases).toEqual([
      `/subscriptions/${SUBSCRIPTION}/resourcegroups/rg-stand/providers/microsoft.containerservice/managedclusters/closed`,
    ]);
    expect(closed?.managed.nodePools?.map((pool) => pool.count)).toEqual([1, 2, 3, 4, 5]);
    if (closed) await connector.access(...(await parts()), closed, context());

    const { requests } = await estate.requests(next);
    const arm = requests.filter((each) => each.service === "arm");
    expect(arm.every((each) => each.status === 200)).toBe(true);
    // All that is asked is permitted, and nothing is asked permission for that is not used.
    expect([...new Set(arm.map((each) => each.action))].sort()).toEqual(permissions.map((each) => each.action).sort());
  });

  it("maps a hardened cluster", async () => {
    const { managed } = await find("closed");
    expect(managed).toMatchObject({
      distribution: "aks",
      region: "westeurope",
      status: "Succeeded",
      api: { publicEndpoint: false, privateEndpoint: true },
      identity: { rbac: true, localAccounts: false, cloudDirectory: true, workloadIdentity: true },
      network: { plugin: "azure", policyEngine: "cilium" },
      logging: { audit: true, api: true, authenticator: true },
      encryption: { secretsCustomerKey: true },
      upgrade: { channel: "stable", automatic: true, maintenanceWindow: true },
      security: { threatDetection: true, policyAddon: true, dashboardAddon: false },
    });
    expect(managed.nodePools?.slice(0, 2)).toMatchObject([
      {
        name: "pool0",
        mode: "system",
        version: "1.33.5",
        publicNodes: false,
        secureBoot: true,
        hostEncryption: true,
        autoUpgrade: true,
      },
      {
        name: "pool1",
        mode: "user",
        minCount: 1,
        maxCount: 4,
        publicNodes: true,
        secureBoot: false,
        hostEncryption: false,
      },
    ]);
    expect(managed.security.binaryAuthorization).toBeUndefined();
    expect(managed.nodePools?.[0]?.autoRepair).toBe(true); // AKS repairs every node pool
  });

  it("maps an open cluster, and one that is public for some addresses", async () => {
    expect((await find("open")).managed).toMatchObject({
      api: { publicEndpoint: true, privateEndpoint: false, authorizedRanges: [] },
      identity: { rbac: false, localAccounts: true, cloudDirectory: false, workloadIdentity: false },
      network: { policyEngine: "none" },
      logging: { audit: false, api: false, authenticator: false },
      encryption: { secretsCustomerKey: false },
      upgrade: { channel: "none", automatic: false },
      security: { threatDetection: false, policyAddon: false, dashboardAddon: false },
    });
    expect((await find("ranged")).managed.api).toMatchObject({
      publicEndpoint: true,
      privateEndpoint: false,
      authorizedRanges: ["203.0.113.0/24"],
    });
  });

  it("reports a subscription that it may not read", async () => {
    const found = await discover({ subscriptionId: OTHER_SUBSCRIPTION });
    expect(found).toMatchObject({ clusters: [], complete: false, gaps: [{ code: "denied" }] });
    expect(found.gaps[0]?.permission).toBe("Microsoft.ContainerService/managedClusters/read");
  });

  it("stops at the page cap, and says so", async () => {
    const found = await discover({ maxPages: 2 });
    expect(found).toMatchObject({ complete: false, gaps: [{ code: "truncated" }] });
    expect(found.clusters).toHaveLength(4);
  });
});

const parts = async () => {
  const { settings, secrets } = await connection();
  return [settings, secrets] as const;
};

describe("sign-in", () => {
  it.each([
    ["a wrong secret", {}, { clientSecret: "wrong" }, "7000215"],
    ["no secret", {}, {}, "no client secret"],
    ["an unknown tenant", { tenantId: "11111111-1111-4111-8111-111111111111" }, null, "90002"],
    ["an unknown application", { clientId: "11111111-1111-4111-8111-111111111111" }, null, "700016"],
    ["an unknown audience", { armAudience: "https://management.example.org" }, null, "500011"],
  ])("fails clearly with %s", async (_, change, secrets, text) => {
    const made = await connection(change);
    const error = await failure(connector.discover(made.settings, secrets ?? made.secrets, context()));
    expect(error.gap.code).toBe("unauthenticated");
    expect(error.message).toContain(text);
    expect(error.message).not.toContain('wrong"');
  });

  it("works with a federated token, whose file only the environment names", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "seawall-aks-"));
    try {
      const { settings } = await connection({ credential: "federated" });
      expect((await failure(connector.discover(settings, {}, context()))).message).toContain("SEAWALL_IDENTITY_HOSTS");
      vi.stubEnv("SEAWALL_IDENTITY_HOSTS", new URL(settings.authorityHost).host);
      vi.stubEnv("AZURE_FEDERATED_TOKEN_FILE", "");
      expect((await failure(connector.discover(settings, {}, context()))).message).toContain(
        "AZURE_FEDERATED_TOKEN_FILE",
      );
      vi.stubEnv("AZURE_FEDERATED_TOKEN_FILE", path.join(folder, "absent"));
      expect((await failure(connector.discover(settings, {}, context()))).gap.code).toBe("unauthenticated");
      const file = path.join(folder, "token");
      vi.stubEnv("AZURE_FEDERATED_TOKEN_FILE", file);
      await writeFile(file, `${await estate.federatedToken()}\n`);
      expect((await connector.discover(settings, {}, context())).complete).toBe(true);
      await writeFile(file, "not.a.token");
      expect((await failure(connector.discover(settings, {}, context()))).message).toContain("700027");
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("reaches no private address unless the operator allows it", async () => {
    const { settings, secrets } = await connection();
    const { next } = await estate.requests();
    const guarded = context({ allowPrivateNetworks: false });
    expect((await failure(connector.discover(settings, secrets, guarded))).gap.code).toBe("unreachable");
    const half = { ...settings, armEndpoint: "https://192.0.2.1" };
    expect((await failure(connector.discover(half, secrets, guarded))).gap.code).toBe("unreachable");
    expect((await estate.requests(next)).requests).toEqual([]);
  });

  it("names an authority whose certificate is not trusted", async () => {
    const { settings, secrets } = await connection();
    const { caBundle: _, ...untrusting } = settings;
    const error = await failure(connector.discover(untrusting, secrets, context()));
    expect(error.gap.code).toBe("unreachable");
    expect(error.message).toContain("certificate");
  });
});

describe("access", () => {
  it("has an Entra token that the cluster accepts, and no other", async () => {
    const closed = await find("closed");
    const access = await connector.access(...(await parts()), closed, context());
    expect(access.server).toBe("https://127.0.0.1:6443");
    expect(access.caCertificate).toContain("BEGIN CERTIFICATE");
    const { next } = await estate.requests();
    const token = await access.token();
    expect(await estate.verify(token, "closed")).toBe("c0000000-0000-4000-8000-000000000000");
    expect(await estate.verify(token, "other")).toBeNull();
    expect(await access.token()).toBe(token);
    const tokens = (await estate.requests(next)).requests.filter((each) => each.action === "token");
    expect(tokens.map((each) => each.target.split(" ")[1])).toEqual(["6dae42f8-4368-4678-94ff-3960e28e3630/.default"]);
  });

  it("takes the kubeconfig's token on a cluster without Entra integration", async () => {
    const access = await connector.access(...(await parts()), await find("open"), context());
    expect(await estate.verify(await access.token(), "open")).toContain("clusterUser");
  });

  it("refuses a cluster that is gone", async () => {
    const closed = await find("closed");
    const gone = { ...closed, aliases: closed.aliases.map((alias) => alias.replace(/closed$/, "gone")) };
    expect((await failure(connector.access(...(await parts()), gone, context()))).gap.code).toBe("not_found");
    expect((await failure(connector.access(...(await parts()), { ...closed, aliases: [] }, context()))).gap.code).toBe(
      "not_found",
    );
  });
});

describe("connection test", () => {
  it("passes every step, or stops at the one to repair", async () => {
    const { settings, secrets } = await connection();
    expect((await connector.test(settings, secrets, context())).map((step) => step.outcome)).toEqual([
      "ok",
      "ok",
      "ok",
      "ok",
    ]);
    const wrong = await connector.test(settings, { clientSecret: "wrong" }, context());
    expect(wrong.map((step) => step.outcome)).toEqual(["failed", "not_tested", "not_tested", "not_tested"]);
    const other = await connector.test({ ...settings, subscriptionId: OTHER_SUBSCRIPTION }, secrets, context());
    expect(other.map((step) => step.outcome)).toEqual(["ok", "failed", "not_tested", "not_tested"]);
  });
});
