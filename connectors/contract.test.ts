import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DISTRIBUTIONS, type Distribution, type Gap, LISTED_KINDS } from "@/domain/inventory/schema";
import { type ConnectorContext, ConnectorError, type Discovery } from "./connector";
import { openReader } from "./kubernetes/reader";
import { reviewAccess } from "./kubernetes/review";
import { connectors } from "./registry";
import { Estate, type EstateAccount, type EstateCluster } from "./testing/estate";

let estate: Estate;
let accounts: EstateAccount[];
let truth: EstateCluster[];
beforeAll(async () => {
  estate = await Estate.start();
  [accounts, truth] = await Promise.all([estate.accounts(), estate.clusters()]);
});
afterAll(() => estate?.stop());

const context: ConnectorContext = {
  signal: new AbortController().signal,
  log: () => undefined,
  allowPrivateNetworks: true,
};
const options = { allowPrivateNetworks: true, signal: context.signal };

/** Short waits, in the words of every connector's own settings. */
const IMPATIENT = {
  azure: { requestTimeoutMs: 1000, maxRetries: 0 },
  aws: { requestTimeoutMs: 1000, connectTimeoutMs: 1000, maxAttempts: 1 },
  gcp: { requestTimeoutMs: 1000, totalTimeoutMs: 1500, connectTimeoutMs: 1000, maxAttempts: 1 },
  self: {},
} as const;

/** The accounts of a distribution's provider with the connector bound to each. */
function bound(distribution: Distribution, impatient = false) {
  const connector = connectors[distribution];
  return accounts
    .filter((account) => account.provider === connector.provider)
    .map((account) => {
      const extra = impatient ? IMPATIENT[account.provider] : {};
      const stored = JSON.parse(JSON.stringify({ ...account.settings, ...extra }));
      const settings = connector.schema.parse(stored);
      return {
        account,
        connector,
        discover: () => connector.discover(settings, account.secrets, context),
        access: (cluster: Discovery["clusters"][number]) =>
          connector.access(settings, account.secrets, cluster, context),
        test: () => connector.test(settings, account.secrets, context),
      };
    });
}

const expectedIn = (distribution: Distribution, accountId: string): EstateCluster[] =>
  truth.filter((cluster) =>
    distribution === "arc"
      ? cluster.alsoArcIn === accountId || (cluster.distribution === "arc" && cluster.accountId === accountId)
      : cluster.distribution === distribution && cluster.accountId === accountId,
  );
const gapsOf = (discovery: Discovery): Gap[] => [
  ...discovery.gaps,
  ...discovery.clusters.flatMap((cluster) => cluster.gaps),
];
const namesOf = (discovery: Discovery): string[] => discovery.clusters.map((cluster) => cluster.name).sort();

describe.each(DISTRIBUTIONS)("connector %s", (distribution) => {
  it("finds every cluster of every account, and says so", async () => {
    let found = 0;
    for (const { account, discover } of bound(distribution)) {
      const discovery = await discover();
      const expected = expectedIn(distribution, account.externalId);
      found += discovery.clusters.length;
      expect(namesOf(discovery)).toEqual(expected.map((cluster) => cluster.id).sort());
      expect({ complete: discovery.complete, gaps: gapsOf(discovery) }).toEqual({ complete: true, gaps: [] });
      for (const cluster of discovery.clusters) {
        expect(cluster.distribution).toBe(distribution);
        expect(cluster.managed).toMatchObject({ distribution, name: cluster.name });
        expect(cluster.aliases[0]).toContain(
          distribution === "aks" || distribution === "arc" ? cluster.name.toLowerCase() : cluster.name,
        );
      }
    }
    expect(found).toBeGreaterThan(0);
  });

  it("opens each cluster's API: identity, version, pods", async () => {
    for (const { discover, access } of bound(distribution)) {
      for (const cluster of (await discover()).clusters) {
        const expected = truth.find((each) => each.id === cluster.name);
        const reader = openReader(await access(cluster), { ...options, pageSize: 7 });
        try {
          expect(await reader.clusterUid()).toBe(expected?.uid);
          expect(await reader.version()).toBe(`v${expected?.version}`);
          expect(await count(reader, "Pod")).toMatchObject({ complete: true, gaps: [] });
          expect((await count(reader, "Pod")).objects).toBeGreaterThan(0);
        } finally {
          await reader.close();
        }
      }
    }
  });

  it("passes its own connection test", async () => {
    for (const { test } of bound(distribution)) {
      const checks = await test();
      expect(checks.filter((check) => check.outcome === "failed")).toEqual([]);
      expect(checks.some((check) => check.outcome === "ok")).toBe(true);
    }
  });

  it("asks the cloud for nothing that it does not declare", async () => {
    const declared = new Set(connectors[distribution].permissions.map((permission) => permission.action.toLowerCase()));
    for (const { discover, access } of bound(distribution)) {
      const asked = await estate.during(async () => {
        for (const cluster of (await discover()).clusters) await (await access(cluster)).token();
      });
      const cloud = asked.filter((request) => ["arm", "eks", "ec2", "gke"].includes(request.service));
      expect(cloud.length).toBeGreaterThan(0);
      expect(
        [...new Set(cloud.map((request) => request.action))].filter((action) => !declared.has(action.toLowerCase())),
      ).toEqual([]);
      expect(cloud.filter((request) => request.status >= 400)).toEqual([]);
    }
  });
});

it("all four find 14 clusters, one of them twice", async () => {
  const uids = new Map<string, Distribution[]>();
  for (const distribution of DISTRIBUTIONS) {
    for (const { discover } of bound(distribution)) {
      for (const { name } of (await discover()).clusters) {
        const uid = truth.find((each) => each.id === name)?.uid ?? name;
        uids.set(uid, [...(uids.get(uid) ?? []), distribution]);
      }
    }
  }
  expect(uids.size).toBe(truth.length);
  expect(uids.size).toBe(14);
  expect([...uids.values()].filter((each) => each.length > 1)).toEqual([["eks", "arc"]]);
});

/** Reads one kind to its end; a rejection becomes its gap. */
async function count(reader: ReturnType<typeof openReader>, kindName: string) {
  const kind = LISTED_KINDS.find((each) => each.kind === kindName);
  if (!kind) throw new Error(kindName);
  let objects = 0;
  const list = reader.list(kind);
  try {
    for (;;) {
      const step = await list.next();
      if (step.done) return { objects, ...step.value };
      objects += step.value.length;
    }
  } catch (error) {
    if (error instanceof ConnectorError) return { objects, complete: false, gaps: [error.gap] };
    throw error;
  }
}

const FAULTS = [
  "401",
  "403",
  "404",
  "429-seconds",
  "429-date",
  "500",
  "hang",
  "reset",
  "cut",
  "malformed",
  "html",
  "repeat-page",
];

describe.each(DISTRIBUTIONS)("faults of %s", (distribution) => {
  it("never lose their gap", { timeout: 300_000 }, async () => {
    const [target] = bound(distribution, true).filter(
      ({ account }) => expectedIn(distribution, account.externalId).length > 0,
    );
    if (!target) throw new Error("no account");
    const whole = await target.discover();
    const actions = new Set(
      (await estate.during(target.discover)).map(({ service, action }) => `${service} ${action}`),
    );
    const lost: string[] = [];
    for (const pair of actions) {
      const [service = "", ...words] = pair.split(" ");
      for (const kind of FAULTS) {
        await estate.withFault({ service, action: words.join(" "), kind }, async () => {
          let discovery: Discovery;
          try {
            discovery = await target.discover();
          } catch (error) {
            if (!(error instanceof ConnectorError)) lost.push(`${pair} ${kind}: ${String(error)} is no ConnectorError`);
            return;
          }
          const same = JSON.stringify(discovery) === JSON.stringify(whole);
          if (gapsOf(discovery).length === 0 && !(kind === "repeat-page" && same)) lost.push(`${pair} ${kind}: no gap`);
          if (discovery.complete && namesOf(discovery).join() !== namesOf(whole).join())
            lost.push(`${pair} ${kind}: a cluster is gone`);
        });
      }
    }
    expect(lost).toEqual([]);
  });

  it("reach the reader as gaps", { timeout: 120_000 }, async () => {
    const [target] = bound(distribution).filter(
      ({ account }) => expectedIn(distribution, account.externalId).length > 0,
    );
    const [cluster] = target ? (await target.discover()).clusters : [];
    if (!target || !cluster) throw new Error("no cluster");
    const access = await target.access(cluster);
    for (const kind of FAULTS) {
      for (const skip of [0, 1]) {
        const reader = openReader(access, { ...options, pageSize: 5, timeoutMs: 1000, retryLimit: 0 });
        const fault = { service: "kubernetes", action: "list pods", target: cluster.name, kind, skip };
        const result = await estate.withFault(fault, () => count(reader, "Pod"));
        await reader.close();
        expect({ kind, skip, complete: result.complete, gaps: result.gaps.length }).toEqual({
          kind,
          skip,
          complete: false,
          gaps: 1,
        });
      }
    }
  });
});

it("every reader identity may list what it needs, or the review says what not, and no more", async () => {
  for (const distribution of DISTRIBUTIONS) {
    for (const { discover, access } of bound(distribution)) {
      for (const cluster of (await discover()).clusters) {
        const opened = await access(cluster);
        const review = await reviewAccess(opened, options);
        expect(review.warnings).toEqual([]);
        const reader = openReader(opened, options);
        const denied: string[] = [];
        for (const kind of LISTED_KINDS)
          denied.push(...(await count(reader, kind.kind)).gaps.map((gap) => `${gap.code} ${gap.what}`));
        await reader.close();
        expect(denied.sort()).toEqual(review.gaps.map((gap) => `${gap.code} ${gap.what}`).sort());
      }
    }
  }
});
