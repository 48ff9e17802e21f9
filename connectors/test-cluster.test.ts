import { expect, it } from "vitest";
import { z } from "zod";
import { type Connector, type ConnectorContext, ConnectorError, type DiscoveredCluster } from "./connector";
import { testClusters } from "./test-cluster";

const context: ConnectorContext = { signal: new AbortController().signal, log: () => {}, allowPrivateNetworks: true };
const NOTHING = { api: {}, identity: {}, network: {}, logging: {}, encryption: {}, upgrade: {}, security: {} };
const cluster = (name: string, region = "eu-central-1"): DiscoveredCluster => ({
  ...{ distribution: "eks", name, aliases: [`${region}/${name}`], gaps: [] },
  managed: { ...NOTHING, distribution: "eks", name, region },
});

/** Tests clusters of which each is opened by `open`, which may only refuse. */
function tested(clusters: DiscoveredCluster[], open: (name: string) => Promise<never>, given = context) {
  const connector: Connector = {
    ...{ distribution: "eks", provider: "aws", schema: z.unknown(), secretFields: [], permissions: [] },
    discover: async () => ({ clusters, complete: true, gaps: [], gone: [] }),
    access: (_settings, _secrets, { name }) => open(name),
    test: async () => [],
  };
  return testClusters(connector, {}, {}, given, { ...given, retryLimit: 0 });
}
const refused = (code: "denied" | "unreachable", name: string) =>
  Promise.reject(new ConnectorError({ code, what: name, message: `${name} is ${code}.` }));

it("tells of each cluster, whichever stands first", async () => {
  const open = (name: string) => refused(name === "shut" ? "denied" : "unreachable", name);
  for (const names of [
    ["shut", "far"],
    ["far", "shut"],
  ]) {
    const checks = await tested(
      names.map((name) => cluster(name)),
      open,
    );
    const outcomes = Object.fromEntries(checks.map(({ name, outcome }) => [name, outcome]));
    expect(outcomes).toEqual({
      "Settings of every EKS cluster": "ok",
      "Kubernetes API of shut": "failed",
      "Kubernetes API of far": "not_tested",
    });
  }
});

it("says which region a cluster is in where two have one name", async () => {
  const checks = await tested([cluster("prod"), cluster("prod", "us-east-1"), cluster("dev")], (name) =>
    refused("denied", name),
  );
  expect(checks.slice(1).map(({ name }) => name)).toEqual([
    "Kubernetes API of prod in eu-central-1",
    "Kubernetes API of prod in us-east-1",
    "Kubernetes API of dev",
  ]);
});

it("tries a bounded number of a large fleet, a few at once, and says how many it left", async () => {
  let [open, most, tried] = [0, 0, 0];
  const fleet = Array.from({ length: 33 }, (_, at) => cluster(`c${at}`));
  const checks = await tested(fleet, async (name) => {
    open += 1;
    tried += 1;
    most = Math.max(most, open);
    await new Promise((resolve) => setImmediate(resolve));
    open -= 1;
    return refused("denied", name);
  });
  expect([tried, most]).toEqual([20, 5]);
  expect(checks).toHaveLength(22);
  expect(checks.at(-1)).toMatchObject({
    outcome: "not_tested",
    message: expect.stringMatching(/20 clusters.* are 33/),
  });
});

it("a test whose time is over says so of the clusters it came not to", async () => {
  const over = { ...context, signal: AbortSignal.abort() };
  const [, check] = await tested([cluster("late")], () => Promise.reject(new Error("stopped")), over);
  expect(check).toMatchObject({ outcome: "not_tested", message: expect.stringContaining("was over before") });
});
