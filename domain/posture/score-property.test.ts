import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countSoleFailures } from "./recommendation/sole";
import {
  addStates,
  type Cell,
  type Cells,
  groupStates,
  type OutcomeCode,
  potentialIncrease,
  type ScoredControl,
  scoreOf,
  type Totals,
} from "./score";

const CONTROLS: ScoredControl[] = [
  { id: "A1", scoreGroup: "access-and-permissions", maturity: "stable" },
  { id: "A2", scoreGroup: "access-and-permissions", maturity: "stable" },
  { id: "A3", scoreGroup: "access-and-permissions", maturity: "preview" },
  { id: "N1", scoreGroup: "network-access", maturity: "stable" },
  { id: "D1", scoreGroup: "denial-of-service", maturity: "stable" },
];
const controls = new Map(CONTROLS.map((one) => [one.id, one]));

const cell = (outcomes: readonly OutcomeCode[]): fc.Arbitrary<Cell> =>
  fc
    .record({
      outcome: fc.constantFrom(...outcomes),
      kept: fc.boolean(),
      exemption: fc.constantFrom(undefined, undefined, "mitigated" as const, "waiver" as const),
    })
    .map(({ outcome, kept, exemption }) => {
      const open = outcome === "u" || (outcome.startsWith("e") && kept);
      return { outcome, open, exemption: open ? exemption : undefined };
    });
/** Resources with some of the controls each. */
const estate = (outcomes: readonly OutcomeCode[] = ["h", "u", "n", "e:denied"]): fc.Arbitrary<Cells[]> =>
  fc.array(
    fc
      .uniqueArray(fc.tuple(fc.constantFrom(...controls.keys()), cell(outcomes)), { selector: ([id]) => id })
      .map((pairs) => new Map(pairs)),
    { minLength: 1, maxLength: 12 },
  );

function totalsOf(resources: readonly Cells[]): Totals {
  const totals: Totals = {};
  for (const cells of resources) addStates(totals, groupStates(cells, controls));
  return totals;
}
const scored = (resources: readonly Cells[]): number | null => scoreOf(totalsOf(resources));
const FIXED: Cell = { outcome: "h", open: false };
const fails = ({ outcome, open }: Cell): boolean => outcome === "u" || open;
const mapped = (resources: readonly Cells[], fix: (id: string, cell: Cell, at: number) => boolean): Cells[] =>
  resources.map((cells, at) => new Map([...cells].map(([id, one]) => [id, fix(id, one, at) ? FIXED : one])));

describe("an account's score", () => {
  test("is never lowered by fixing", () => {
    fc.assert(
      fc.property(estate(), fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }), (resources, chosen) => {
        let next = 0;
        const fixed = mapped(resources, (_id, one) => fails(one) && chosen[next++ % 60] === true);
        const [before, after] = [scored(resources), scored(fixed)];
        // Without anything to count there is no score; that is not a lower one.
        if (before !== null && after !== null) expect(after).toBeGreaterThanOrEqual(before);
      }),
      { numRuns: 500 },
    );
  });

  test("does not depend on order, nor on what does not apply", () => {
    fc.assert(
      fc.property(estate(), (resources) => {
        const idle = new Map<string, Cell>([["A1", { outcome: "n", open: false }]]);
        const turned = resources.toReversed().map((cells) => {
          const all = new Map([...cells].toReversed());
          for (const id of controls.keys()) if (!all.has(id)) all.set(id, { outcome: "n", open: false });
          return all;
        });
        expect(totalsOf([...turned, idle])).toEqual(totalsOf(resources));
        expect(scored([...turned, idle])).toBe(scored(resources));
      }),
      { numRuns: 300 },
    );
  });

  test("reaches 100 when everything is fixed that fails, unless nothing is left to count", () => {
    fc.assert(
      fc.property(estate(), (resources) => {
        const after = scored(mapped(resources, (_id, one) => fails(one)));
        expect([100, null]).toContain(after);
      }),
      { numRuns: 300 },
    );
  });

  test("never counts the unknown as healthy, whatever is exempted", () => {
    fc.assert(
      fc.property(estate(["e:denied", "e:stale", "n"]), (resources) => {
        for (const counts of Object.values(totalsOf(resources))) expect(counts.healthy).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  test("never rises because sight is lost, of what fails or of what is fine", () => {
    fc.assert(
      fc.property(estate(), fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }), (resources, chosen) => {
        let next = 0;
        // An open finding stays open; whether its exemption holds is still known.
        const blind = (one: Cell): Cell => (chosen[next++ % 60] === true ? { ...one, outcome: "e:denied" } : one);
        const lost = resources.map((cells) => new Map([...cells].map(([id, one]) => [id, blind(one)])));
        const [before, after] = [scored(resources), scored(lost)];
        if (after !== null) expect(after).toBeLessThanOrEqual(before ?? 0);
      }),
      { numRuns: 1000 },
    );
  });

  test("rises by a potential increase exactly when its control is fixed everywhere", () => {
    fc.assert(
      fc.property(estate(["h", "u", "n"]), fc.constantFrom("A1", "A2", "N1", "D1"), (resources, id) => {
        const failing = resources.map((cells, at) => ({
          open: new Set(
            [...cells].flatMap(([one, { open, exemption }]) => (open && exemption === undefined ? [one] : [])),
          ),
          namespace: at % 2 === 0 ? "kube-system" : "shop",
        }));
        const sole = countSoleFailures(failing, controls).get(id)?.resources ?? 0;
        const own = failing.filter(({ namespace }) => namespace === "shop");
        expect(countSoleFailures(own, controls).get(id)?.own).toBe(
          countSoleFailures(failing, controls).get(id)?.own || undefined,
        );
        const group = controls.get(id)?.scoreGroup ?? "best-practices";
        const fixed = mapped(resources, (one, { open, exemption }) => one === id && open && exemption === undefined);
        const increase = potentialIncrease(totalsOf(resources), group, sole);
        expect(increase).toBe((scored(fixed) ?? 0) - (scored(resources) ?? 0));
      }),
      { numRuns: 500 },
    );
  });
});
