import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addLift } from "./cell";
import { SCORE_GROUP_IDS } from "./schema";
import {
  addStates,
  type Cells,
  type Exemption,
  fleetScore,
  groupStates,
  type OutcomeCode,
  type ScoredControl,
  type Totals,
  weightOf,
} from "./score";
import { type GroupRow, type Standing, scoresOf, standingOf, storedLift, withoutExemptions } from "./standing";

const CONTROLS: ScoredControl[] = [
  { id: "A1", scoreGroup: "access-and-permissions", maturity: "stable" },
  { id: "A2", scoreGroup: "access-and-permissions", maturity: "stable" },
  { id: "N1", scoreGroup: "network-access", maturity: "stable" },
  { id: "D1", scoreGroup: "denial-of-service", maturity: "stable" },
  { id: "B1", scoreGroup: "best-practices", maturity: "stable" },
  { id: "P1", scoreGroup: "data-in-transit", maturity: "preview" },
];
const controls = new Map(CONTROLS.map((one) => [one.id, one]));

/** Resources with exemptions of these types on what fails. */
const estate = (...types: (Exemption | undefined)[]): fc.Arbitrary<Cells[]> => {
  const cell = fc
    .record({
      outcome: fc.constantFrom<OutcomeCode>("h", "u", "n", "e:denied"),
      kept: fc.boolean(),
      exemption: fc.constantFrom(...types),
    })
    .map(({ outcome, kept, exemption }) => {
      const open = outcome === "u" || (outcome.startsWith("e") && kept);
      return { outcome, open, exemption: open ? exemption : undefined };
    });
  const pairs = fc.uniqueArray(fc.tuple(fc.constantFrom(...controls.keys()), cell), { selector: ([id]) => id });
  return fc.array(
    pairs.map((some) => new Map(some)),
    { maxLength: 10 },
  );
};
const any = estate(undefined, "mitigated", "waiver");

function standingOfCells(resources: readonly Cells[]): Standing {
  const [totals, lift]: [Totals, Totals] = [{}, {}];
  for (const cells of resources) {
    addStates(totals, groupStates(cells, controls));
    addLift(lift, cells, controls);
  }
  return { totals, lift };
}
const stripped = (resources: readonly Cells[]): Cells[] =>
  resources.map((cells) => new Map([...cells].map(([id, { outcome, open }]) => [id, { outcome, open }])));
const filled = (totals: Totals): Totals =>
  Object.fromEntries(SCORE_GROUP_IDS.map((id) => [id, totals[id] ?? { healthy: 0, unhealthy: 0, out: 0 }]));

describe("the score without exemptions", () => {
  test("is that of the same resources with none", () => {
    fc.assert(
      fc.property(any, (resources) => {
        const [standing, bare] = [standingOfCells(resources), standingOfCells(stripped(resources))];
        expect(filled(withoutExemptions(standing))).toEqual(filled(bare.totals));
        expect(scoresOf(standing).scoreWithoutExemptions).toBe(scoresOf(bare).score);
        expect(storedLift(bare.lift)).toEqual({});
      }),
      { numRuns: 500 },
    );
  });

  test("is never above that with them, and known wherever that is", () => {
    fc.assert(
      fc.property(any, (resources) => {
        const { score, scoreWithoutExemptions } = scoresOf(standingOfCells(resources));
        if (score === null) return;
        expect(scoreWithoutExemptions).not.toBeNull();
        expect(scoreWithoutExemptions).toBeLessThanOrEqual(score);
      }),
      { numRuns: 500 },
    );
  });

  test("equals that with them where there are none", () => {
    fc.assert(
      fc.property(estate(undefined), (resources) => {
        const { score, scoreWithoutExemptions } = scoresOf(standingOfCells(resources));
        expect(scoreWithoutExemptions).toBe(score);
      }),
      { numRuns: 300 },
    );
  });

  test("comes back from how roll-ups and points keep it", () => {
    fc.assert(
      fc.property(any, (resources) => {
        const standing = standingOfCells(resources);
        const rows = SCORE_GROUP_IDS.map((scoreGroup): GroupRow => {
          const [counts, add] = [filled(standing.totals)[scoreGroup], filled(standing.lift)[scoreGroup]];
          const { healthy = 0, unhealthy = 0, out = 0 } = counts ?? {};
          const lift = { liftHealthy: add?.healthy ?? 0, liftUnhealthy: add?.unhealthy ?? 0, liftOut: add?.out ?? 0 };
          return { scoreGroup, healthy, unhealthy, out, ...lift };
        });
        const counts = { healthy: 1, unhealthy: 9, out: 0, liftHealthy: 0, liftUnhealthy: 0, liftOut: 0 };
        const unknown: GroupRow = { scoreGroup: "of-another-version", ...counts };
        expect(scoresOf(standingOf([...rows, unknown]))).toEqual(scoresOf(standing));
        expect(scoresOf({ ...standing, lift: storedLift(standing.lift) })).toEqual(scoresOf(standing));
      }),
      { numRuns: 300 },
    );
  });
});

/** The fleet's score of these accounts, with exemptions and without. */
function fleet(accounts: readonly Standing[]): { score: number | null; bare: number | null } {
  const of = (totals: (one: Standing) => Totals, score: (one: Standing) => number | null) =>
    fleetScore(accounts.map((one) => ({ score: score(one), weight: weightOf(totals(one)) })));
  return {
    score: of(
      ({ totals }) => totals,
      (one) => scoresOf(one).score,
    ),
    bare: of(withoutExemptions, (one) => scoresOf(one).scoreWithoutExemptions),
  };
}

describe("the fleet's score without exemptions", () => {
  test("is never above that with them while all of them mitigate: the accounts weigh the same", () => {
    fc.assert(
      fc.property(fc.array(estate(undefined, "mitigated"), { minLength: 1, maxLength: 4 }), (accounts) => {
        const { score, bare } = fleet(accounts.map(standingOfCells));
        if (score !== null) expect(bare).toBeLessThanOrEqual(score);
      }),
      { numRuns: 300 },
    );
  });

  test("may be above it by a waiver, which makes a good account lighter", () => {
    const group = (healthy: number, unhealthy: number) => ({ healthy, unhealthy, out: 0 });
    const good: Standing = {
      totals: { "access-and-permissions": group(10, 0), "auditing-and-logging": group(1, 0) },
      lift: { "auditing-and-logging": group(0, -20) },
    };
    const bad: Standing = { totals: { "access-and-permissions": group(0, 10) }, lift: {} };
    const { score, bare } = fleet([good, bad]);
    expect(scoresOf(good).scoreWithoutExemptions).toBeLessThan(scoresOf(good).score ?? 0);
    expect(bare).toBeGreaterThan(score ?? 100);
  });
});
