import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changesBetween } from "./change";
import { StateReader } from "./evidence/state";
import { placeOf, placeSearch } from "./place";
import {
  type ClusterEvidence,
  type ControlState,
  combined,
  complianceCoverage,
  complianceScore,
  emptyTally,
  overall,
  rollUp,
  verdictOn,
} from "./rollup";
import { ATTESTED, type Attested, type Benchmark, type Requirement } from "./schema";

const STATES = ["failed", "not_evaluated", "exempted", "passed", "not_applicable"] as const;
const manual = { why: "Nobody sees it.", look: "Go and look.", facts: [], instead: false };
const benchmark = (requirements: Requirement[], more: Partial<Benchmark> = {}): Benchmark => ({
  ...{ id: "b", title: "B", version: "1", publisher: "P", url: "https://x", about: "x", renumbered: {} },
  sections: [{ id: "1", title: "S", requirements }],
  ...more,
});
const cluster = (id: string, states: Record<string, ControlState>, distribution = "aks"): ClusterEvidence => ({
  ...{ id, accountId: "a", distribution },
  stateOf: (control) => states[control] ?? "not_evaluated",
});
const nobody = () => null;
const itself = (state: ControlState): ControlState => state;

describe("a requirement on a cluster", () => {
  it("fails by any control, and passes only when all that apply were seen and hold", () => {
    expect(combined(["passed", "failed", "not_evaluated"], itself)).toBe("failed");
    expect(combined(["passed", "not_evaluated"], itself)).toBe("not_evaluated");
    expect(combined(["passed", "not_applicable"], itself)).toBe("passed");
    expect(combined(["not_applicable", "not_applicable"], itself)).toBe("not_applicable");
    expect(combined([], itself)).toBe("not_applicable");
    expect(combined(["passed", "exempted"], itself)).toBe("exempted");
    expect(combined(["exempted", "not_evaluated"], itself)).toBe("not_evaluated");
    expect(combined(["exempted", "failed"], itself)).toBe("failed");
  });

  it("lets a person who attests the rest speak for what no control could look at, where the benchmark says so", () => {
    const requirement = { controls: ["SW-0001"], manual: { ...manual, unseen: true } };
    const say = (seen: ControlState, attested: Attested | null) => verdictOn(requirement, () => seen, attested);
    expect(say("not_evaluated", "met")).toEqual({ state: "passed", attested: true });
    expect(say("not_evaluated", null)).toEqual({ state: "not_evaluated", attested: false });
    expect(say("passed", null)).toEqual({ state: "manual", attested: false });
    expect(say("failed", "met")).toEqual({ state: "failed", attested: false });
  });

  it("cannot be talked away: an attestation speaks only where no control fails or was kept from looking", () => {
    const state = fc.constantFrom(...STATES);
    const said = fc.option(fc.constantFrom(...ATTESTED));
    fc.assert(
      fc.property(fc.array(state, { minLength: 1, maxLength: 4 }), said, fc.boolean(), (states, attested, asks) => {
        const controls = states.map((_each, at) => `SW-000${at}`);
        const stateOf = (id: string): ControlState => states[Number(id.slice(-1))] ?? "not_evaluated";
        const requirement = asks ? { controls, manual } : { controls };
        const verdict = verdictOn(requirement, stateOf, attested);
        const seen = combined(states, itself);
        if (seen === "failed" || seen === "not_evaluated" || !asks)
          expect(verdict).toEqual({ state: seen, attested: false });
        else expect(verdict.attested).toBe(attested !== null);
        if (verdict.state === "passed") expect(states).not.toContain("not_evaluated");
      }),
    );
  });

  it("stays exempted whoever attests that the rest is met", () => {
    const requirement = { controls: ["SW-0001"], manual };
    expect(verdictOn(requirement, () => "exempted", "met")).toEqual({ state: "exempted", attested: true });
    expect(verdictOn(requirement, () => "exempted", "not_met")).toEqual({ state: "failed", attested: true });
    expect(verdictOn(requirement, () => "exempted", null)).toEqual({ state: "manual", attested: false });
  });

  it("is for a person where controls could not look and the benchmark says so, never against what they saw", () => {
    const requirement = { controls: ["SW-0001"], manual: { ...manual, instead: true } };
    const say = (seen: ControlState, attested: Attested | null) => verdictOn(requirement, () => seen, attested);
    expect(say("not_evaluated", null)).toEqual({ state: "not_evaluated", attested: false });
    expect(say("not_evaluated", "met")).toEqual({ state: "passed", attested: true });
    for (const seen of ["failed", "passed", "not_applicable"] as const)
      expect(say(seen, "met")).toEqual({ state: seen, attested: false });
  });

  it("waits for a person, and says what the person said", () => {
    const say = (attested: Attested | null) => verdictOn({ manual }, () => "passed", attested).state;
    expect([say(null), say("met"), say("not_met"), say("not_applicable")]).toEqual([
      "manual",
      "passed",
      "failed",
      "not_applicable",
    ]);
  });
});

describe("what a control says of a cluster", () => {
  const controls = new Map([
    ["SW-0001", { appliesTo: { resources: ["Workload" as const] }, maturity: "stable" as const }],
    ["SW-0002", { appliesTo: { resources: ["Role" as const, "ClusterRole" as const] }, maturity: "stable" as const }],
    ["SW-0003", { appliesTo: { resources: ["ManagedCluster" as const] }, maturity: "stable" as const }],
    [
      "SW-0004",
      {
        appliesTo: { resources: ["ManagedCluster" as const], distributions: ["gke" as const] },
        maturity: "stable" as const,
      },
    ],
  ]);
  const reader = new StateReader(controls); // one for all: what it keeps of a text must not leak into another
  const read = (states: string, judged: string, unlisted = "") =>
    reader.read({ distribution: "aks", states, judged, unlisted }).with;
  const ALL = "SW-0001,SW-0002,SW-0003,SW-0004";

  it("is its roll-up, in whatever order it comes", () => {
    const turned = read("SW-0003e,SW-0001u,SW-0002h", ALL);
    expect(["SW-0001", "SW-0002", "SW-0003"].map(turned)).toEqual(["failed", "passed", "not_evaluated"]);
    const state = read("SW-0001u,SW-0002h,SW-0003e", ALL);
    expect(["SW-0001", "SW-0002", "SW-0003"].map(state)).toEqual(["failed", "passed", "not_evaluated"]);
  });

  it("is unknown wherever nobody looked: no scan, a newer control, a kind that could not be listed, no answer of the cloud", () => {
    expect(read("", "")("SW-0001")).toBe("not_evaluated");
    expect(read("SW-0002h", "SW-0002")("SW-0001")).toBe("not_evaluated");
    expect(read("", ALL, "CronJob")("SW-0001")).toBe("not_evaluated");
    expect(read("SW-0002h", ALL, "ClusterRole")("SW-0002")).toBe("not_evaluated");
    expect(read("SW-0002u", ALL, "ClusterRole")("SW-0002")).toBe("failed");
    expect(read("", ALL)("SW-0003")).toBe("not_evaluated");
    expect(read(`SW-9999h`, ALL)("SW-9999")).toBe("not_evaluated");
    const kubelet = new Map([
      ["SW-0009", { appliesTo: { resources: ["Kubelet" as const] }, maturity: "stable" as const }],
    ]);
    const told = { distribution: "aks", states: "", judged: "SW-0009", unlisted: "" };
    const hidden = new StateReader(kubelet).read(told).with;
    expect(hidden("SW-0009")).toBe("not_evaluated");
  });

  it("is not applicable only where all was listed and nothing is there, or it is for another distribution", () => {
    expect(read("", ALL)("SW-0001")).toBe("not_applicable");
    expect(read("", ALL)("SW-0004")).toBe("not_applicable");
    expect(read("SW-0001n", ALL)("SW-0001")).toBe("not_applicable");
  });

  it("is not applicable of a control plane that a cloud runs, and unknown of one's own whose processes were not seen", () => {
    const flags = new Map([
      ["SW-0009", { appliesTo: { resources: ["KubeApiServer" as const] }, maturity: "stable" as const }],
    ]);
    const own = new StateReader(flags);
    const said = (distribution: string, states = "") =>
      own.read({ distribution, states, judged: "SW-0009", unlisted: "" }).with("SW-0009");
    expect(["aks", "eks", "gke", "arc"].map((each) => said(each))).toEqual([
      ...["not_applicable", "not_applicable", "not_applicable"],
      "not_evaluated",
    ]);
    expect([said("arc", "SW-0009u"), said("eks", "SW-0009u")]).toEqual(["failed", "failed"]);
  });

  it.each([
    ["U", "", "failed", "failed"],
    ["E", "", "not_evaluated", "failed"],
    ["H", "", "exempted", "failed"],
    ["N", "", "exempted", "failed"],
    ["h", "", "passed", "passed"],
    ["H", "Pod", "not_evaluated", "failed"],
  ])(
    "fails without the exemptions that a capital tells of, and never passes by them: %s, unlisted: %s",
    (letter, unlisted, withThem, without) => {
      const said = reader.read({ distribution: "aks", states: `SW-0001${letter}`, judged: ALL, unlisted });
      expect([said.with("SW-0001"), said.without("SW-0001")]).toEqual([withThem, without]);
    },
  );

  it("says nothing of exemptions on a cluster that it is not for", () => {
    const said = reader.read({ distribution: "aks", states: "SW-0004H", judged: ALL, unlisted: "" });
    expect([said.with("SW-0004"), said.without("SW-0004")]).toEqual(["not_applicable", "not_applicable"]);
  });
});

describe("many clusters", () => {
  const two = benchmark(
    [
      { id: "1.1", title: "One", controls: ["SW-0001"] },
      { id: "1.2", title: "Two", manual },
    ],
    { distributions: ["aks"] },
  );

  it("leaves out clusters that the benchmark is not meant for, and shows the worst", () => {
    const clusters = [
      cluster("x", { "SW-0001": "passed" }),
      cluster("y", { "SW-0001": "failed" }),
      cluster("z", { "SW-0001": "failed" }, "gke"),
    ];
    const rolled = rollUp(two, clusters, (_b, _r, { id }) => (id === "x" ? "met" : null));
    expect(rolled.clusters).toBe(2);
    expect(rolled.total).toEqual({
      ...emptyTally(),
      failed: 1,
      passed: 2,
      manual: 1,
      attested: 1,
    });
    expect([...rolled.byRequirement.values()].map(overall)).toEqual(["failed", "manual"]);
    expect(complianceScore(rolled.total)).toBe(66.67);
    expect(complianceCoverage(rolled.total)).toBe(0.75);
  });

  it("never scores higher, and covers less, when a control can no longer look", () => {
    const state = fc.constantFrom(...STATES);
    fc.assert(
      fc.property(fc.array(state, { minLength: 1, maxLength: 30 }), fc.nat(), (states, at) => {
        const which = at % states.length;
        if (states[which] === "failed") return; // an open finding stays open: it goes on failing
        const list = states.map((_each, index) => ({
          id: `r${index}`,
          title: "One",
          controls: [`SW-${1000 + index}`],
        }));
        const of = (all: readonly ControlState[]) =>
          rollUp(
            benchmark(list),
            [cluster("x", Object.fromEntries(all.map((each, index) => [`SW-${1000 + index}`, each])))],
            nobody,
          ).total;
        const [before, after] = [of(states), of(states.with(which, "not_evaluated"))];
        expect(complianceScore(after) ?? 0).toBeLessThanOrEqual(complianceScore(before) ?? 100);
        expect(complianceCoverage(after) ?? 0).toBeLessThanOrEqual(complianceCoverage(before) ?? 1);
      }),
    );
  });
});

describe("two versions", () => {
  it("differ by what came, went, was renumbered and is decided otherwise", () => {
    const before = benchmark([
      { id: "1", title: "Same", controls: ["SW-0001"] },
      { id: "2", title: "Moves", controls: ["SW-0002"] },
      { id: "3", title: "Goes", manual },
    ]);
    const now = benchmark(
      [
        { id: "1", title: "Same", controls: ["SW-0001"] },
        { id: "9", title: "Moves", controls: ["SW-0002", "SW-0003"], manual },
        { id: "4", title: "Comes", manual },
      ],
      { renumbered: { "9": "2" } },
    );
    expect(changesBetween(before, now)).toEqual([
      {
        kind: "changed",
        id: "9",
        title: "Moves",
        differences: ["was 2", "decided by controls and a person, before by controls", "judged also by SW-0003"],
      },
      { kind: "added", id: "4", title: "Comes", differences: [] },
      { kind: "removed", id: "3", title: "Goes", differences: [] },
    ]);
  });
});

describe("a place in an address", () => {
  it("comes back as it went, and what does not parse is everything", () => {
    const id = "018f3b1c-0000-7000-8000-000000000001";
    for (const place of [{ scope: "fleet" }, { scope: "account", id }, { scope: "cluster", id }] as const)
      expect(placeOf(Object.fromEntries(new URLSearchParams(placeSearch(place))))).toEqual(place);
    expect(placeOf({ account: "' OR 1=1", cluster: ["x"] })).toEqual({ scope: "fleet" });
  });
});
