import { afterAll, beforeAll, expect, it } from "vitest";
import type { EstateRequest } from "@/connectors/testing/estate";
import { FAULT_CLASSES, FAULT_GAPS } from "@/connectors/testing/fault-gaps";
import { type Gap, type GapCode, LISTED_KINDS } from "@/domain/inventory/schema";
import { Fleet, type FleetCluster, type Said } from "./testing/fleet";
import { coverageFell, differences, improvements, rememberPosture } from "./testing/posture";

const HANG_MS = 1000;
/** A reason must say what a person, or Seawall, does next. */
const NEXT =
  /\b(Check|Grant|Add|Raise|Test|Enter|Edit|Connect|Look|Scan again|[Tt]ry again|check|[Tt]he next scan tries again)\b/;

/** Asks only whether more may be read than is asked for (kubelets' settings): without an answer that stays unread, as it mostly is. */
const EXTRA: ReadonlySet<string> = new Set(["create selfsubjectaccessreviews"]);

interface Call {
  service: string;
  action: string;
  /** Clusters that the call is about; empty when it is about none in particular. */
  about: Set<string>;
}
let fleet: Fleet;
/** What a look at the whole fleet asked, each call once: what is asked one day is tested from that day. */
let calls: Call[];

/** Whether a reason names what was asked: the resource of a Kubernetes call, the operation of a cloud's. */
const isAbout = ({ what }: Gap, { service, action }: Call): boolean =>
  service !== "kubernetes" || what.includes(action.replace(/^\w+ \/?/, ""));

function callsOf(requests: EstateRequest[]): Call[] {
  const found = new Map<string, Call>();
  for (const { service, action, target } of requests) {
    const id = `${service} ${action}`;
    const call = found.get(id) ?? { service, action, about: new Set() };
    found.set(id, call);
    for (const { name } of fleet.clusters) if (target.includes(name)) call.about.add(name);
  }
  return [...found.values()];
}

it("the classes of faults are all of them, each once and among those of its gap", () => {
  expect(FAULT_CLASSES.flat().sort()).toEqual(Object.keys(FAULT_GAPS).sort());
  for (const alike of FAULT_CLASSES) expect(new Set(alike.map((kind) => FAULT_GAPS[kind]?.[0])).size).toBe(1);
});

beforeAll(async () => {
  fleet = await Fleet.start();
  let said: Said[] = [];
  const requests = await fleet.during(async () => {
    said = await fleet.look();
  });
  expect(said.map(({ status, reasons }) => ({ status, reasons }))).toEqual(
    said.map(() => ({ status: "complete", reasons: [] })),
  );
  expect([...new Set(fleet.clusters.map(({ distribution }) => distribution))].sort()).toEqual([
    "aks",
    "arc",
    "eks",
    "gke",
  ]);
  calls = callsOf(requests);
  await rememberPosture(fleet.db.pool);
});
afterAll(() => fleet?.stop());

interface Trial {
  call: Call;
  kind: string;
  codes: readonly GapCode[];
}
/** A fault of every class of every call; those of a class take turns over the calls. */
const trialsOf = (tried: readonly Call[]): Trial[] =>
  tried.flatMap((call, turn) =>
    FAULT_CLASSES.flatMap((alike) => {
      const kind = alike[turn % alike.length];
      return kind === undefined ? [] : { call, kind, codes: FAULT_GAPS[kind] ?? [] };
    }),
  );

/** What a look under a fault said wrong, or made of the clusters that it looked at. */
async function wrong({ call, kind, codes }: Trial, said: Said[], clusters: FleetCluster[]): Promise<string[]> {
  const ids = clusters.map(({ id }) => id);
  const found = await improvements(fleet.db.pool, ids);
  for (const { stats } of said)
    if (stats.gone || stats.resolved) found.push(`something went: ${JSON.stringify(stats)}`);
  const reasons = said.flatMap((each) => each.reasons);
  for (const { message } of reasons) if (!NEXT.test(message)) found.push(`says nothing of what to do next: ${message}`);
  // What has no pages is not changed by one that repeats, nor a short list where each may be read by name; both are then said to be whole.
  const untouched =
    (kind === "repeat-page" || kind === "filtered") && said.every(({ status }) => status === "complete");
  if (!untouched && !EXTRA.has(call.action) && !reasons.some((gap) => codes.includes(gap.code) && isAbout(gap, call)))
    found.push(`no reason of ${codes} among ${JSON.stringify(reasons)}`);
  return found.map((each) => `${clusters.map(({ name }) => name)}: ${call.action} ${kind}: ${each}`);
}

/** Tries all that belong to one place in turn, all places at once: what hangs waits for a time-out of a third of a second. */
async function tryAll<T extends Trial>(trials: T[], place: (trial: T) => string, run: (trial: T) => Promise<string[]>) {
  const bad: string[] = [];
  for (const hangs of [false, true]) {
    await fleet.patience(hangs ? { cloudMs: HANG_MS, kubernetesMs: HANG_MS, attempts: 1 } : { attempts: 1 });
    const queues = new Map<string, T[]>();
    for (const trial of trials.filter(({ kind }) => (kind === "hang") === hangs))
      queues.set(place(trial), [...(queues.get(place(trial)) ?? []), trial]);
    const work = async (queue: T[]) => {
      for (const trial of queue) bad.push(...(await run(trial)));
    };
    await Promise.all([...queues.values()].map(work));
  }
  expect(bad).toEqual([]);
}

async function allIsAsItWas(): Promise<void> {
  expect((await fleet.look()).map(({ status, reasons }) => ({ status, reasons }))).toEqual(
    Array(9).fill({ status: "complete", reasons: [] }),
  );
  expect(await differences(fleet.db.pool)).toEqual([]);
}

it("no fault of any call to a Kubernetes API makes anything look better", { timeout: 600_000 }, async () => {
  const asked = calls.filter(({ service }) => service === "kubernetes");
  expect(asked.map(({ action }) => action)).toEqual(
    expect.arrayContaining([
      ...LISTED_KINDS.map(({ resource }) => `list ${resource}`),
      "get namespaces",
      "get /version",
    ]),
  );
  // The clusters share them, so that every call and every fault meets every distribution.
  const trials = trialsOf(asked).flatMap((trial, index) => {
    const turn = index + Math.floor(index / FAULT_CLASSES.length);
    const cluster = fleet.clusters[turn % fleet.clusters.length];
    return cluster === undefined ? [] : { ...trial, cluster };
  });
  expect(trials).toHaveLength(asked.length * FAULT_CLASSES.length);
  await tryAll(
    trials,
    ({ cluster }) => cluster.id,
    async (trial) => {
      const { call, kind, cluster } = trial;
      const fault = { service: call.service, action: call.action, target: cluster.name, kind };
      const said = await fleet.under(fault, () => fleet.scan(cluster));
      const found = await wrong(trial, [said], [cluster]);
      // A page that repeats still shows its objects; any other fault hides some that were judged.
      const listed = LISTED_KINDS.find(({ resource }) => call.action === `list ${resource}`);
      if (
        listed !== undefined &&
        kind !== "repeat-page" &&
        (await coverageFell(fleet.db.pool, cluster.id, listed.kind)) === false
      )
        found.push(`${cluster.name}: ${call.action} ${kind}: the coverage is what it was`);
      // Other clusters fail otherwise at the same time: nothing of that may show here.
      if (listed !== undefined && kind !== "hang") {
        for (const gap of said.reasons) if (!isAbout(gap, call)) found.push(`${cluster.name}: ${JSON.stringify(gap)}`);
      }
      return found;
    },
  );
  await allIsAsItWas();
});

it("a cluster that throttles once is read whole all the same", async () => {
  const [cluster] = fleet.clusters;
  if (cluster === undefined) throw new Error("no cluster");
  const once = { service: "kubernetes", action: "list pods", kind: "429-seconds", target: cluster.name, times: 1 };
  expect(await fleet.under(once, () => fleet.scan(cluster))).toMatchObject({ status: "complete", reasons: [] });
});

const CLOUDS: Record<string, string[]> = {
  azure: ["entra", "arm"],
  aws: ["sts", "eks", "ec2"],
  gcp: ["gcp-sts", "gke"],
};

it("no fault of any call to a cloud makes anything look better", { timeout: 600_000 }, async () => {
  const asked = calls.filter(({ service }) => service !== "kubernetes");
  const trials = trialsOf(asked).flatMap((trial) => {
    const account = fleet.accounts.find(({ provider }) => CLOUDS[provider]?.includes(trial.call.service));
    return account === undefined ? [] : { ...trial, account };
  });
  expect(trials).toHaveLength(asked.length * FAULT_CLASSES.length);
  await tryAll(
    trials,
    ({ account }) => account.id,
    async (trial) => {
      const { call, kind, account } = trial;
      // One of each distribution of the clusters that the call names. What EC2 is asked belongs to some cluster, unnamed.
      const about = account.clusters.filter(({ name }) => call.about.has(name) || call.service === "ec2");
      const oneOfEach = new Map((about.length > 0 ? about : account.clusters).map((one) => [one.distribution, one]));
      const clusters = call.service === "ec2" ? about : [...oneOfEach.values()];
      const said = await fleet.under({ service: call.service, action: call.action, kind }, async () => {
        const discovered = await fleet.discover(account);
        return [discovered, ...(await Promise.all(clusters.map((cluster) => fleet.scan(cluster))))];
      });
      return wrong(trial, said, clusters);
    },
  );
  await allIsAsItWas();
  const { rows } = await fleet.db.pool.query(
    `SELECT "change", "reason" FROM "FindingTransition" WHERE "change" <> 'opened'`,
  );
  expect(rows).toEqual([]);
});
