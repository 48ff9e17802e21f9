import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { connector as aks } from "@/connectors/aks";
import { permissions as aksPermissions } from "@/connectors/aks/permissions";
import { connector as arc } from "@/connectors/arc";
import type { Discovery } from "@/connectors/connector";
import { ConnectorError } from "@/connectors/connector";
import { context, failure } from "@/connectors/testing/stand";
import type { Gap, GapCode, ManagedCluster } from "@/domain/inventory/schema";
import { Estate, QUICK } from "./testing/estate";

let estate: Estate;
beforeAll(async () => {
  estate = await Estate.start();
});
afterEach(async () => void (await estate.calm()));
afterAll(() => estate.stop());

/** Each fault, and the code it must come out as. */
const CODES: [kind: string, code: GapCode][] = [
  ["401", "unauthenticated"],
  ["403", "denied"],
  ["404", "not_found"],
  ["429-seconds", "throttled"],
  ["429-date", "throttled"],
  ["500", "server_error"],
  ["hang", "timeout"],
  ["reset", "unreachable"],
  ["cut", "unreachable"],
  ["malformed", "malformed"],
  ["html", "malformed"],
];
const LISTS: [kind: string, code: GapCode][] = [...CODES, ["repeat-page", "truncated"]];

/** What hangs is not waited for; what answers, however late on a busy machine, is. */
let requestTimeoutMs = 10_000;
const patientWith = (kind: string): void => {
  requestTimeoutMs = kind === "hang" ? 1000 : 10_000;
};

const made = async (change: Record<string, unknown> = {}) => {
  const { settings, secrets } = await estate.connection({ ...QUICK, requestTimeoutMs, ...change });
  return { aks: aks.schema.parse(settings), arc: arc.schema.parse(settings), secrets };
};
const discoverAks = async () => {
  const { aks: settings, secrets } = await made();
  return aks.discover(settings, secrets, context());
};
const discoverArc = async () => {
  const { arc: settings, secrets } = await made();
  return arc.discover(settings, secrets, context());
};
const closed = (found: Discovery) => found.clusters.find((cluster) => cluster.name === "closed");
const codes = (gaps: Gap[] | undefined) => gaps?.map((gap) => gap.code);

const CONTAINER = "Microsoft.ContainerService/managedClusters";
const CONNECTED = "Microsoft.Kubernetes/connectedClusters";

describe.each(LISTS)("fault %s", (kind, code) => {
  beforeEach(() => patientWith(kind));

  it.each([
    ["AKS", `${CONTAINER}/read`, discoverAks],
    ["Arc", `${CONNECTED}/read`, discoverArc],
  ])("on the list of %s clusters", async (_, action, discover) => {
    await estate.fault({ service: "arm", action, kind });
    const found = await discover();
    expect(found.complete).toBe(false);
    expect(codes(found.gaps)).toEqual([code]);
    expect(found.gaps[0]?.permission).toBe(code === "denied" ? action : undefined);
    if (code !== "truncated") expect(found.clusters).toEqual([]);
  });

  it.each([
    ["AKS", `${CONTAINER}/read`, discoverAks],
    ["Arc", `${CONNECTED}/read`, discoverArc],
  ])("on the second page of %s clusters keeps the first", async (_, action, discover) => {
    await estate.fault({ service: "arm", action, kind, skip: 1 });
    const found = await discover();
    expect(found.complete).toBe(false);
    expect(codes(found.gaps)).toEqual([code]);
    expect(found.clusters).toHaveLength(2);
  });

  it("on one cluster's node pools leaves a gap on it alone, and no pools", async () => {
    await estate.fault({ service: "arm", action: `${CONTAINER}/agentPools/read`, target: "/closed/", kind });
    const found = await discoverAks();
    expect(found).toMatchObject({ complete: true, gaps: [] });
    expect(codes(closed(found)?.gaps)).toEqual([code]);
    expect(closed(found)?.managed.nodePools).toBeUndefined();
    expect(closed(found)?.managed.encryption.secretsCustomerKey).toBe(true);
    const others = found.clusters.filter((cluster) => cluster.name !== "closed");
    expect(others.flatMap((cluster) => cluster.gaps)).toEqual([]);
    expect(others.every((cluster) => cluster.managed.nodePools?.length === 1)).toBe(true);
  });
});

describe.each(CODES)("fault %s", (kind, code) => {
  beforeEach(() => patientWith(kind));

  it("on one cluster's maintenance windows leaves a gap on it alone, and does not say that there are none", async () => {
    await estate.fault({
      service: "arm",
      action: `${CONTAINER}/maintenanceConfigurations/read`,
      target: "/closed/",
      kind,
    });
    const found = await discoverAks();
    expect(found).toMatchObject({ complete: true, gaps: [] });
    expect(codes(closed(found)?.gaps)).toEqual([code]);
    expect(closed(found)?.managed.upgrade.maintenanceWindow).toBeUndefined();
    expect(closed(found)?.managed.upgrade.channel).toBe("stable");
  });

  it("on one cluster's diagnostic settings leaves a gap on it alone, and no logging facts", async () => {
    await estate.fault({
      service: "arm",
      action: "Microsoft.Insights/diagnosticSettings/read",
      target: "/closed/",
      kind,
    });
    const found = await discoverAks();
    expect(found).toMatchObject({ complete: true, gaps: [] });
    expect(codes(closed(found)?.gaps)).toEqual([code]);
    expect(closed(found)?.managed.logging.audit).toBeUndefined();
    expect(closed(found)?.managed.logging.api).toBeUndefined();
    expect(found.clusters.find((cluster) => cluster.name === "plain-1")?.managed.logging.audit).toBe(true);
  });

  it("on the user credential ends the access", async () => {
    const { aks: settings, secrets } = await made();
    const cluster = closed(await discoverAks());
    if (!cluster) throw new Error("no cluster");
    const action = `${CONTAINER}/listClusterUserCredential/action`;
    await estate.fault({ service: "arm", action, kind });
    const { gap } = await failure(aks.access(settings, secrets, cluster, context()));
    expect(gap).toMatchObject({ code, what: action });
    expect(aksPermissions.some((permission) => permission.action === gap.permission)).toBe(code === "denied");
  });

  it.each(["token", "openid-configuration"])("on Entra ID's %s ends all of it", async (action) => {
    const { aks: settings, arc: arcSettings, secrets } = await made();
    await estate.fault({ service: "entra", action, kind });
    for (const work of [
      () => aks.discover(settings, secrets, context()),
      () => arc.discover(arcSettings, secrets, context()),
      () =>
        aks.access(
          settings,
          secrets,
          { name: "closed", aliases: ["/subscriptions/s/resourcegroups/g/providers/p/t/closed"], managed: MANAGED },
          context(),
        ),
    ]) {
      expect((await failure(work())).gap.code).toBe(code);
    }
    expect((await aks.test(settings, secrets, context()))[0]?.outcome).toBe("failed");
  });

  it("on the token of the Kubernetes API rejects it", async () => {
    const { aks: settings, secrets } = await made();
    const cluster = closed(await discoverAks());
    if (!cluster) throw new Error("no cluster");
    const access = await aks.access(settings, secrets, cluster, context());
    await estate.fault({ service: "entra", action: "token", target: "6dae42f8", kind });
    expect((await failure(access.token())).gap.code).toBe(code);
    await estate.calm();
    expect(await estate.verify(await access.token(), "closed")).toBeTruthy();
  });
});

const MANAGED: ManagedCluster = {
  distribution: "aks",
  name: "closed",
  api: {},
  identity: {},
  network: {},
  logging: {},
  encryption: {},
  upgrade: {},
  security: {},
};

describe("waiting", () => {
  beforeEach(() => patientWith("answers"));

  const list = { service: "arm", action: `${CONTAINER}/read` };

  it.each(["429-seconds", "429-date", "500", "reset", "cut"])("gets over a passing %s", async (kind) => {
    const { aks: settings, secrets } = await made({ maxRetryWaitMs: 5_000, requestTimeoutMs: 5_000 });
    await estate.fault({ ...list, kind, times: 1 });
    const started = Date.now();
    expect((await aks.discover(settings, secrets, context())).complete).toBe(true);
    // A date has whole seconds, so up to one of the two is lost.
    if (kind.startsWith("429")) expect(Date.now() - started).toBeGreaterThan(900);
  });

  it("does not wait longer than the ceiling, and hands the server's wish on", async () => {
    const { aks: settings, secrets } = await made({ maxRetryWaitMs: 500 });
    await estate.fault({ service: "entra", action: "token", kind: "429-seconds" });
    const error = await failure(aks.discover(settings, secrets, context()));
    expect(error.gap.code).toBe("throttled");
    expect(error.retryAfterMs).toBe(2_000);
  });

  it("asks once more for each retry and then no more", async () => {
    const { aks: settings, secrets } = await made({ maxAttempts: 3, maxRetryWaitMs: 5_000 });
    await estate.fault({ ...list, kind: "500" });
    const { next } = await estate.requests();
    await aks.discover(settings, secrets, context());
    const { requests } = await estate.requests(next);
    expect(requests.filter((each) => each.status === 500)).toHaveLength(3);
  });

  it("stops when it is told to", { timeout: 30_000 }, async () => {
    const { aks: settings, secrets } = await made({ requestTimeoutMs: 60_000 });
    await estate.fault({ ...list, kind: "hang" });
    const found = await aks.discover(settings, secrets, context({ signal: AbortSignal.timeout(300) }));
    expect(codes(found.gaps)).toEqual(["timeout"]);
    expect(found.complete).toBe(false);
    const stopped = await aks
      .discover(settings, secrets, context({ signal: AbortSignal.abort() }))
      .catch((error: unknown) => error);
    expect(stopped).toBeInstanceOf(ConnectorError);
  });
});
