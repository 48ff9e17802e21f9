import fc from "fast-check";
import { expect, it } from "vitest";
import { compile } from "./compile";
import { CelError } from "./error";
import { isPlain, textOf } from "./fuzz/expression";
import { data, map, predicate } from "./fuzz/grammar";
import { asked, inputOf } from "./fuzz/oracle";
import { meaning } from "./fuzz/reference";
import { slipped } from "./fuzz/slips";

/** Replays a run: `CEL_FUZZ_SEED=… CEL_FUZZ_RUNS=…`, with the seed that the failure printed. */
const { CEL_FUZZ_SEED, CEL_FUZZ_RUNS } = process.env;
const RUNS = Number(CEL_FUZZ_RUNS ?? 2000);

const verdict = (value: unknown): boolean | "error" => (typeof value === "boolean" ? value : "error");

const agrees = fc.property(predicate, data, data, map, (node, x, y, m) => {
  const text = textOf(node);
  fc.pre(text.length < 3500);
  const given = compile(text).judge({ x, y, m });
  const inputs = { x: inputOf(x), y: inputOf(y), m: inputOf(m) };
  slipped.clear();
  const expected = verdict(meaning(node, inputs));
  if (isPlain(node) && slipped.size === 0) expect(verdict(asked(text, inputs)), `reference: ${text}`).toBe(expected);
  // False that would rest on a skipped read of a wrong shape is an error here: stricter, never laxer.
  const strict = given instanceof CelError && given.message.includes("can't be read here");
  if (strict && expected === false) return;
  expect(verdict(given), text).toBe(expected);
});

it.each([
  ["the same expressions each time", 20_261_121],
  ["fresh ones", CEL_FUZZ_SEED === undefined ? undefined : Number(CEL_FUZZ_SEED)],
])(
  "agrees with @bufbuild/cel and with the reference: %s",
  (_, seed) => {
    fc.assert(agrees, { numRuns: RUNS, ...(seed === undefined ? {} : { seed }) });
  },
  600_000,
);
