import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Estate, OTHER_SUBSCRIPTION, QUICK, SUBSCRIPTION } from "@/connectors/azure/testing/estate";
import { context, failure } from "@/connectors/testing/stand";
import { describeArc } from "./describe";
import { connector } from "./index";
import { permissions } from "./permissions";
import { arcSettings } from "./schema";

let estate: Estate;
beforeAll(async () => {
  estate = await Estate.start();
});
afterAll(() => estate.stop());

const connection = async (change: Record<string, unknown> = {}) => {
  const { settings, secrets } = await estate.connection(change);
  return { settings: arcSettings.parse(settings), secrets };
};

describe("discovery", () => {
  it("finds the connected clusters of all pages, by permitted actions only", async () => {
    const { settings, secrets } = await connection();
    const { next } = await estate.requests();
    const found = await connector.discover(settings, secrets, context());
    expect(found).toMatchObject({ complete: true, gaps: [] });
    expect(found.clusters.map((each) => each.name)).toEqual(["store-1", "store-2", "store-3", "behind-arc"]);
    const arm = (await estate.requests(next)).requests.filter((each) => each.service === "arm");
    expect([...new Set(arm.map((each) => each.action))]).toEqual(permissions.map((each) => each.action));
    const [store] = found.clusters;
    expect(store?.aliases).toEqual([
      `/subscriptions/${SUBSCRIPTION}/resourcegroups/rg-stand/providers/microsoft.kubernetes/connectedclusters/store-1`,
    ]);
    expect(store?.managed).toMatchObject({
      distribution: "arc",
      status: "Connected",
      agent: { connected: true, version: "1.31.3", privateLink: false },
      platform: { distribution: "k3s" },
    });
    expect(store?.managed.addons?.map(({ name }) => name).sort()).toEqual(
      [
        ...(store?.managed.security.policyAddon ? ["microsoft.policyinsights"] : []),
        ...(store?.managed.security.threatDetection ? ["microsoft.azuredefender.kubernetes"] : []),
        ...(store?.managed.addons?.some(({ name }) => name === "microsoft.flux") ? ["microsoft.flux"] : []),
      ].sort(),
    );
    expect(store?.managed.identity).toHaveProperty("workloadIdentity");
    const behind = found.clusters.find((each) => each.name === "behind-arc");
    expect(behind?.managed.identity).toEqual({}); // ARM says nothing of it
    expect(store?.managed.version).toMatch(/^1\.\d+\.\d+/);
    expect(store?.managed.nodePools).toBeUndefined();
  });

  it.each(["403", "429-date", "hang", "html", "repeat-page"])(
    "leaves a gap on a cluster whose extensions give %s, and says nothing of them",
    async (kind) => {
      // What answers late on a busy machine is no fault; only what hangs is cut short.
      const { settings, secrets } = await connection({ ...QUICK, requestTimeoutMs: kind === "hang" ? 1000 : 10_000 });
      await estate.fault({
        service: "arm",
        action: "Microsoft.KubernetesConfiguration/extensions/read",
        target: "/store-1/",
        kind,
      });
      const found = await connector.discover(settings, secrets, context());
      await estate.calm();
      expect(found).toMatchObject({ complete: true, gaps: [] });
      const hit = found.clusters.find(({ name }) => name === "store-1");
      expect(hit?.gaps).toHaveLength(1);
      expect(hit?.managed.security).toEqual({});
      expect(hit?.managed.addons).toBeUndefined();
      expect(hit?.managed.agent?.connected).toBe(true);
      expect(found.clusters.filter(({ gaps }) => gaps.length > 0)).toHaveLength(1);
    },
  );

  it("reports a subscription that it may not read", async () => {
    const { settings, secrets } = await connection({ subscriptionId: OTHER_SUBSCRIPTION });
    const found = await connector.discover(settings, secrets, context());
    expect(found).toMatchObject({
      clusters: [],
      complete: false,
      gaps: [{ code: "denied", permission: permissions[0]?.action }],
    });
  });
});

describe("access", () => {
  it("comes from the settings and the secret of that name", async () => {
    const { settings, secrets } = await connection();
    const access = await connector.access(settings, secrets, { ...cluster, name: "store-2" }, context());
    expect(access.server).toBe("https://127.0.0.1:6443");
    expect(access.caCertificate).toContain("BEGIN CERTIFICATE");
    expect(await access.token()).toBe(secrets["arcToken:store-2"]);
  });

  it("says what is missing", async () => {
    const { settings, secrets } = await connection();
    const { "arcToken:store-1": _, ...fewer } = secrets;
    const asked = (held: typeof secrets, name: string, guard = context()) =>
      failure(connector.access(settings, held, { ...cluster, name }, guard)).then((error) => error.gap.code);
    expect(await asked(fewer, "store-1")).toBe("unauthenticated");
    expect(await asked(secrets, "unknown")).toBe("unsupported");
    expect(await asked(secrets, "store-1", context({ allowPrivateNetworks: false }))).toBe("unreachable");
    const checks = await connector.test(settings, fewer, context());
    expect(checks.map((check) => check.outcome)).toEqual(["ok", "ok", "failed"]);
  });
});

const cluster = { name: "", aliases: [], managed: describeArc({ cluster: {}, properties: {} }) };
