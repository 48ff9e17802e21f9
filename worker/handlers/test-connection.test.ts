import { afterAll, beforeAll, expect, it } from "vitest";
import type { ConnectionCheck } from "@/connectors/connector";
import { grantOf } from "@/connectors/kubernetes/permissions";
import { connectors } from "@/connectors/registry";
import { Estate, type EstateFault } from "@/connectors/testing/estate";
import { mintScope } from "@/domain/access/scope";
import { findAccount } from "@/domain/accounts/queries";
import { pool } from "@/lib/db";
import { createQueues, jobClient } from "@/lib/jobs";
import { useTestDatabase } from "@/lib/testing/use-database";
import { connect, newKey } from "../testing/connect";
import type { World } from "../world";
import { discoverClusters } from "./discover-account";
import { scanOneCluster } from "./scan-cluster";
import { testConnection } from "./test-connection";

process.env.SEAWALL_ALLOW_PRIVATE_NETWORKS = "true"; // read at the first test

useTestDatabase();
const everything = mintScope("x", "x", [{ role: "Owner", accountId: null }]);
let estate: Estate;
let world: World;
let ids: Map<string, string>;

beforeAll(async () => {
  estate = await Estate.start();
  const { ring } = newKey();
  const boss = jobClient(process.env.DATABASE_URL ?? "", "worker");
  await boss.start();
  await createQueues(boss);
  world = { pool: pool(), boss, ring, clock: () => new Date() };
  const offered = await estate.accounts();
  const connected = offered.map(async (account) => [account.name, await connect(pool(), ring, account)] as const);
  ids = new Map(await Promise.all(connected));
  for (const account of ids.keys()) await discover(account);
}, 90_000);
afterAll(async () => {
  await world?.boss.stop({ graceful: false });
  await estate?.stop();
});

const idOf = (account: string) => ids.get(account) ?? "";
const context = () => ({ signal: AbortSignal.timeout(60_000) });
const discover = (account: string) =>
  discoverClusters(world, { accountId: idOf(account), trigger: "manual" }, context());

async function tested(account: string): Promise<{ health: string; checks: ConnectionCheck[]; api: ConnectionCheck[] }> {
  const { checks } = await testConnection(world, { accountId: idOf(account) }, context());
  const api = checks.filter(({ name }) => name.startsWith("Kubernetes API"));
  return { health: (await healthOf(account))[0], checks, api };
}
async function healthOf(account: string): Promise<[health: string, reason: string | null]> {
  const found = await findAccount(everything, idOf(account));
  return [found?.health ?? "", found?.healthReason ?? null];
}
const under = (fault: Omit<EstateFault, "service">, account: string) =>
  estate.withFault({ service: "kubernetes", ...fault }, () => tested(account));

it.each(["Harbour Payments", "harbour-data", "Harbour Storefront"])("%s: opens every cluster", async (account) => {
  const asked = await estate.during(async () => {
    const { health, checks, api } = await tested(account);
    expect(checks.filter(({ outcome }) => outcome !== "ok")).toEqual([]);
    expect(health).toBe("healthy");
    const { rows } = await pool().query<{ externalId: string }>(`SELECT "externalId" FROM "Account" WHERE "id" = $1`, [
      idOf(account),
    ]);
    const there = (await estate.clusters()).filter(({ accountId, alsoArcIn }) =>
      [accountId, alsoArcIn].includes(rows[0]?.externalId),
    );
    expect(api.map(({ name }) => name).sort()).toEqual(there.map(({ id }) => `Kubernetes API of ${id}`).sort());
    expect(new Set(checks.map(({ name, message }) => name + message)).size).toBe(checks.length);
  });
  expect(asked.filter(({ action }) => action === "create selfsubjectaccessreviews").length).toBeGreaterThan(20);
});

it("names what would grant each missing permission", () => {
  const missing = ["list rbac.authorization.k8s.io/roles", "list rbac.authorization.k8s.io/rolebindings", "list pods"];
  const rules =
    '{apiGroups: ["rbac.authorization.k8s.io"], resources: ["roles","rolebindings"], verbs: ["list"]}, {apiGroups: [""], resources: ["pods"], verbs: ["list"]}';
  expect(grantOf(missing, [])).toBe(`Add to the rules of the identity's ClusterRole: ${rules}.`);
  expect(grantOf(["list pods"], connectors.gke.permissions)).toMatch(
    /or grant its cloud identity container\.pods\.list\.$/,
  );
});

it("tells a cluster that does not answer from a cloud that does not", { timeout: 60_000 }, async () => {
  const silent = await under({ action: "*", kind: "reset" }, "harbour-data");
  expect(silent.api.map(({ outcome, about }) => [outcome, about])).toEqual(
    silent.api.map(() => ["not_tested", "cluster"]),
  );
  expect(silent.api[0]?.message).toMatch(/The connection to the cloud works.*worker within its network/);
  expect(silent.health).toBe("healthy");

  const down = await estate.withFault({ service: "eks", action: "*", kind: "403" }, () => tested("harbour-data"));
  expect(down.health).toBe("failing");
  expect(down.api).toEqual([]);
});

it.each([
  ["harbour-data", /access entry/],
  ["Harbour Storefront", /service account/],
  ["Harbour Payments", /application's object id/],
])("%s: says how an unknown identity is let in", async (account, advice) => {
  const { api, health } = await under({ action: "*", kind: "401" }, account);
  expect(api[0]).toMatchObject({ outcome: "failed", message: expect.stringMatching(advice) });
  expect(health).toBe("degraded");
});

it("one cluster that refuses degrades the account, whichever it is, and the others are told of, too", async () => {
  const { api } = await tested("harbour-data");
  expect(api.length).toBeGreaterThan(1);
  for (const { name } of api) {
    const target = name.slice("Kubernetes API of ".length);
    const { health, api: now } = await under({ action: "*", kind: "401", target }, "harbour-data");
    expect(health).toBe("degraded");
    expect(now.map((check) => [check.name, check.outcome])).toEqual(
      api.map((check) => [check.name, check.name === name ? "failed" : "ok"]),
    );
  }
});

it.each([
  ["Harbour Innovation Lab", "arm", "Microsoft.ContainerService/managedClusters/listClusterUserCredential/action"],
  ["harbour-data", "eks", "eks:DescribeCluster"],
  ["Harbour Storefront", "gke", "container.clusters.get"],
])(
  "%s: one cluster that the cloud refuses is no word of the account, whichever it is",
  async (account, service, action) => {
    // Of a cluster of Arc the cloud is asked for no access.
    const names = (await tested(account)).api.map(({ name }) => name).filter((name) => !name.includes(" arc-"));
    expect(names.length).toBeGreaterThan(1);
    for (const name of names) {
      const target = name.slice("Kubernetes API of ".length);
      const { health, api } = await estate.withFault({ service, action, kind: "403", target }, () => tested(account));
      expect([name, health]).toEqual([name, "degraded"]);
      for (const other of names.filter((each) => each !== name))
        expect(api).toContainEqual(expect.objectContaining({ name: other, outcome: "ok" }));
    }
  },
);

it("a cluster that may not tell its identity lacks that permission", async () => {
  const { api } = await under({ action: "get namespaces", kind: "403" }, "Harbour Storefront");
  expect(api[0]?.message).toContain("container.namespaces.get");
});

it("settings that cannot be read whole degrade the account and name the permission", async () => {
  const fault = { service: "eks", action: "eks:DescribeNodegroup", kind: "403" };
  const { health, checks } = await estate.withFault(fault, () => tested("harbour-data"));
  expect(checks.find(({ name }) => name === "Settings of every EKS cluster")?.message).toContain(
    "Grant eks:DescribeNodegroup.",
  );
  expect(health).toBe("degraded");
  await estate.withFault(fault, () => discover("harbour-data"));
  expect((await healthOf("harbour-data"))[0]).toBe("degraded");
  await discover("harbour-data");
  expect(await healthOf("harbour-data")).toEqual(["healthy", null]);
});

it("what a cluster refuses stays until a test or a complete scan finds it repaired, whatever ran last", async () => {
  const account = "harbour-data";
  const { rows } = await pool().query<{ id: string; name: string }>(
    `SELECT "id", "name" FROM "Cluster" WHERE "accountId" = $1 AND "goneAt" IS NULL ORDER BY "name" LIMIT 1`,
    [idOf(account)],
  );
  const [cluster] = rows;
  if (cluster === undefined) throw new Error("no cluster");
  const impatient = { ...world, patience: { retryLimit: 0 } };
  const scan = () => scanOneCluster(impatient, { clusterId: cluster.id, trigger: "manual" }, context());
  const denied = { service: "kubernetes", action: "list roles", kind: "403", target: cluster.name };
  const reviewed = {
    service: "kubernetes",
    action: "create selfsubjectaccessreviews",
    kind: "403",
    target: cluster.name,
  };
  const lacksRoles = [
    "degraded",
    expect.stringMatching(new RegExp(`^${cluster.name}: The identity lacks 1 permission: list .*roles`)),
  ];

  await estate.withFault(denied, async () => {
    await scan(); // no test has seen it yet
    expect(await healthOf(account)).toEqual(lacksRoles);
    await discover(account);
    expect(await healthOf(account)).toEqual(lacksRoles);
    await estate.withFault({ service: "eks", action: "*", kind: "403" }, () => discover(account));
    expect((await healthOf(account))[0]).toBe("failing");
    await discover(account);
    expect(await healthOf(account)).toEqual(lacksRoles);
    // A scan that could not ask says nothing.
    await estate.withFault({ service: "kubernetes", action: "*", kind: "reset", target: cluster.name }, scan);
    expect(await healthOf(account)).toEqual(lacksRoles);
  });
  await scan();
  expect(await healthOf(account)).toEqual(["healthy", null]);

  await estate.withFault(reviewed, () => tested(account));
  expect((await healthOf(account))[0]).toBe("degraded");
  await discover(account);
  expect((await healthOf(account))[0]).toBe("degraded");
  await under({ action: "*", kind: "reset", target: cluster.name }, account); // not tested
  expect((await healthOf(account))[0]).toBe("degraded");
  await tested(account);
  expect(await healthOf(account)).toEqual(["healthy", null]);
});
