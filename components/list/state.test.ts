import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ListState, readState, rowsQuery, toggled, writeState } from "./state";

const shape = { facets: ["severity", "cluster"], open: "finding" };
const read = (text: string) => readState(new URLSearchParams(text), shape);

describe("the state of a list in its address", () => {
  it("reads what it knows and leaves out the rest", () => {
    expect(read("severity=high,critical,high&nonsense=1&q=a%26b&columns=age&finding=7")).toEqual({
      filters: { severity: ["high", "critical"] },
      q: "a&b",
      sort: null,
      columns: ["age"],
      open: "7",
    });
  });

  it("spells one state in one way, so that a choice made in another order is the same request", () => {
    expect(rowsQuery(read("severity=high,critical"))).toBe(rowsQuery(read("severity=critical&severity=high")));
  });

  it("keeps the open row and the columns out of what selects the rows", () => {
    expect(rowsQuery(read("severity=low&columns=age&finding=7"))).toBe("severity=low");
  });

  it("comes back from its address as it was", () => {
    const word = fc
      .string({ minLength: 1, maxLength: 12 })
      .filter((text) => !text.includes(",") && text.trim() === text);
    const state = fc.record({
      filters: fc.dictionary(
        fc.constantFrom("severity", "cluster"),
        fc.uniqueArray(word, { minLength: 1, maxLength: 4 }),
      ),
      q: word,
      sort: fc.option(word),
      columns: fc.option(fc.uniqueArray(word, { minLength: 1, maxLength: 3 })),
      open: fc.option(word),
    });
    fc.assert(
      fc.property(state, (given) => {
        const sorted: ListState = {
          ...given,
          filters: Object.fromEntries(
            Object.entries(given.filters).map(([facet, values]) => [facet, [...values].sort()]),
          ),
        };
        expect(read(writeState(sorted, shape))).toEqual(sorted);
      }),
    );
  });

  it("toggles a value", () => {
    expect(toggled(["high"], "high")).toEqual([]);
    expect(toggled(["high"], "low")).toEqual(["high", "low"]);
  });
});
