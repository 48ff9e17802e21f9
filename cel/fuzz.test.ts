import { celEnv, isCelError, parse, plan } from "@bufbuild/cel";
import { strings } from "@bufbuild/cel/ext";
import fc from "fast-check";
import { expect, it } from "vitest";
import { compile } from "./compile";
import { CelError } from "./error";

/**
 * Ours against @bufbuild/cel: the same predicate over the same JSON is true, false or an error in both. Data and expressions
 * draw on the same few names, so that reads meet what is there, what is absent and what has another type.
 */
const NAMES = ["a", "b", "values", "constructor"];
const name = fc.constantFrom(...NAMES);

/** Ints as bigint for the oracle, which reads every number as a double. */
const asOracle = (value: unknown): unknown => {
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(asOracle);
  if (typeof value !== "object" || value === null) return value;
  return new Map(Object.entries(value).map(([key, one]) => [key, asOracle(one)]));
};

const { data } = fc.letrec<{ data: unknown; leaf: unknown }>((tie) => ({
  leaf: fc.oneof(
    fc.boolean(),
    fc.integer({ min: -3, max: 3 }),
    fc.constantFrom(0.5, -1.5),
    fc.constantFrom("", "a", "ab", "é", "😀b"),
  ),
  data: fc.oneof(
    { maxDepth: 3 },
    tie("leaf"),
    fc.array(tie("data"), { maxLength: 3 }),
    fc.dictionary(name, tie("data"), { maxKeys: 3 }),
  ),
}));

const { bool } = fc.letrec<{ bool: string; value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom("x", "y", "true", "0", "1", "-2", "0.5", "'a'", "'ab'", "''", "[]", "[1, 'a']", "{'a': 1}"),
    fc
      .tuple(fc.constantFrom("x", "y"), fc.array(name, { minLength: 1, maxLength: 2 }))
      .map(([root, keys]) => [root, ...keys].join(".")),
    fc
      .tuple(tie("value"), fc.constantFrom("+", "-", "*", "/", "%"), tie("value"))
      .map(([a, sign, b]) => `(${a} ${sign} ${b})`),
    fc.tuple(tie("value"), tie("value")).map(([list, index]) => `(${list})[${index}]`),
    fc.tuple(tie("bool"), tie("value"), tie("value")).map(([test, a, b]) => `(${test} ? ${a} : ${b})`),
    fc
      .tuple(tie("value"), fc.constantFrom("map", "filter"), tie("bool"))
      .map(([list, macro, body]) => `(${list}).${macro}(y, ${body})`),
    tie("value").map((value) => `size(${value})`),
  ),
  bool: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom("x.a", "y.b", "true", "false", "has(m.a)", "has(m.values)", "has(m.constructor)"),
    fc
      .tuple(tie("value"), fc.constantFrom("==", "!=", "<", "<=", ">", ">=", "in"), tie("value"))
      .map(([a, sign, b]) => `(${a} ${sign} ${b})`),
    fc.tuple(tie("bool"), fc.constantFrom("&&", "||"), tie("bool")).map(([a, sign, b]) => `(${a} ${sign} ${b})`),
    tie("bool").map((one) => `!(${one})`),
    fc
      .tuple(tie("value"), fc.constantFrom("all", "exists", "exists_one"), tie("bool"))
      .map(([list, macro, body]) => `(${list}).${macro}(y, ${body})`),
    fc
      .tuple(
        tie("value"),
        fc.constantFrom("startsWith", "endsWith", "contains", "matches"),
        fc.constantFrom("a", "^a?b$", ""),
      )
      .map(([text, method, part]) => `(${text}).${method}('${part}')`),
  ),
}));

/** `has()` on what is no map is false to the oracle and an error to us, so it is asked of a map only. */
const map = fc.dictionary(name, data, { maxKeys: 3 });

const environment = celEnv({ funcs: strings });
const theirs = (expression: string, bindings: Record<string, unknown>): boolean | "error" => {
  const result: unknown = plan(environment, parse(expression))(asBindings(bindings));
  return typeof result === "boolean" && !isCelError(result) ? result : "error";
};
const asBindings = (bindings: Record<string, unknown>): Record<string, never> =>
  Object.fromEntries(Object.entries(bindings).map(([key, value]) => [key, asOracle(value) as never]));

it("agrees with @bufbuild/cel on true, false and error", () => {
  fc.assert(
    fc.property(bool, data, data, map, (expression, x, y, m) => {
      const given = compile(expression).judge({ x, y, m });
      const expected = theirs(expression, { x, y, m });
      // False that would rest on a skipped read of a wrong shape is an error here: stricter, never laxer.
      const strict = given instanceof CelError && given.message.includes("can't be read here");
      if (strict && expected === false) return;
      expect(given instanceof CelError ? "error" : given).toBe(expected);
    }),
    // One fixed run, so that a change is judged and not the day's luck: the oracle has slips of its own (`[1, 2][true]` is 2 to it).
    { numRuns: 3000, seed: 20_261_121 },
  );
}, 120_000);
