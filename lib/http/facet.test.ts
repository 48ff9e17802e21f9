import { expect, test } from "vitest";
import { MOST_FACET_VALUES } from "./answer";
import { Facet } from "./facet";

const same = (value: string): string => value;

test("the most frequent values come first, those alike by label, and more than fit are left out", () => {
  const facet = new Facet();
  const names = Array.from({ length: MOST_FACET_VALUES + 50 }, (_, at) => `n-${String(at).padStart(4, "0")}`);
  for (const [at, name] of names.entries()) facet.add(name, at === 149 ? 9 : at % 2 === 0 ? 2 : 1);
  const { values, more } = facet.values(same);
  const alike = (rest: number) => names.filter((_, at) => at !== 149 && at % 2 === rest);
  expect(values.map(({ value }) => value)).toEqual([names[149], ...alike(0), ...alike(1)].slice(0, MOST_FACET_VALUES));
  expect(more).toBe(true);
});

test("chosen values are there without a match, and a text keeps values and labels that hold it", () => {
  const facet = new Facet();
  facet.add("a", 2);
  facet.add("a", -1);
  facet.add("b", 3);
  facet.add("c", 0);
  const label = (value: string): string => (value === "b" ? "Great" : value);
  expect(facet.values(label, ["z"])).toEqual({
    values: [
      { value: "b", label: "Great", count: 3 },
      { value: "a", label: "a", count: 1 },
      { value: "z", label: "z", count: 0 },
    ],
    more: false,
  });
  expect(facet.values(label, [], "GREAT").values.map(({ value }) => value)).toEqual(["b"]);
  expect(facet.values(label, [], "none")).toEqual({ values: [], more: false });
});
