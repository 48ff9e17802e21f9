import type { NodeOf } from "../syntax/ast";
import { qualified } from "./name";
import { chainOf } from "./path";
import type { Code, Program } from "./program";
import { INHERITED } from "./reserved";
import { boxedOf } from "./value";

const paths = (
  program: Program,
  node: NodeOf<"select"> | NodeOf<"has"> | NodeOf<"index">,
): { base?: string; whole?: string } => {
  const chain = chainOf(node.operand, (name) => program.local(name)?.path);
  if (chain === null) return {};
  const base = chain.join(".");
  const key = node.kind === "index" ? (node.index.kind === "literal" ? node.index.value : null) : node.field;
  return typeof key === "string" ? { base, whole: `${base}.${key}` } : { base };
};

const absentAt = (program: Program, path: string | undefined): string =>
  program.fault("absent", path === undefined ? "A field is absent." : `${path} is absent.`, path);
const wrongAt = (program: Program, path: string | undefined): string =>
  program.fault("type", `${path ?? "A value"} has a type that can't be read here.`, path);

/** The property as JavaScript finds it; undefined where that tells nothing and the slow way decides. */
const property = (operand: string, field: string): string =>
  INHERITED.has(field) ? "undefined" : `${operand} === null ? undefined : ${operand}[${JSON.stringify(field)}]`;

/** Whether the slow way must look: most fields that are not there are not there in a plain map, which is known at once. */
const missing = (found: string, operand: string, field: string): string =>
  INHERITED.has(field) ? `${found} === undefined` : `${found} === undefined && !isPlain(${operand})`;

/** `a.b` and `a.?b`. On an optional, `.b` reads as `.?b` does. */
export function emitSelect(program: Program, node: NodeOf<"select">): Code {
  const whole = qualified(program, node);
  if (whole !== null) return whole;
  const operand = program.emit(node.operand);
  const path = paths(program, node);
  if (node.optional || operand.type === "optional")
    return emitOptional(program, node.field, operand, wrongAt(program, path.base));
  const field = JSON.stringify(node.field);
  const found = program.hold(property(operand.atom, node.field));
  const arguments_ = [operand.atom, field, absentAt(program, path.whole), wrongAt(program, path.base)].join(", ");
  program.line(`if (${found.atom} === undefined) {`);
  program.line(`${found.atom} = select(${arguments_});`);
  program.check(found.atom);
  program.line("}");
  return found;
}

function emitOptional(program: Program, field: string, operand: Code, wrong: string): Code {
  const found = program.hold("undefined", "optional");
  if (operand.type === "optional") program.line(`if (${operand.atom} !== undefined) {`);
  program.line(`${found.atom} = ${property(operand.atom, field)};`);
  program.line(`if (${missing(found.atom, operand.atom, field)}) {`);
  program.line(`${found.atom} = selectOptional(${operand.atom}, ${JSON.stringify(field)}, ${wrong});`);
  program.check(found.atom);
  program.line(operand.type === "optional" ? "} }" : "}");
  return found;
}

/** `has(a.b)`. */
export function emitHas(program: Program, node: NodeOf<"has">): Code {
  const operand = program.emit(node.operand);
  const wrong = wrongAt(program, paths(program, node).base);
  if (operand.type === "optional") {
    const found = emitOptional(program, node.field, operand, wrong);
    return { atom: `(${found.atom} !== undefined)`, type: "bool" };
  }
  const known = INHERITED.has(node.field)
    ? "false"
    : `${operand.atom} !== null && ${operand.atom}[${JSON.stringify(node.field)}] !== undefined`;
  const found = program.hold(known, "bool");
  const slow = INHERITED.has(node.field) ? `!${found.atom}` : `!${found.atom} && !isPlain(${operand.atom})`;
  program.line(`if (${slow}) {`);
  program.line(`${found.atom} = has(${operand.atom}, ${JSON.stringify(node.field)}, ${wrong});`);
  program.check(found.atom);
  program.line("}");
  return found;
}

/** `a[i]` and `a[?i]`. */
export function emitIndex(program: Program, node: NodeOf<"index">): Code {
  const operand = program.emit(node.operand);
  const key = boxedOf(program, program.emit(node.index));
  const path = paths(program, node);
  const wrong = wrongAt(program, path.base);
  if (!node.optional && operand.type !== "optional") {
    const found = program.hold(`index(${operand.atom}, ${key.atom}, ${absentAt(program, path.whole)}, ${wrong})`);
    program.check(found.atom);
    return found;
  }
  const read = `indexOptional(${operand.atom}, ${key.atom}, ${wrong})`;
  const found = program.hold(
    operand.type === "optional" ? `${operand.atom} === undefined ? undefined : ${read}` : read,
    "optional",
  );
  program.check(found.atom);
  return found;
}
