import { describe, expect, it } from "vitest";
import { hundredths, toldParts, toldRatio, toldScore } from "./hundredths";

const cents = (value: number): number => Math.round(value * 100);

it("tells points with two decimals, either sign alike and zero without one", () => {
  expect([51.21220016479492, 0.031172752380371094, -0.125, 0.125].map(hundredths)).toEqual([51.21, 0.03, -0.13, 0.13]);
  expect(Object.is(hundredths(-0.001), 0)).toBe(true);
});

it("never tells a score or a ratio whole that is not", () => {
  expect([99.9999, 100, 0, 99.994].map(toldScore)).toEqual([99.99, 100, 0, 99.99]);
  expect([0.99999, 1, 0.9973821989528796, -0.00004, -1].map(toldRatio)).toEqual([0.9999, 1, 0.9974, 0, -1]);
});

describe("parts beside their sum", () => {
  it.each<[string, number[], number[]]>([
    ["rounded each for itself where that adds up", [1.234, -0.5], [1.23, -0.5]],
    ["one gives what two roundings took", [0.006, 0.006], [0.01, 0]],
    ["what cancels out is still seen", [0.006, -0.004], [0.01, -0.01]],
    ["many small ones", Array.from({ length: 8 }, () => 0.004), [0, 0, 0, 0, 0, 0.01, 0.01, 0.01]],
    ["none", [], []],
  ])("%s", (_what, parts, told) => {
    expect(toldParts(parts)).toEqual(told);
  });

  it("add up to the rounded sum, each within a hundredth of itself and none where nothing moved", () => {
    let seed = 7;
    const next = (): number => {
      seed = (seed * 48_271) % 2_147_483_647;
      return Math.round((seed / 2_147_483_647 - 0.5) * 2 ** 22) / 2 ** 20; // as scores are stored
    };
    for (let round = 0; round < 2000; round++) {
      const parts = Array.from({ length: round % 9 }, () => (round % 3 === 0 ? next() : next() / 64)).concat(0);
      const told = toldParts(parts);
      expect(told.reduce((sum, part) => sum + cents(part), 0)).toBe(
        cents(hundredths(parts.reduce((sum, part) => sum + part, 0))),
      );
      for (const [at, part] of told.entries()) expect(Math.abs(part - (parts[at] ?? 0))).toBeLessThan(0.01);
      expect(told.at(-1)).toBe(0);
    }
  });
});
