import { describe, expect, test } from "vitest";
import { addCoverage, addUnknownKind, type Coverage, coverageRatio } from "./coverage";
import {
  type Cell,
  type Cells,
  cellState,
  fleetScore,
  groupCurrent,
  groupIncreases,
  groupStates,
  type OutcomeCode,
  potentialIncrease,
  type ScoredControl,
  scoreOf,
  type Totals,
  weightOf,
} from "./score";

const control = (id: string, more: Partial<ScoredControl> = {}): [string, ScoredControl] => [
  id,
  { id, scoreGroup: "access-and-permissions", maturity: "stable", ...more },
];
const controls = new Map([
  control("SW-0001"),
  control("SW-0002"),
  control("SW-0003", { maturity: "preview" }),
  control("SW-0004", { scoreGroup: "network-access" }),
]);
const cells = (given: Record<string, OutcomeCode | Cell>): Cells =>
  new Map(
    Object.entries(given).map(([id, cell]) => [
      id,
      typeof cell === "string" ? { outcome: cell, open: cell === "u" } : cell,
    ]),
  );

describe("state of a resource in a group", () => {
  test("one failing control makes it unhealthy, whatever could not be evaluated", () => {
    expect(groupStates(cells({ "SW-0001": "u", "SW-0002": "e:denied" }), controls)).toEqual({
      "access-and-permissions": "unhealthy",
    });
  });
  test("otherwise what could not be evaluated takes it out", () => {
    expect(groupStates(cells({ "SW-0001": "h", "SW-0002": "e:denied" }), controls)).toEqual({
      "access-and-permissions": "out",
    });
  });
  test("preview and not applicable stay out, groups are apart", () => {
    expect(groupStates(cells({ "SW-0001": "n", "SW-0003": "u", "SW-0004": "h" }), controls)).toEqual({
      "network-access": "healthy",
    });
  });
  test("an open finding that was not re-checked stays unhealthy", () => {
    expect(cellState({ outcome: "e:denied", open: true })).toBe("unhealthy");
    expect(cellState({ outcome: "e:denied", open: false })).toBe("out");
  });
  test("mitigated counts as healthy, a waiver leaves, and neither makes the unknown green", () => {
    expect(cellState({ outcome: "u", open: true, exemption: "mitigated" })).toBe("healthy");
    expect(cellState({ outcome: "u", open: true, exemption: "waiver" })).toBeNull();
    expect(cellState({ outcome: "e:denied", open: true, exemption: "mitigated" })).toBe("out");
  });
});

describe("score", () => {
  test("4 healthy and 74 unhealthy at max 6 give 0.31", () => {
    expect(groupCurrent({ healthy: 4, unhealthy: 74, out: 0 }, 6)?.toFixed(2)).toBe("0.31");
  });
  test("Σ current ÷ Σ max over the groups that have assessments", () => {
    const totals = {
      "access-and-permissions": { healthy: 1, unhealthy: 1, out: 0 },
      "denial-of-service": { healthy: 1, unhealthy: 0, out: 5 },
      "data-in-transit": { healthy: 0, unhealthy: 0, out: 9 },
      "best-practices": { healthy: 0, unhealthy: 7, out: 0 },
    };
    expect(scoreOf(totals)).toBeCloseTo(((2 + 2) / (4 + 2)) * 100, 5);
    expect(weightOf(totals)).toBe(2 + 6 + 9);
  });
  test("nothing assessed is no score, not 0 and not 100", () => {
    expect(scoreOf({})).toBeNull();
    expect(scoreOf({ "best-practices": { healthy: 3, unhealthy: 1, out: 0 } })).toBeNull();
    expect(fleetScore([{ score: null, weight: 10 }])).toBeNull();
  });
  test("fleet is the mean weighted by resources", () => {
    expect(
      fleetScore([
        { score: 100, weight: 1 },
        { score: 0, weight: 3 },
      ]),
    ).toBe(25);
  });
  test("potential increases of two failures in one group need not add up; both fixed reach 100", () => {
    const totals = { "access-and-permissions": { healthy: 0, unhealthy: 2, out: 0 } };
    expect(potentialIncrease(totals, "access-and-permissions", 2)).toBe(100);
    expect(potentialIncrease(totals, "access-and-permissions", 1)).toBe(50);
    expect(potentialIncrease(totals, "network-access", 1)).toBe(0);
  });
});

test("what the groups can raise is together what the score of several accounts lacks of 100", () => {
  const one = {
    "access-and-permissions": { healthy: 1, unhealthy: 3, out: 1 },
    "network-access": { healthy: 5, unhealthy: 5, out: 0 },
  };
  const other = { "network-access": { healthy: 9, unhealthy: 1, out: 0 } };
  const unseen = { "encryption-at-rest": { healthy: 0, unhealthy: 0, out: 4 } };
  const byAccount = new Map<string, Totals>(Object.entries({ one, other, unseen }));
  const increases = groupIncreases(byAccount);
  const score = fleetScore([...byAccount.values()].map((each) => ({ score: scoreOf(each), weight: weightOf(each) })));
  expect([...increases.values()].reduce((sum, each) => sum + each, 0)).toBeCloseTo(100 - (score ?? 0), 4);
  expect(increases.get("encryption-at-rest")).toBe(0);
  expect(groupIncreases(new Map([["one", one]])).get("access-and-permissions")).toBeCloseTo((100 * 3) / 8, 4);
});

describe("coverage", () => {
  test("counts what was evaluated, what was not, and one unit per control of a kind never known", () => {
    const coverage: Coverage = { expected: 0, evaluated: 0 };
    expect(coverageRatio(coverage)).toBeNull();
    addCoverage(
      coverage,
      cells({ "SW-0001": "h", "SW-0002": "e:fact_absent", "SW-0003": "h", "SW-0004": "n" }),
      controls,
    );
    expect(coverage).toEqual({ expected: 2, evaluated: 1 });
    addCoverage(coverage, cells({ "SW-0001": { outcome: "e:denied", open: true } }), controls);
    expect(coverage).toEqual({ expected: 3, evaluated: 1 });
    addUnknownKind(coverage, controls.values());
    expect(coverage).toEqual({ expected: 6, evaluated: 1 });
  });
});
