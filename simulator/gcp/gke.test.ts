import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { ConnectorError } from "@/connectors/connector";
import { connector } from "@/connectors/gke";
import { openReader } from "@/connectors/kubernetes/reader";
import { createCore } from "../core";
import { startKubernetes } from "../kubernetes";
import { FAULT_KINDS, type FaultKind, type SimAccount, type SimWire } from "../model";
import { startGcp } from "./index";

const NOW = new Date("2026-03-01T09:00:00Z");
const core = createCore({ seed: 7, scenario: "tiny", now: NOW });
const PROJECT = "harbour-prod-4711";
const TRANSPORTS = ["grpc", "rest"] as const;
let wire: SimWire;
let kubernetes: SimWire;
let missing: string[] = [];
const unhandled: unknown[] = [];
const note = (reason: unknown) => unhandled.push(reason);

beforeAll(async () => {
  process.on("unhandledRejection", note);
  kubernetes = await startKubernetes(core);
  wire = await startGcp(core, { missingZones: () => missing, retryAfterSeconds: 1 });
});
afterEach(() => {
  core.removeFault();
  missing = [];
});
afterAll(async () => {
  await Promise.all([wire.stop(), kubernetes.stop()]);
  process.off("unhandledRejection", note);
});

const accountOf = (id: string): SimAccount => {
  const account = core.accounts().find((one) => one.id === id);
  if (account === undefined) throw new Error(`no account ${id}`);
  return account;
};
const context = () => ({ signal: AbortSignal.timeout(20_000), log: vi.fn(), allowPrivateNetworks: true });
const connection = (
  transport: (typeof TRANSPORTS)[number],
  overrides: Record<string, unknown> = {},
  project = PROJECT,
) => {
  const made = wire.connection?.(accountOf(project));
  if (made === undefined) throw new Error("the wire gives no connection");
  const port = Number(new URL(wire.endpoints[transport] ?? "").port);
  const quick = { requestTimeoutMs: 3000, totalTimeoutMs: 6000, maxAttempts: 2, maxRetryWaitMs: 50 };
  return {
    settings: connector.schema.parse({ ...made.settings, ...quick, transport, port, ...overrides }),
    secrets: made.secrets,
  };
};
const discover = (transport: (typeof TRANSPORTS)[number], overrides?: Record<string, unknown>, project?: string) => {
  const { settings, secrets } = connection(transport, overrides, project);
  return connector.discover(settings, secrets, context());
};
const failureOf = async (work: Promise<unknown>): Promise<ConnectorError> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ConnectorError);
  return error as ConnectorError;
};

describe("the settings that the wire prints", () => {
  it("are what the schema accepts, unchanged", () => {
    const made = wire.connection?.(accountOf(PROJECT));
    expect(connector.schema.parse(made?.settings)).toMatchObject(made?.settings ?? {});
    expect(Object.keys(made?.secrets ?? {})).toEqual(connector.secretFields);
  });
});

describe.each(TRANSPORTS)("GKE over %s", (transport) => {
  it("finds the project's clusters with their facts", async () => {
    const { clusters, complete, gaps } = await discover(transport);
    expect({ complete, gaps }).toEqual({ complete: true, gaps: [] });
    expect(clusters.map((cluster) => cluster.name).sort()).toEqual(["gke-prod-ew1-1", "gke-web-ew4-1"]);
    const good = clusters.find((cluster) => cluster.name === "gke-prod-ew1-1");
    expect(good?.aliases).toEqual([
      `https://container.googleapis.com/v1/projects/${PROJECT}/locations/europe-west1/clusters/gke-prod-ew1-1`,
    ]);
    expect(good?.managed).toMatchObject({
      distribution: "gke",
      region: "europe-west1",
      status: "RUNNING",
      api: { publicEndpoint: false, privateEndpoint: true },
      identity: {
        rbac: true,
        legacyAuthorization: false,
        localAccounts: false,
        cloudDirectory: true,
        workloadIdentity: true,
      },
      network: { plugin: "dataplane-v2", policyEngine: "cilium" },
      logging: { api: true },
      encryption: { secretsCustomerKey: true },
      upgrade: { channel: "stable", automatic: true },
      security: { threatDetection: true, binaryAuthorization: true, dashboardAddon: false },
    });
    expect(good?.managed.nodePools?.[0]).toMatchObject({
      name: "system",
      machineType: "e2-standard-2",
      osImage: "COS_CONTAINERD",
      autoUpgrade: true,
      publicNodes: false,
      secureBoot: true,
      metadataProtected: true,
    });
    const middling = clusters.find((cluster) => cluster.name === "gke-web-ew4-1")?.managed;
    expect(middling).toMatchObject({
      api: { publicEndpoint: true, authorizedRanges: ["203.0.113.0/24", "198.51.100.16/28"] },
      identity: { localAccounts: true },
      network: { plugin: "vpc-native", policyEngine: "calico" },
      encryption: { secretsCustomerKey: false },
      upgrade: { channel: "regular" },
      // Continuous Validation looks at what runs already.
      security: { binaryAuthorization: false },
    });
  });

  it("reads a neglected project as it is", async () => {
    const { clusters } = await discover(transport, {}, "harbour-analytics-1822");
    expect(clusters[0]?.managed).toMatchObject({
      api: { publicEndpoint: true, authorizedRanges: [] },
      network: { policyEngine: "none" },
      logging: { api: false },
      upgrade: { channel: "none", automatic: false },
      security: { binaryAuthorization: false },
    });
    // Security Command Center may watch it all the same.
    expect(clusters[0]?.managed.security).not.toHaveProperty("threatDetection");
    expect(clusters[0]?.managed.nodePools?.map((pool) => pool.publicNodes)).toEqual([true, true]);
  });

  it("calls a list with missing zones incomplete", async () => {
    missing = ["europe-west4-b"];
    const { clusters, complete, gaps } = await discover(transport);
    expect(clusters.map((cluster) => cluster.name)).toEqual(["gke-prod-ew1-1"]);
    expect(complete).toBe(false);
    expect(gaps).toMatchObject([{ code: "unreachable", what: "container.clusters.list" }]);
    expect(gaps[0]?.message).toContain("europe-west4-b");
  });

  it("mints a token that the cluster accepts, and only a cluster of this project", async () => {
    const { settings, secrets } = connection(transport);
    const { clusters } = await connector.discover(settings, secrets, context());
    const [found] = clusters;
    if (found === undefined) throw new Error("nothing discovered");
    const access = await connector.access(settings, secrets, found, context());
    const cluster = core.clusters().find((one) => one.id === found.name);
    const foreign = core.clusters().find((one) => one.id === "gke-analytics-ew1-1");
    if (cluster === undefined || foreign === undefined) throw new Error("no such cluster");
    expect(access).toMatchObject({ server: cluster.server, caCertificate: cluster.caCertificate });
    const verify = core.verifier("gke");
    const token = await access.token();
    expect(await verify?.(token, cluster)).toBe(`seawall-reader@${PROJECT}.iam.gserviceaccount.com`);
    expect(await verify?.(token, foreign)).toBeNull();
    expect(await verify?.("ya29.forged", cluster)).toBeNull();

    const reader = openReader(access, context());
    expect(await reader.clusterUid()).toBe(cluster.uid);
    await reader.close();
  });

  it("asks for nothing that permissions.ts does not name", async () => {
    const { next } = core.requests();
    const { settings, secrets } = connection(transport);
    const checks = await connector.test(settings, secrets, context());
    expect(checks.map((check) => check.outcome)).toEqual(["ok", "ok", "ok", "ok"]);
    const { clusters } = await connector.discover(settings, secrets, context());
    if (clusters[0]) await connector.access(settings, secrets, clusters[0], context());
    const asked = new Set(core.requests(next).requests.map((request) => request.action));
    // The exchange itself needs no permission: the pool's provider decides on it.
    expect(asked.delete("sts.token.exchange")).toBe(true);
    const required = connector.permissions
      .filter((permission) => !permission.optional)
      .map((permission) => permission.action);
    expect([...asked].sort()).toEqual([...required].sort());
  });

  it("names a missing permission", async () => {
    core.addFault({ service: "gke", action: "container.clusters.list", kind: "403" });
    const error = await failureOf(discover(transport));
    expect(error.gap).toMatchObject({ code: "denied", permission: "container.clusters.list" });
  });

  it("recovers from a broken connection, and says what a throttling server asked for", async () => {
    core.addFault({ service: "gke", action: "container.clusters.list", kind: "reset", times: 1 });
    expect((await discover(transport)).complete).toBe(true);
    core.removeFault();
    core.addFault({ service: "gke", action: "container.clusters.list", kind: "429-seconds" });
    const error = await failureOf(discover(transport));
    expect(error.gap.code).toBe("throttled");
    expect(error.retryAfterMs).toBe(1000);
  });

  it("waits as long as it is asked to when the ceiling allows", async () => {
    core.addFault({ service: "gke", action: "container.clusters.list", kind: "429-seconds", times: 1 });
    const start = Date.now();
    expect((await discover(transport, { maxRetryWaitMs: 2000 })).complete).toBe(true);
    expect(Date.now() - start).toBeGreaterThanOrEqual(990);
  });

  it("stops when the scan is stopped", async () => {
    core.addFault({ service: "gke", action: "container.clusters.list", kind: "hang" });
    const { settings, secrets } = connection(transport);
    const stopped = { ...context(), signal: AbortSignal.timeout(150) };
    expect((await failureOf(connector.discover(settings, secrets, stopped))).gap.code).toBe("timeout");
  });

  it("reaches no private address without the operator's leave", async () => {
    const { settings, secrets } = connection(transport);
    const before = core.requests().next;
    const error = await failureOf(connector.discover(settings, secrets, { ...context(), allowPrivateNetworks: false }));
    expect(error.gap.code).toBe("unreachable");
    expect(core.requests().next).toBe(before);
  });

  it("trusts the given CA only", async () => {
    const other = createCore({ seed: 8, scenario: "tiny", now: NOW }).tls.ca;
    expect((await failureOf(discover(transport, { caBundle: other }))).gap.code).toBe("unreachable");
  });

  it("tells a wrong identity token from a failing listing", async () => {
    const { settings, secrets } = connection(transport);
    const checks = await connector.test(settings, { subjectToken: `${secrets.subjectToken}x` }, context());
    expect(checks.map((check) => check.outcome)).toEqual(["failed", "not_tested", "not_tested", "not_tested"]);
    expect(checks[0]?.message).toContain("invalid_grant");
  });

  it("refuses a cluster of another project", async () => {
    const { settings, secrets } = connection(transport);
    const alias = "https://container.googleapis.com/v1/projects/other/locations/l/clusters/c";
    const foreign = { name: "c", aliases: [alias], managed: { distribution: "gke", name: "c" } } as never;
    expect((await failureOf(connector.access(settings, secrets, foreign, context()))).gap.code).toBe("error");
  });
});

const CODE: Record<Exclude<FaultKind, "repeat-page" | "filtered">, string> = {
  "401": "unauthenticated",
  "403": "denied",
  "404": "not_found",
  "429-seconds": "throttled",
  "429-date": "throttled",
  "500": "server_error",
  hang: "timeout",
  reset: "unreachable",
  cut: "unreachable",
  malformed: "malformed",
  html: "malformed",
};
const CALLS = [
  { service: "gcp-sts", action: "sts.token.exchange" },
  { service: "gcp-sts", action: "iam.serviceAccounts.getAccessToken" },
  { service: "gke", action: "container.clusters.list" },
  { service: "gke", action: "container.clusters.get" },
] as const;
const GKE_ALIAS = `https://container.googleapis.com/v1/projects/${PROJECT}/locations/europe-west1/clusters/gke-prod-ew1-1`;

describe.each(TRANSPORTS)("faults over %s", (transport) => {
  const run = (action: string, kind: FaultKind): Promise<unknown> => {
    // Only what never answers is worth not waiting for: elsewhere a slow machine would make a timeout of it.
    const patience = kind === "hang" ? { requestTimeoutMs: 700, totalTimeoutMs: 1800 } : {};
    const { settings, secrets } = connection(transport, patience);
    const cluster = {
      name: "gke-prod-ew1-1",
      aliases: [GKE_ALIAS],
      managed: { distribution: "gke", name: "c" },
    } as never;
    return action === "container.clusters.get"
      ? connector.access(settings, secrets, cluster, context())
      : connector.discover(settings, secrets, context());
  };

  describe.each(CALLS)("$action", ({ service, action }) => {
    it.each(FAULT_KINDS.filter((kind) => kind !== "repeat-page" && kind !== "filtered"))(
      "%s becomes the right gap",
      async (kind) => {
        core.addFault({ service, action, kind });
        const error = await failureOf(run(action, kind));
        expect(error.gap, error.gap.message).toMatchObject({ code: CODE[kind], what: action });
      },
    );
  });

  it("a list that repeats itself is incomplete, and each cluster comes once", async () => {
    core.addFault({ service: "gke", action: "container.clusters.list", kind: "repeat-page" });
    const { clusters, complete, gaps } = await discover(transport);
    expect(clusters).toHaveLength(2);
    expect(complete).toBe(false);
    expect(gaps.map((gap) => gap.code)).toEqual(["malformed", "malformed"]);
  });

  it("nothing rejected unhandled", async () => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(unhandled).toEqual([]);
  });
});
