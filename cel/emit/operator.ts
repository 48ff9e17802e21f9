import type { Node } from "../syntax/ast";
import type { Code, Program } from "./program";
import { INHERITED } from "./reserved";
import { boxedOf } from "./value";

const ORDER: Readonly<Record<string, string>> = { "_<_": "<", "_<=_": "<=", "_>_": ">", "_>=_": ">=" };
const ARITHMETIC: Readonly<Record<string, string>> = {
  "_+_": "add",
  "_-_": "subtract",
  "_*_": "multiply",
  "_/_": "divide",
  "_%_": "remainder",
};
const LONGEST_CHAIN = 6;

/** A binary operator on values; null when the name is none. */
export function emitOperator(program: Program, name: string, left: Node, right: Node): Code | null {
  if (name === "_in_") return emitIn(program, left, right);
  const [order, slow] = [ORDER[name], ARITHMETIC[name]];
  if (order === undefined && slow === undefined && name !== "_==_" && name !== "_!=_") return null;
  const a = boxedOf(program, program.emit(left));
  const b = boxedOf(program, program.emit(right));
  if (order !== undefined) return emitOrder(program, order, a, b);
  if (slow === undefined) return emitEqual(a, b, name === "_!=_");
  const result = program.temp();
  const sign = slow === "add" ? "+" : slow === "subtract" ? "-" : null;
  program.line(`let ${result};`);
  if (sign !== null && a.type !== "string" && b.type !== "string") {
    const small = `safe(${a.atom}) && safe(${b.atom}) && safe(${result} = ${a.atom} ${sign} ${b.atom})`;
    program.line(`if (!(${small})) {`);
  } else program.line("{");
  program.line(`${result} = ${slow}(${a.atom}, ${b.atom});`);
  program.check(result);
  program.line("}");
  return { atom: result, type: "any" };
}

export function emitNegation(program: Program, node: Node): Code {
  const operand = boxedOf(program, program.emit(node));
  const result = program.hold(`negate(${operand.atom})`);
  program.check(result.atom);
  return result;
}

/** Strings and bools are equal only to themselves; numbers may be of different kinds. */
function emitEqual(a: Code, b: Code, negated: boolean): Code {
  const identical = [a, b].some((one) => one.type === "string" || one.type === "bool" || one.atom === "null");
  if (identical) return { atom: `(${a.atom} ${negated ? "!==" : "==="} ${b.atom})`, type: "bool" };
  const isNumeric = a.type === "number" || b.type === "number";
  const test = isNumeric
    ? `(${a.atom} === ${b.atom} || equalNumbers(${a.atom}, ${b.atom}))`
    : `equal(${a.atom}, ${b.atom})`;
  return { atom: negated ? `(!${test})` : `(${test})`, type: "bool" };
}

/** Two numbers at once; other values by what their order is, which spends no steps where one side is known to be a number. */
function emitOrder(program: Program, sign: string, a: Code, b: Code): Code {
  const result = program.temp();
  const numbers = [a, b].filter((one) => one.type !== "number").map((one) => `typeof ${one.atom} === "number"`);
  program.line(`let ${result};`);
  program.line(`if (${numbers.length === 0 ? "true" : numbers.join(" && ")}) ${result} = ${a.atom} ${sign} ${b.atom};`);
  program.line("else {");
  const slow = program.hold(`${numbers.length < 2 ? "orderOfNumbers" : "order"}(${a.atom}, ${b.atom})`);
  program.check(slow.atom);
  program.line(`${result} = ${slow.atom} ${sign} 0;`);
  program.line("}");
  return { atom: result, type: "bool" };
}

/** `x in ['a', 'b']` is a chain of comparisons or a set; anything else looks at what the right side is. */
function emitIn(program: Program, left: Node, right: Node): Code {
  const item = boxedOf(program, program.emit(left));
  const words =
    right.kind === "list"
      ? right.items.map(({ value, optional }) => (!optional && value.kind === "literal" ? value.value : undefined))
      : [undefined];
  if (words.length > 0 && words.every((word) => typeof word === "string" || typeof word === "boolean")) {
    const tests = words.map((word) => `${item.atom} === ${JSON.stringify(word)}`);
    const chain =
      words.length <= LONGEST_CHAIN ? tests.join(" || ") : `${program.constant(new Set(words))}.has(${item.atom})`;
    return { atom: program.hold(chain).atom, type: "bool" };
  }
  const container = boxedOf(program, program.emit(right));
  const slow = `isIn(${item.atom}, ${container.atom})`;
  const key = left.kind === "literal" && typeof left.value === "string" && !INHERITED.has(left.value);
  const found = program.hold(
    key ? `isPlain(${container.atom}) ? ${container.atom}[${item.atom}] !== undefined : ${slow}` : slow,
    "bool",
  );
  program.check(found.atom);
  return found;
}
