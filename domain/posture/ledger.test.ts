import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { entriesOf, fleetLedger, type ResourceChange, replay, replayedScores, replayedTotals } from "./ledger";
import {
  type AccountWeight,
  addStates,
  type Cell,
  type Cells,
  groupStates,
  type OutcomeCode,
  POINTS,
  type ScoredControl,
  scoreOf,
  type Totals,
  weightOf,
} from "./score";

type Fleet = Record<string, Record<string, OutcomeCode | Cell>>;
const control = (id: string, scoreGroup: ScoredControl["scoreGroup"]): [string, ScoredControl] => [
  id,
  { id, scoreGroup, maturity: "stable" },
];
const controls = new Map([
  control("A1", "access-and-permissions"),
  control("A2", "access-and-permissions"),
  control("N1", "network-access"),
  control("D1", "denial-of-service"),
]);
const toCells = (given: Record<string, OutcomeCode | Cell>): Cells =>
  new Map(
    Object.entries(given).map(([id, cell]) => [
      id,
      typeof cell === "string" ? { outcome: cell, open: cell === "u" } : cell,
    ]),
  );
const totalsOf = (fleet: Fleet, known = controls): Totals => {
  const totals: Totals = {};
  for (const cells of Object.values(fleet)) addStates(totals, groupStates(toCells(cells), known));
  return totals;
};
const changesOf = (before: Fleet, after: Fleet): ResourceChange[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].map((key) => ({
    before: before[key] === undefined ? null : toCells(before[key]),
    after: after[key] === undefined ? null : toCells(after[key]),
  }));

function move(before: Fleet, after: Fleet, changed: string[] = [], known = controls) {
  const movements = replay(changesOf(before, after), { before: controls, after: known, changed: new Set(changed) });
  const states = replayedTotals(totalsOf(before), movements, totalsOf(after, known));
  const scores = replayedScores(states);
  const entries = entriesOf(scores, movements);
  return {
    before: scoreOf(totalsOf(before)),
    after: scoreOf(totalsOf(after, known)),
    states,
    scores,
    movements,
    entries,
    steps: entries.map((entry) => entry.step),
    sum: entries.reduce((sum, entry) => sum + entry.delta, 0),
  };
}

describe("worked examples", () => {
  test("a permission is lost: the open finding counts on, the score does not rise", () => {
    const result = move(
      { a: { A1: "u" }, b: { A1: "h" }, c: { A1: "h" } },
      { a: { A1: { outcome: "e:denied", open: true } }, b: { A1: "e:denied" }, c: { A1: "e:denied" } },
    );
    expect(result.after).toBe(0);
    expect(result.steps).toEqual(["coverage"]);
    expect(result.sum).toBe((result.after ?? 0) - (result.before ?? 0));
  });
  test("a cluster becomes unreachable and everything was healthy: no score, not 100", () => {
    const result = move({ a: { A1: "h" } }, { a: { A1: "e:unreachable" } });
    expect(result.after).toBeNull();
    expect(result.entries).toEqual([{ step: "coverage", delta: -100, resources: 1, lost: 1 }]);
  });
  test("two controls of one group fail on one resource: fixing one moves nothing, fixing both does", () => {
    expect(move({ a: { A1: "u", A2: "u" } }, { a: { A1: "h", A2: "u" } }).entries).toEqual([]);
    expect(move({ a: { A1: "u", A2: "u" } }, { a: { A1: "h", A2: "h" } }).entries).toEqual([
      { step: "fixed", delta: 100, resources: 1 },
    ]);
  });
  test("the last resource of a group goes: its group leaves the score", () => {
    const result = move({ a: { A1: "u" }, b: { N1: "h" } }, { b: { N1: "h" } });
    expect([result.before, result.after]).toEqual([50, 100]);
    expect(result.entries).toEqual([{ step: "gone", delta: 50, resources: 1 }]);
  });
  test("a control's expression changes: that is the reason, not a break", () => {
    const result = move({ a: { A1: "h" }, b: { A1: "h" } }, { a: { A1: "u" }, b: { A1: "h" } }, ["A1"]);
    expect(result.entries).toEqual([{ step: "controls", delta: -50, resources: 1 }]);
  });
  test("a control that becomes preview leaves through the controls step, for resources that did not change too", () => {
    const known = new Map(controls).set("A1", {
      id: "A1",
      scoreGroup: "access-and-permissions" as const,
      maturity: "preview" as const,
    });
    const result = move({ a: { A1: "u" }, b: { N1: "h" } }, { a: { A1: "u" }, b: { N1: "h" } }, [], known);
    expect(result.entries).toEqual([{ step: "controls", delta: 50, resources: 1 }]);
  });
  test("an exemption is granted", () => {
    const result = move(
      { a: { A1: "u" }, b: { A1: "u" } },
      { a: { A1: { outcome: "u", open: true, exemption: "mitigated" } }, b: { A1: "u" } },
    );
    expect(result.entries).toEqual([{ step: "exemptions", delta: 50, resources: 1 }]);
  });
  test("steps come in the fixed order", () => {
    const result = move(
      {
        gone: { A1: "u" },
        fix: { A1: "u" },
        break: { A1: "h", N1: "h" },
        lose: { A1: "h" },
        keep: { A1: "h", N1: "u" },
      },
      {
        new: { A1: "u" },
        fix: { A1: "h" },
        break: { A1: "u", N1: "h" },
        lose: { A1: "e:error" },
        keep: { A1: "h", N1: "u" },
      },
    );
    expect(result.steps).toEqual(["gone", "appeared", "fixed", "broken", "coverage"]);
    expect(result.sum).toBe((result.after ?? 0) - (result.before ?? 0));
  });
  test("points that change are the last step", () => {
    const before = totalsOf({ a: { A1: "u" }, b: { N1: "h" } });
    const movements = replay([], { before: controls, after: controls, changed: new Set() });
    const scores = replayedScores(replayedTotals(before, movements, before), { ...POINTS, "network-access": 12 });
    expect(entriesOf(scores, movements)).toEqual([{ step: "weights", delta: 50 - 75, resources: 0 }]);
  });
  test("a new account enters the fleet through its weight", () => {
    const result = move({}, { a: { A1: "u" } });
    const fleet = fleetLedger(
      { scores: result.scores, weightBefore: 0, weightAfter: 1 },
      [{ score: 100, weight: 1 }],
      result.movements,
      100,
    );
    expect(fleet.score).toBe(50);
    expect(fleet.entries.filter((entry) => entry.delta !== 0)).toEqual([{ step: "weights", delta: -50, resources: 0 }]);
  });
});

const code = fc.constantFrom<OutcomeCode>("h", "u", "n", "e:error", "e:denied");
const cell = fc.record({
  outcome: code,
  open: fc.boolean(),
  exemption: fc.option(fc.constantFrom("mitigated" as const, "waiver" as const), { nil: undefined, freq: 8 }),
});
const cellsOf = fc.dictionary(fc.constantFrom(...controls.keys()), cell);
const fleetOf = fc.dictionary(fc.constantFrom("a", "b", "c", "d", "e", "f", "g"), cellsOf);
const others = fc.array(
  fc.record({ score: fc.option(fc.integer({ min: 0, max: 100 })), weight: fc.integer({ min: 0, max: 50 }) }),
  { maxLength: 3 },
);
/** What losing every permission on a resource does: nothing healthy stays, failures stay open. */
const lost = (cells: Record<string, Cell>): Record<string, Cell> =>
  Object.fromEntries(
    Object.entries(cells).map(([id, { outcome, open, exemption }]) => [
      id,
      outcome === "n"
        ? { outcome, open, exemption }
        : { outcome: "e:denied", open: outcome === "u" || open, exemption },
    ]),
  );
const tidy = (fleet: Record<string, Record<string, Cell>>) =>
  Object.fromEntries(
    Object.entries(fleet).map(([key, cells]) => [
      key,
      Object.fromEntries(
        Object.entries(cells).map(([id, one]) => [
          id,
          { ...one, open: one.outcome === "u" || (one.outcome.startsWith("e") && one.open) },
        ]),
      ),
    ]),
  );

describe("properties", () => {
  test("entries sum to the change exactly, of account and of fleet", () => {
    fc.assert(
      fc.property(fleetOf, fleetOf, fc.subarray([...controls.keys()]), others, (before, after, changed, rest) => {
        const result = move(before, after, changed);
        expect(result.sum).toBe((result.after ?? 0) - (result.before ?? 0));
        expect(result.scores.at(-1)).toBe(result.after);
        const weights = { weightBefore: weightOf(totalsOf(before)), weightAfter: weightOf(totalsOf(after)) };
        const fleet = fleetLedger({ scores: result.scores, ...weights }, rest, result.movements, 12.5);
        expect(fleet.entries.reduce((sum, entry) => sum + entry.delta, 0)).toBe((fleet.score ?? 0) - 12.5);
      }),
    );
  });
  test("losing permissions on any resources never raises a score: not the account's, not the fleet's", () => {
    fc.assert(
      fc.property(fleetOf.map(tidy), fc.func(fc.boolean()), others, (before, isLost, rest) => {
        const after = Object.fromEntries(
          Object.entries(before).map(([key, cells]) => [key, isLost(key) ? lost(cells) : cells]),
        );
        const result = move(before, after);
        // An account without a score leaves the fleet's mean; alone it would have been the whole of it.
        if (result.after !== null) expect(result.after).toBeLessThanOrEqual(result.before ?? -1);
        const of = (totals: Totals): AccountWeight => ({ score: scoreOf(totals), weight: weightOf(totals) });
        const fleet = (one: AccountWeight) =>
          fleetLedger(
            { scores: [one.score, one.score], weightBefore: 0, weightAfter: one.weight },
            rest,
            result.movements,
            0,
          );
        const [was, is] = [fleet(of(totalsOf(before))), fleet(of(totalsOf(after)))];
        if (was.score !== null) expect(is.score ?? 0).toBeLessThanOrEqual(was.score);
      }),
    );
  });
  test("fixing everything reaches 100", () => {
    fc.assert(
      fc.property(fleetOf, (before) => {
        const after = Object.fromEntries(
          Object.entries(before).map(([key, cells]) => [
            key,
            Object.fromEntries(Object.keys(cells).map((id) => [id, "h" as const])),
          ]),
        );
        const score = scoreOf(totalsOf(after));
        if (Object.values(after).some((cells) => Object.keys(cells).length > 0)) expect(score).toBe(100);
        else expect(score).toBeNull();
      }),
    );
  });
});
