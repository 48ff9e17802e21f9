import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DISTRIBUTIONS, type Distribution, type Gap, LISTED_KINDS } from "@/domain/inventory/schema";
import { ConnectorError, type Discovery } from "./connector";
import { openReader } from "./kubernetes/reader";
import { reviewAccess } from "./kubernetes/review";
import { bound, count, expectedIn, gapsOf, namesOf, openWorld, readerOptions, type World } from "./testing/bound";
import { Estate, type EstateRequest } from "./testing/estate";
import { FAULT_GAPS } from "./testing/fault-gaps";

let estate: Estate;
let world: World;
beforeAll(async () => {
  estate = await Estate.start();
  world = await openWorld(estate);
});
afterAll(() => estate?.stop());

/** What a connector said of itself: the gaps, and whether unseen clusters may be called gone. */
async function said(
  work: () => Promise<Discovery>,
): Promise<{ gaps: Gap[]; complete: boolean; names: string[]; text: string }> {
  try {
    const discovery = await work();
    return {
      gaps: gapsOf(discovery),
      complete: discovery.complete,
      names: namesOf(discovery),
      // Without times: an agent's last word is another one each time.
      text: JSON.stringify(discovery).replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, ""),
    };
  } catch (error) {
    if (error instanceof ConnectorError) return { gaps: [error.gap], complete: false, names: [], text: "" };
    throw error;
  }
}

/** What hangs is not waited for; what answers, however slowly, is. */
const patienceFor = (kind?: string): number => (kind === "hang" ? 300 : 10_000);

/** A connector on an account that has clusters of the distribution, as patient as the fault wants it. */
function targetOf(distribution: Distribution, kind?: string) {
  const target = bound(world, distribution, patienceFor(kind)).find(
    ({ account }) => expectedIn(world, distribution, account.externalId).length > 0,
  );
  if (!target) throw new Error(`no account with ${distribution}`);
  return target;
}
const SERVICE: Record<Distribution, string> = { aks: "arm", arc: "arm", eks: "eks", gke: "gke" };
const actionsOf = (requests: EstateRequest[]) => [
  ...new Map(requests.map(({ service, action }) => [`${service} ${action}`, { service, action }])).values(),
];

describe.each(DISTRIBUTIONS)("faults of %s", (distribution) => {
  it("never lose their gap in a discovery", { timeout: 300_000 }, async () => {
    const { clusters } = await targetOf(distribution).discover();
    const discover = (kind?: string) => targetOf(distribution, kind).discover(clusters);
    const whole = await said(() => discover());
    const actions = actionsOf(await estate.during(() => discover()));
    expect(actions.length).toBeGreaterThan(1);
    const lost: string[] = [];
    for (const { service, action } of actions) {
      for (const [kind, codes] of Object.entries(FAULT_GAPS)) {
        const { gaps, complete, names, text } = await estate.withFault({ service, action, kind }, () =>
          said(() => discover(kind)),
        );
        const unpaged = kind === "repeat-page" && text === whole.text;
        const byName = kind === "filtered" && complete && names.join() === whole.names.join();
        if (!unpaged && !byName && !gaps.some((gap) => codes.includes(gap.code)))
          lost.push(`${action} ${kind}: ${gaps.map((gap) => gap.code)}`);
        if (complete && names.join() !== whole.names.join()) lost.push(`${action} ${kind}: a cluster is gone`);
      }
    }
    expect(lost).toEqual([]);
  });

  it("make no cluster gone by a list that rights have narrowed", async () => {
    const { discover } = targetOf(distribution);
    const { clusters } = await discover();
    const narrowed = { service: SERVICE[distribution], action: "*", kind: "filtered" };
    const found = await estate.withFault(narrowed, () => discover(clusters));
    expect({ ...found, gaps: found.gaps.map(({ code }) => code) }).toEqual({
      clusters: [],
      complete: false,
      gaps: clusters.map(() => "denied"),
      gone: [],
    });
    for (const { name } of clusters) expect(found.gaps.map(({ message }) => message).join()).toContain(name);
  });

  it("make no cluster gone of which the cloud does not say so by name, and that costs one question", {
    timeout: 60_000,
  }, async () => {
    const { discover } = targetOf(distribution);
    const { clusters } = await discover();
    const [first] = clusters;
    if (!first) throw new Error("no cluster");
    const ghost = { name: "ghost", aliases: first.aliases.map((alias) => alias.replace(/[^/]+$/, "ghost")) };
    const known = [...clusters, ghost];
    const usual = (await estate.during(() => discover(clusters))).length;
    expect((await estate.during(() => discover(known))).length).toBe(usual + 1);
    for (const [kind, codes] of Object.entries(FAULT_GAPS)) {
      if (kind === "cut") continue; // a refusal has nothing to cut
      const fault = { service: SERVICE[distribution], action: "*", target: "ghost", kind };
      const { gone, gaps, complete } = await estate.withFault(fault, () =>
        targetOf(distribution, kind).discover(known),
      );
      const isGone = kind === "404" || kind === "repeat-page";
      expect({ kind, gone, complete }).toEqual({ kind, gone: isGone ? ghost.aliases : [], complete: isGone });
      if (!isGone) expect(codes).toContain(gaps[0]?.code);
    }
  });

  it("never lose their gap in an access", { timeout: 120_000 }, async () => {
    const [cluster] = (await targetOf(distribution).discover()).clusters;
    if (!cluster) throw new Error("no cluster");
    const open = async (kind?: string) => {
      await (await targetOf(distribution, kind).access(cluster)).token();
    };
    const lost: string[] = [];
    for (const { service, action } of actionsOf(await estate.during(() => open()))) {
      for (const [kind, codes] of Object.entries(FAULT_GAPS)) {
        if (kind === "repeat-page") continue;
        const outcome = await estate.withFault({ service, action, kind }, () =>
          open(kind).then(
            () => "opened",
            (error: unknown) => error,
          ),
        );
        if (!(outcome instanceof ConnectorError)) lost.push(`${action} ${kind}: ${String(outcome)}`);
        else if (!codes.includes(outcome.gap.code)) lost.push(`${action} ${kind}: ${outcome.gap.code}`);
      }
    }
    expect(lost).toEqual([]);
  });

  it("reach the reader as gaps on the first and on a later page", { timeout: 120_000 }, async () => {
    const { discover, access } = targetOf(distribution);
    const [cluster] = (await discover()).clusters;
    if (!cluster) throw new Error("no cluster");
    const opened = await access(cluster);
    for (const [kind, codes] of Object.entries(FAULT_GAPS)) {
      for (const skip of [0, 1]) {
        const reader = openReader(opened, {
          ...readerOptions,
          pageSize: 5,
          timeoutMs: patienceFor(kind),
          retryLimit: 0,
        });
        const fault = { service: "kubernetes", action: "list pods", target: cluster.name, kind, skip };
        const result = await estate.withFault(fault, () => count(reader, "Pod"));
        await reader.close();
        expect({ kind, skip, ...result, codes: result.gaps.map((gap) => codes.includes(gap.code)) }).toMatchObject({
          complete: false,
          codes: [true],
        });
      }
    }
  });
});

it("no fault of version, identity or an access review passes for an answer", { timeout: 300_000 }, async () => {
  const { discover, access } = targetOf("aks");
  const [cluster] = (await discover()).clusters;
  if (!cluster) throw new Error("no cluster");
  const opened = await access(cluster);
  const options = (kind: string) => ({ ...readerOptions, timeoutMs: patienceFor(kind), retryLimit: 0 });
  const asked =
    (call: "version" | "clusterUid") =>
    async (kind: string): Promise<Gap[]> => {
      const reader = openReader(opened, options(kind));
      try {
        return await reader[call]().then(
          () => [],
          (error: unknown) => (error instanceof ConnectorError ? [error.gap] : []),
        );
      } finally {
        await reader.close();
      }
    };
  const calls = {
    "get /version": asked("version"),
    "get namespaces": asked("clusterUid"),
    "create selfsubjectaccessreviews": async (kind: string) => (await reviewAccess(opened, options(kind))).gaps,
  };
  const lost: string[] = [];
  for (const [action, call] of Object.entries(calls)) {
    for (const [kind, codes] of Object.entries(FAULT_GAPS)) {
      if (kind === "repeat-page") continue;
      const gaps = await estate.withFault({ service: "kubernetes", action, kind }, () => call(kind));
      const every = action.startsWith("get") ? 1 : LISTED_KINDS.length;
      if (gaps.filter((gap) => codes.includes(gap.code)).length !== every)
        lost.push(`${action} ${kind}: ${gaps.map((gap) => gap.code)}`);
    }
  }
  expect(lost).toEqual([]);
});

it("no fault of any listed kind makes it look complete", { timeout: 120_000 }, async () => {
  const { discover, access } = targetOf("aks");
  const [cluster] = (await discover()).clusters;
  if (!cluster) throw new Error("no cluster");
  const opened = await access(cluster);
  const lost: string[] = [];
  const tried = async ({ kind, resource }: (typeof LISTED_KINDS)[number], fault: string, codes: readonly string[]) => {
    const reader = openReader(opened, { ...readerOptions, timeoutMs: patienceFor(fault), retryLimit: 0 });
    const hit = { service: "kubernetes", action: `list ${resource}`, kind: fault };
    const { complete, gaps } = await estate.withFault(hit, () => count(reader, kind));
    await reader.close();
    if (complete || !gaps.some((gap) => codes.includes(gap.code)))
      lost.push(`${resource} ${fault}: ${gaps.map((gap) => gap.code)}`);
  };
  // All kinds at once, each with a reader of its own: what hangs is waited for together.
  for (const [fault, codes] of Object.entries(FAULT_GAPS))
    await Promise.all(LISTED_KINDS.map((kind) => tried(kind, fault, codes)));
  expect(lost).toEqual([]);
});
