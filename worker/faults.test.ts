import { afterAll, beforeAll, expect, it } from "vitest";
import { Estate, type EstateFault } from "@/connectors/testing/estate";
import { LISTED_KINDS } from "@/domain/inventory/schema";
import { jobClient } from "@/lib/jobs";
import { testDatabase } from "@/lib/testing/database";
import { discoverClusters } from "./handlers/discover-account";
import { scanOneCluster } from "./handlers/scan-cluster";
import { connect, newKey, setPatience } from "./testing/connect";
import { improvements, type Posture, readPosture } from "./testing/posture";
import type { World } from "./world";

process.env.SEAWALL_ALLOW_PRIVATE_NETWORKS = "true"; // read at the first scan

const KINDS = "401 403 404 429-seconds 429-date 500 hang reset cut malformed html repeat-page".split(" ");
const ACTIONS = [
  "list pods",
  "list deployments",
  "list roles",
  "list networkpolicies",
  "list namespaces",
  "get namespaces",
];
/** One account of each cloud: AKS and Arc, EKS, GKE; two clusters each, all of which may be read whole. */
const ACCOUNTS = ["Harbour Payments", "harbour-data", "Harbour Production"];

let estate: Estate;
let db: Awaited<ReturnType<typeof testDatabase>>;
let world: World;
let accounts: string[];
let clusters: { id: string; name: string; distribution: string }[];
let clean: Posture;
let clock = Date.now();

/** Discovers every account and scans every cluster an hour later; resolves with the state each look ended in. */
async function look(): Promise<Map<string, string>> {
  clock += 3_600_000;
  const now = new Date(clock);
  const at = { ...world, clock: () => now };
  const signal = AbortSignal.timeout(120_000);
  await Promise.all(accounts.map((accountId) => discoverClusters(at, { accountId, trigger: "schedule" }, { signal })));
  const { rows: known } = await db.pool.query<{ id: string }>(`SELECT "id" FROM "Cluster" WHERE "goneAt" IS NULL`);
  await Promise.all(known.map(({ id }) => scanOneCluster(at, { clusterId: id, trigger: "schedule" }, { signal })));
  const { rows } = await db.pool.query<{ of: string; status: string }>(
    `SELECT coalesce("clusterId", "accountId") AS of, "status" FROM "Scan" WHERE "startedAt" = $1`,
    [now],
  );
  return new Map(rows.map((row) => [row.of, row.status]));
}

/** Only a look under faults is impatient: a clean one has the time it takes on a busy machine. */
async function lookUnder(faults: EstateFault[]): Promise<Map<string, string>> {
  await setPatience(db.pool, false);
  try {
    return await faults.reduceRight<typeof look>((work, fault) => () => estate.withFault(fault, work), look)();
  } finally {
    await setPatience(db.pool, true);
  }
}

/** What is wrong with the estate as it stands without faults: nothing, when it is what the clean scan saw. */
async function unhealed(): Promise<string[]> {
  const states = await look();
  const wrong = [...states].filter(([, status]) => status !== "complete").map(([of, status]) => `${of} is ${status}`);
  const { rows } = await db.pool.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM "Cluster" WHERE "goneAt" IS NOT NULL`,
  );
  expect(rows[0]?.n).toBe(0);
  expect(await readPosture(db.pool)).toEqual(clean);
  return wrong;
}

beforeAll(async () => {
  [estate, db] = await Promise.all([Estate.start(), testDatabase()]);
  await estate.freeze();
  const { ring } = newKey();
  world = { pool: db.pool, boss: jobClient(db.url, "sender"), ring, clock: () => new Date(clock) };
  const offered = (await estate.accounts()).filter(({ name }) => ACCOUNTS.includes(name));
  accounts = await Promise.all(offered.map((account) => connect(db.pool, ring, account)));
  const states = await look();
  clusters = (await db.pool.query(`SELECT "id", "name", "distribution" FROM "Cluster" ORDER BY "distribution", "name"`))
    .rows;
  expect([...new Set(clusters.map(({ distribution }) => distribution))]).toEqual(["aks", "arc", "eks", "gke"]);
  expect(clusters).toHaveLength(6);
  expect([...states.values()]).toEqual(Array(9).fill("complete"));
  clean = await readPosture(db.pool);
  expect(clean.open.size).toBeGreaterThan(20);
  expect(clean.scores.size).toBe(4);
}, 90_000);
afterAll(async () => {
  await estate?.stop();
  await db?.drop();
});

/** A 404 on a kind that a cluster need not serve says that there is none of it. */
const says = (kind: string, action: string): boolean =>
  !(kind === "repeat-page" && action.startsWith("get")) &&
  !(kind === "404" && LISTED_KINDS.some(({ resource, optional }) => optional && action === `list ${resource}`));

it.each(KINDS)("a Kubernetes API that answers %s makes nothing look better", { timeout: 120_000 }, async (kind) => {
  // Each cluster gets the fault on another call; every kind moves them on, so that distributions take turns.
  const turn = KINDS.indexOf(kind);
  const faults = clusters.map(({ name }, index) => ({
    service: "kubernetes",
    action: ACTIONS[(index + turn) % ACTIONS.length] ?? "",
    target: name,
    kind,
  }));
  const states = await lookUnder(faults);
  expect(improvements(clean, await readPosture(db.pool))).toEqual([]);
  const hidden = clusters.filter(({ id }, index) => {
    return says(kind, faults[index]?.action ?? "") && !["partial", "failed"].includes(states.get(id) ?? "");
  });
  expect(hidden).toEqual([]);
  expect(await unhealed()).toEqual([]);
});

it("a cluster that throttles once is read whole all the same", { timeout: 60_000 }, async () => {
  const once = { service: "kubernetes", action: "list pods", kind: "429-seconds", times: 1 };
  const faults = clusters.map(({ name }) => ({ ...once, target: name }));
  expect(new Set((await lookUnder(faults)).values())).toEqual(new Set(["complete"]));
  expect(await readPosture(db.pool)).toEqual(clean);
});

it("clouds that fail on any call make nothing look better", { timeout: 240_000 }, async () => {
  const requests = await estate.during(look);
  const calls = new Map<string, { service: string; action: string }>();
  for (const { service, action } of requests)
    if (service !== "kubernetes") calls.set(`${service} ${action}`, { service, action });
  // One call of each cloud at a time: they do not touch each other's accounts.
  const lists = ({ action }: { action: string }) => /ListClusters|managedClusters\/read|clusters\.list/.test(action);
  const clouds = [
    ["entra", "arm"],
    ["sts", "eks", "ec2"],
    ["gcp-sts", "gke"],
  ].map((services) =>
    [...calls.values()]
      .filter(({ service }) => services.includes(service))
      .sort((a, b) => Number(lists(b)) - Number(lists(a))),
  );
  expect(clouds.map(([first]) => first !== undefined && lists(first))).toEqual([true, true, true]);
  const rounds = Math.max(...clouds.map((of) => of.length));
  const bad: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const hit = clouds.flatMap((of) => of[round] ?? []);
    // The list of clusters fails in every way; each further call in a third of them.
    for (const kind of KINDS.filter((_, index) => round === 0 || (index + round) % 3 === 0)) {
      const states = await lookUnder(hit.map((call) => ({ ...call, kind })));
      const said = [...states.values()].filter((status) => status !== "complete").length;
      const what = `${kind} of ${hit.map(({ action }) => action).join(", ")}`;
      if (kind !== "repeat-page" && said < hit.length) bad.push(`${what}: only ${said} looks say so`);
      bad.push(...improvements(clean, await readPosture(db.pool)).map((better) => `${what}: ${better}`));
    }
    bad.push(...(await unhealed()));
  }
  expect(bad).toEqual([]);
});
