import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Choice, Labelled } from "./choice";

type Labels = Record<string, string>;
interface Plain {
  matchLabels?: Labels;
  matchExpressions?: { key: string; operator: "In" | "NotIn" | "Exists" | "DoesNotExist"; values?: string[] }[];
}
const word = fc.constantFrom("a", "b", "c");
const labels: fc.Arbitrary<Labels> = fc.dictionary(word, word, { maxKeys: 3 });
const expression = fc.oneof(
  fc.record({ key: word, operator: fc.constantFrom("In" as const, "NotIn" as const), values: fc.array(word) }),
  fc.record({ key: word, operator: fc.constantFrom("Exists" as const, "DoesNotExist" as const) }),
);
const selector: fc.Arbitrary<Plain> = fc.record(
  { matchLabels: labels, matchExpressions: fc.array(expression, { maxLength: 2 }) },
  { requiredKeys: [] },
);

/** As Kubernetes' documentation says it, term by term. */
function selects({ matchLabels = {}, matchExpressions = [] }: Plain, has: Labels): boolean {
  const asked = Object.entries(matchLabels).every(([key, value]) => has[key] === value);
  return (
    asked &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = has[key];
      const isOne = value !== undefined && values.includes(value);
      return { In: isOne, NotIn: !isOne, Exists: value !== undefined, DoesNotExist: value === undefined }[operator];
    })
  );
}
const mayAgree = (wanted: Labels, has: Labels): boolean => {
  const both = Object.keys(wanted).filter((key) => has[key] !== undefined);
  return both.length > 0 && both.every((key) => has[key] === wanted[key]);
};

describe("selectors of many things", () => {
  it("select what each of them alone selects", () => {
    fc.assert(
      fc.property(fc.array(selector, { maxLength: 12 }), labels, (all, has) => {
        const found = new Choice(all, (one) => one).of(has) ?? [];
        expect(new Set(found)).toEqual(new Set(all.filter((one) => selects(one, has))));
        expect(found).toHaveLength(new Set(found).size);
      }),
    );
  });
  it("count what they select, and what they may", () => {
    fc.assert(
      fc.property(fc.array(labels, { maxLength: 12 }), selector, (all, one) => {
        const labelled = new Labelled(all, 1);
        const { matchLabels = {} } = one;
        expect(labelled.count(one)).toBe(all.filter((has) => selects(one, has)).length);
        expect(labelled.mayCount(matchLabels)).toBe(all.filter((has) => mayAgree(matchLabels, has)).length);
      }),
    );
  });
  it("that each ask for a label of their own are told of however many there are", () => {
    const many = Array.from({ length: 20_000 }, (_, at) => ({ matchLabels: { all: "same", own: `${at}` } }));
    const choice = new Choice(many, (one) => one);
    const labelled = new Labelled(
      many.map(({ matchLabels }) => matchLabels),
      many.length,
    );
    for (const one of many) {
      expect(choice.of(one.matchLabels)).toEqual([one]);
      expect(labelled.count(one)).toBe(1);
    }
  });
  it("that would all have to be asked are asked no more beyond bounds, and nobody is told an answer", () => {
    const many = (size: number) => Array.from({ length: size }, (_, at) => ({ matchLabels: { all: "same" }, at }));
    expect(new Choice(many(1000), (one) => one).of({ all: "same" })).toHaveLength(1000);
    expect(new Choice(many(1001), (one) => one).of({ all: "same" })).toBeUndefined();
    expect(new Choice(many(1001), (one) => one).of({ all: "other" })).toEqual([]);
    const deep = { matchExpressions: Array(2000).fill({ key: "no", operator: "DoesNotExist" }) };
    expect(new Choice([deep], (one) => one).of({})).toBeUndefined();
  });
  it("are not counted beyond bounds, except those that select everything", () => {
    const all = Array(10_000).fill({ app: "web", tier: "front" });
    const within = new Labelled(all, 1000);
    const beyond = new Labelled(all, 10_000);
    const two = { matchLabels: { app: "web", tier: "front" } };
    expect([within.count(two), beyond.count(two), beyond.count({})]).toEqual([10_000, undefined, 10_000]);
    expect([within.mayCount({ app: "web" }), beyond.mayCount({ app: "web", other: "x" })]).toEqual([10_000, undefined]);
  });
});
