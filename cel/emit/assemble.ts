import type { CelError } from "../error";
import { guarded, STEPS, verdictOf } from "../frame";
import type { Node } from "../syntax/ast";
import * as access from "../value/access";
import * as arithmetic from "../value/arithmetic";
import { isPlain, type Value } from "../value/boxed";
import { spendLength, spendSearch } from "../value/budget";
import { equal, equalNumbers } from "../value/equal";
import * as faults from "../value/fault";
import { MapBuilder } from "../value/map";
import * as orders from "../value/order";
import { addEntries, isZero } from "../value/whole";
import { emitCall } from "./call";
import { emitGuard } from "./guard";
import { emitList, emitLiteral, emitMap, emitMessage } from "./literal";
import { emitLoop } from "./loop";
import { emitName } from "./name";
import { emitBind, emitBlock, emitOptMap } from "./optional";
import { type Code, type Environment, end, Program } from "./program";
import { INHERITED } from "./reserved";
import { emitHas, emitIndex, emitSelect } from "./select";
import { boxedOf } from "./value";

/** Everything that generated code may call, besides the functions of the library. */
const RUNTIME = {
  ...access,
  ...arithmetic,
  ...orders,
  equal,
  equalNumbers,
  isPlain,
  isZero,
  addEntries,
  spendLength,
  spendSearch,
  MapBuilder,
  safe: Number.isSafeInteger,
  NOT_BOOL: faults.NOT_BOOL,
  NO_OVERLOAD: faults.NO_OVERLOAD,
  BAD_PATTERN: faults.BAD_PATTERN,
  NO_VALUE: faults.NO_VALUE,
  REPEATED_KEY: faults.REPEATED_KEY,
  OUT_OF_BUDGET: faults.OUT_OF_BUDGET,
};

const IN_RUNTIME = new RegExp(`\\b(?:${Object.keys(RUNTIME).join("|")})\\b`, "g");

/** What takes a few steps whatever it is given, and calls nothing that takes more. */
const SHORT: ReadonlySet<string> = new Set([
  ...["isPlain", "isArray", "hasOwn", "safe", "select", "selectOptional", "has", "index", "indexOptional"],
  ...["boxed", "unboxed", "range", "orderOfNumbers", "equalNumbers", "startsWith", "endsWith"],
]);

type Bindings = Readonly<Record<string, unknown>>;
/** Evaluates over bindings with a budget of loop steps; a fault is a value. */
export type Evaluate = (bindings: Bindings, steps: number) => Value | faults.Fault;
/** Evaluates a predicate within the budget of one evaluation, and gives what it says or why it can't. */
export type Judge = (bindings: Bindings) => boolean | CelError;

/** What a judge calls. */
const FRAME = { steps: STEPS, guarded, verdictOf };
/** What the judge makes of the result. */
const VERDICT = "return result === true || result === false ? result : verdictOf(result);";

export interface Assembled {
  readonly judge: Judge;
  /** Made when it is asked for: predicates are judged only. */
  readonly evaluate: () => Evaluate;
  /** The bindings that the expression names. */
  readonly names: readonly string[];
  readonly source: string;
}

function emit(program: Program, node: Node): Code {
  switch (node.kind) {
    case "literal":
      return emitLiteral(program, node);
    case "name":
      return emitName(program, node);
    case "select":
      return emitSelect(program, node);
    case "has":
      return emitHas(program, node);
    case "index":
      return emitIndex(program, node);
    case "call":
      return emitCall(program, node);
    case "list":
      return emitList(program, node);
    case "map":
      return emitMap(program, node);
    case "message":
      return emitMessage(program, node);
    case "loop":
      return emitLoop(program, node);
    case "optMap":
      return emitOptMap(program, node);
    case "bind":
      return emitBind(program, node.name, node.value, () => program.emit(node.body));
    case "block":
      return emitBlock(program, node);
  }
}

/**
 * Writes and compiles the JavaScript of an expression. The reads in `guarded` must go through maps and lists before it gives
 * a value that is not truthy. Throws CelError `syntax` for an unknown function, type or bad pattern.
 */
export function assemble(
  text: string,
  node: Node,
  environment: Environment,
  guarded: readonly (readonly string[])[] = [],
): Assembled {
  const program = new Program(text, environment, emit);
  const result = boxedOf(program, program.emit(node));
  if (guarded.length > 0) {
    program.line(`if (${result.atom} === true) { ${end("true")} }`);
    emitGuard(program, guarded);
  }
  const names = [...program.bindings].map(([name, variable]) => {
    const key = JSON.stringify(name);
    return `const ${variable} = ${INHERITED.has(name) ? `Object.hasOwn(b, ${key}) ? b[${key}] : undefined` : `b[${key}]`};`;
  });
  const body = ["let result;", "whole: {", ...names, program.text(), `result = ${result.atom};`, "}"].join("\n");
  const called = new Set([...body.matchAll(IN_RUNTIME)].map(([name]) => name));
  // Calls have no blank before the bracket, other than `if (`. What looks like a call in a text makes it careful, never careless.
  const isShort = [...body.matchAll(/([\w$]+)\(/g)].every(([, name = ""]) => SHORT.has(name));
  const head = [
    `"use strict"; const {${[...called].join(", ")}} = R; const { steps, guarded, verdictOf } = F;`,
    ...program.constants.map((_, index) => `const k${index} = K[${index}];`),
  ];
  // In brackets it is compiled when it is read, and not read over first.
  const evaluate = `(function (b, n) {\n${body}\nreturn result;\n})`;
  // The text holds generated names, numbers and JSON strings only: nothing of the expression is spliced in (Program).
  const build = (made: readonly string[]): unknown =>
    new Function("R", "K", "F", [...head, ...made].join("\n"))(RUNTIME, program.constants, FRAME);
  const judge = isShort
    ? // One function, not two: the JavaScript engine would compile both, of hundreds of predicates.
      [`return (function (b) {\nlet n = steps;\n${body}\n${VERDICT}\n});`]
    : // Written beside its expression: one that all shared would call each of them by address.
      [`const evaluate = ${evaluate};`, `return (function (b) { const result = guarded(evaluate, b); ${VERDICT} });`];
  return {
    judge: build(judge) as Judge,
    evaluate: () => build([`return ${evaluate};`]) as Evaluate,
    names: [...program.bindings.keys()],
    source: [...head, ...judge].join("\n"),
  };
}
