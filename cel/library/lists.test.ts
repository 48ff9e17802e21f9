import { describe, expect, it } from "vitest";
import { check } from "../check";
import { compile } from "../compile";

const players = [
  { name: "foo", score: 0 },
  { name: "bar", score: -10 },
  { name: "baz", score: 1000 },
];
const of = (expression: string): string => {
  const result = compile(expression).judge({ x: { players, n: 5 } });
  return typeof result === "boolean" ? String(result) : result.code;
};

describe("lists of Kubernetes and cel-go", () => {
  it.each([
    "[3, 2, 1].sort() == [1, 2, 3] && ['b', 'c', 'a'].sort() == ['a', 'b', 'c'] && [].sort() == []",
    "x.players.sortBy(p, p.score).map(p, p.name) == ['bar', 'foo', 'baz']",
    "x.players.sortBy(p, -p.score)[0].name == 'baz' && [].sortBy(p, p) == [] && (x.players + []).sortBy(p, p.name)[0].name == 'bar'",
    "['bb', 'a', 'cc', 'd'].sortBy(t, t.size()) == ['a', 'd', 'bb', 'cc']",
    "[[3, 1], [2]].sortBy(e, e.sortBy(f, f)[0]) == [[3, 1], [2]]",
    "[5, 3, 1, 2].reverse() == [2, 1, 3, 5] && 'abc'.reverse() == 'cba' && [].reverse() == []",
    "[1, 2, 2, 3, 3, 3].distinct() == [1, 2, 3] && [1, 'b', 2, 'b'].distinct() == [1, 'b', 2]",
    "[1, [2, [3, [4]]]].flatten() == [1, 2, [3, [4]]] && [1, [2, [3, [4]]]].flatten(2) == [1, 2, 3, [4]]",
    "[1, 2, 3, 4].slice(1, 3) == [2, 3] && [1, 2].slice(2, 2) == []",
    "lists.range(3) == [0, 1, 2] && lists.range(0) == []",
    "[1, 2, 3].first().value() == 1 && [1, 2, 3].last() == optional.of(3) && [].first() == optional.none()",
    "optional.unwrap([optional.of(42), optional.none(), optional.of('a')]) == [42, 'a'] && optional.unwrap([]) == []",
    "[x.?n, x.?absent].unwrapOpt() == [5] && [optional.none()].unwrapOpt() == []",
    "[1, 2, 3].includes(2) && ![1, 2, 3].includes(4) && 'model-a'.includes('model-a') && !'model-a'.includes('model')",
    "[duration('1m'), duration('1s')].sum() == duration('61s') && [1u, 2u].sum() == 3u && [].sum() == 0",
    "['a', 'b'].max() == 'b' && [false, true].min() == false && [1].min() == 1 && [1, 2.5].max() == 2.5",
  ])("holds: %s", (expression) => expect(of(expression)).toBe("true"));

  it.each([
    ["[1, 'b'].sort() == []", "type"],
    ["[1, 2.0].sort() == []", "type"],
    ["[[1, 2, 3]].sort() == []", "type"],
    ["[null].sort() == []", "type"],
    ["x.players.sortBy(p, p) == []", "type"],
    ["x.players.sortBy(p, p.absent) == []", "absent"],
    ["x.n.sortBy(p, p) == []", "type"],
    ["{'a': 1, 'b': 2}.map(k, k).sortBy(k, k) == [] || x.sortBy(p, p) == []", "type"],
    ["lists.range(-1) == []", "other"],
    ["[1].flatten(-1) == []", "other"],
    ["[1].slice(0, 2) == []", "other"],
    ["[].min() == 1", "other"],
    ["[[1]].min() == [1]", "type"],
    ["[[1]].isSorted()", "type"],
    ["optional.unwrap([1]) == []", "type"],
    ["[optional.of(1), 1].unwrapOpt() == []", "type"],
  ])("is an error: %s", (expression, code) => expect(of(expression)).toBe(code));
});

describe("sortBy as a macro", () => {
  it.each([
    ["x.sortBy(1, 2) == []", "A macro takes a simple name here."],
    ["'abc'.sortBy(p, p) == []", "sortBy() sorts a list."],
    ["x.sortBy(p) == []", "sortBy() takes 2 arguments, not 1."],
  ])("refuses %s", (expression, message) => {
    expect(check(expression, { x: true }).map((problem) => problem.message)).toEqual([message]);
  });
  it("knows the names below its elements, and reads them", () => {
    const expression = "facts.rules.sortBy(r, r.vebrs)[0].verbs == []";
    const problems = check(expression, { facts: { rules: { "*": { verbs: true } } } });
    expect(problems.map((problem) => problem.message)).toEqual(["vebrs is not known here. Did you mean verbs?"]);
    expect(compile("x.players.sortBy(p, p.score) == []").reads).toContainEqual(["x", "players", "*", "score"]);
  });
});
