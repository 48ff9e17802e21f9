import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { ConnectorError } from "@/connectors/connector";
import { context } from "@/connectors/testing/stand";
import type { GapCode, ManagedCluster } from "@/domain/inventory/schema";
import { describeManagedCluster } from "./describe";
import { connector } from "./index";
import { Estate } from "./testing/estate";

let estate: Estate;
beforeAll(async () => {
  estate = await Estate.start();
});
afterEach(async () => void (await estate.calm()));
afterAll(() => estate.stop());

const CODES: Record<string, GapCode> = {
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
const LISTS = ["ListClusters", "ListNodegroups", "ListAddons", "ListAccessEntries", "ListAssociatedAccessPolicies"];
/** Facts that are gone when an operation on the cluster fails. */
const LOST: Record<string, (managed: ManagedCluster) => unknown> = {
  DescribeCluster: (managed) => managed.version ?? managed.api.publicEndpoint ?? managed.encryption.secretsCustomerKey,
  ListNodegroups: (managed) => managed.nodePools,
  DescribeNodegroup: (managed) => managed.nodePools?.[0]?.version,
  ListAddons: (managed) => managed.addons ?? managed.security.threatDetection ?? managed.network.policyEngine,
  DescribeAddon: (managed) => managed.addons?.[0]?.version ?? managed.network.policyEngine,
  ListAccessEntries: (managed) => managed.identity.accessEntries ?? managed.identity.entries,
  ListAssociatedAccessPolicies: (managed) => managed.identity.administrators,
};

/** What hangs on one of many calls is waited for once: that it is asked for again is seen where nothing else is asked for. */
const onceFor = (kind: string) => (kind === "hang" ? { requestTimeoutMs: 1500, maxAttempts: 1 } : {});

/** `failed`: the connector rejected; otherwise what it found. No raw error may ever come out. */
async function discover(change: Record<string, unknown> = {}) {
  const quick = {
    requestTimeoutMs: 10_000,
    maxAttempts: 2,
    maxRetryWaitMs: 100,
    regions: ["eu-central-1", "us-east-1"],
  };
  const { settings, secrets } = await estate.connection({ ...quick, ...change });
  try {
    return { found: await connector.discover(settings, secrets, context()) };
  } catch (error) {
    if (error instanceof ConnectorError) return { failed: error };
    throw error;
  }
}

describe.each(Object.entries(CODES))("fault %s is %s", (kind, code) => {
  it("on AssumeRole rejects", async () => {
    await estate.fault({ service: "sts", action: "sts:AssumeRole", kind });
    const patience = kind === "hang" ? { requestTimeoutMs: 500 } : {};
    expect((await discover(patience)).failed?.gap.code).toBe(code);
  });

  it("on DescribeRegions is a gap and leaves the discovery incomplete", async () => {
    await estate.fault({ service: "ec2", action: "ec2:DescribeRegions", kind });
    const { found } = await discover({ ...onceFor(kind), regions: [] });
    expect(found).toMatchObject({ complete: false, clusters: [], gaps: [{ code }] });
  });

  it("on one region's ListClusters leaves the other regions", async () => {
    await estate.fault({ service: "eks", action: "eks:ListClusters", target: "eu-central-1", kind });
    const { found } = await discover(onceFor(kind));
    expect(found).toMatchObject({ complete: false, gaps: [{ code, what: "eks:ListClusters eu-central-1" }] });
    expect(found?.clusters.map((each) => each.name)).toEqual(["many-pools"]);
  });

  it.each(Object.keys(LOST))("on one cluster's %s is that cluster's gap alone", async (operation) => {
    await estate.fault({ service: "eks", action: `eks:${operation}`, target: "/ranged", kind });
    const { found } = await discover({ ...onceFor(kind), regions: ["eu-central-1"] });
    expect(found).toMatchObject({ complete: true, gaps: [] });
    const hit = found?.clusters.find((each) => each.name === "ranged");
    const codes = hit?.gaps.map((gap) => gap.code) ?? [];
    expect(codes.length).toBeGreaterThan(0);
    expect(new Set(codes)).toEqual(new Set([code]));
    expect(hit && LOST[operation]?.(hit.managed)).toBeUndefined();
    expect(found?.clusters.filter((each) => each.gaps.length > 0)).toHaveLength(1);
  });
});

/** Facts of a node group that only EC2 tells. */
const MACHINES: Record<string, (pool: NonNullable<ManagedCluster["nodePools"]>[number]) => unknown> = {
  DescribeSubnets: (pool) => pool.publicNodes ?? pool.zones,
  DescribeLaunchTemplateVersions: (pool) => pool.metadataProtected,
};
describe.each(Object.entries(CODES))("fault %s is %s", (kind, code) => {
  it.each(Object.keys(MACHINES))(
    "on EC2's %s is a gap of each cluster, and its facts are absent",
    async (operation) => {
      await estate.fault({ service: "ec2", action: `ec2:${operation}`, kind });
      const { found } = await discover({ ...onceFor(kind), regions: ["us-east-1"] });
      expect(found).toMatchObject({ complete: true, gaps: [] });
      const [hit] = found?.clusters ?? [];
      expect(new Set(hit?.gaps.map((gap) => gap.code))).toEqual(new Set([code]));
      expect(hit?.managed.nodePools).toHaveLength(5);
      for (const pool of hit?.managed.nodePools ?? []) expect(MACHINES[operation]?.(pool)).toBeUndefined();
    },
  );
});

describe("access and connection test", () => {
  const cluster = {
    name: "ranged",
    aliases: ["arn:aws:eks:eu-central-1:111122223333:cluster/ranged"],
    managed: describeManagedCluster({ name: "ranged", region: "eu-central-1" }),
  };
  const quick = { requestTimeoutMs: 10_000, maxAttempts: 1, regions: ["eu-central-1"] };
  const patient = (kind: string) => (kind === "hang" ? { ...quick, requestTimeoutMs: 1000 } : quick);

  it.each(Object.entries(CODES))("%s on either call of access is %s", async (kind, code) => {
    const { settings, secrets } = await estate.connection(patient(kind));
    for (const [service, action] of [
      ["eks", "eks:DescribeCluster"],
      ["sts", "sts:AssumeRole"],
    ] as const) {
      await estate.calm();
      await estate.fault({ service, action, kind });
      const work = connector.access(settings, secrets, cluster, context());
      await expect(work).rejects.toMatchObject({ name: "ConnectorError", gap: { code } });
    }
  });

  it.each(Object.keys(CODES))("%s on any call is a failed step of the connection test", async (kind) => {
    const { settings, secrets } = await estate.connection({ ...patient(kind), regions: [] });
    const steps = [
      "sts:GetCallerIdentity",
      "sts:AssumeRole",
      "ec2:DescribeRegions",
      "eks:ListClusters",
      "eks:DescribeCluster",
    ];
    for (const [index, action] of steps.entries()) {
      await estate.calm();
      await estate.fault({ service: "*", action, kind });
      const outcomes = (await connector.test(settings, secrets, context())).map((check) => check.outcome);
      const expected = steps.map((_, at) => (at < index ? "ok" : at === index ? "failed" : "not_tested"));
      expect(outcomes).toEqual(["ok", ...expected]);
    }
  });

  it("refuses a cluster of another account", async () => {
    const { settings, secrets } = await estate.connection(quick);
    const foreign = { ...cluster, aliases: ["arn:aws:eks:eu-central-1:444455556666:cluster/ranged"] };
    const { region: _region, ...managed } = cluster.managed;
    const work = connector.access(settings, secrets, { ...foreign, managed }, context());
    await expect(work).rejects.toMatchObject({ gap: { code: "malformed" } });
  });
});

describe("lists that do not end", () => {
  it.each(LISTS)("%s repeats its page", async (operation) => {
    await estate.fault({ service: "eks", action: `eks:${operation}`, target: "eu-central-1", kind: "repeat-page" });
    const { found } = await discover({ regions: ["eu-central-1"] });
    const gaps = [...(found?.gaps ?? []), ...(found?.clusters.flatMap((each) => each.gaps) ?? [])];
    expect(new Set(gaps.map((gap) => gap.code))).toEqual(new Set(["truncated"]));
    expect(found?.complete).toBe(operation !== "ListClusters");
  });

  it("keeps the pages before a failure and says that it is not all", async () => {
    await estate.fault({ service: "eks", action: "eks:ListClusters", target: "eu-central-1", kind: "403", skip: 1 });
    const { found } = await discover({ regions: ["eu-central-1"] });
    expect(found?.clusters).toHaveLength(3);
    expect(found).toMatchObject({ complete: false, gaps: [{ code: "denied", permission: "eks:ListClusters" }] });
  });
});

describe("limits", () => {
  it("waits for Retry-After and goes on", async () => {
    await estate.fault({ service: "eks", action: "eks:ListClusters", kind: "429-seconds", times: 1 });
    const started = performance.now();
    const { found } = await discover({ regions: ["us-east-1"], maxRetryWaitMs: 5000 });
    expect(found).toMatchObject({ complete: true, gaps: [] });
    expect(performance.now() - started).toBeGreaterThan(950);
  });

  it("does not wait longer than allowed, and hands the server's wish on", async () => {
    await estate.fault({ service: "sts", action: "sts:AssumeRole", kind: "429-seconds" });
    const { failed } = await discover({ maxRetryWaitMs: 500 });
    expect(failed).toMatchObject({ retryAfterMs: 1000, gap: { code: "throttled" } });
  });

  it("ends at its deadline with what it has", { timeout: 30_000 }, async () => {
    await estate.fault({ service: "eks", action: "eks:DescribeCluster", kind: "hang" });
    const { found } = await discover({ deadlineMs: 1500, requestTimeoutMs: 60_000 });
    expect(found?.clusters).toHaveLength(8);
    for (const each of found?.clusters ?? []) expect(each.gaps[0]?.code).toBe("timeout");
  });

  it("stops when the caller does", async () => {
    await estate.fault({ service: "eks", action: "eks:ListClusters", kind: "hang" });
    const { settings, secrets } = await estate.connection();
    const work = connector.discover(settings, secrets, context({ signal: AbortSignal.timeout(300) }));
    await expect(work).rejects.toMatchObject({ name: "ConnectorError", gap: { code: "timeout" } });
  });
});
