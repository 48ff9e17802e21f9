import type { Node, NodeOf } from "../syntax/ast";
import { chainOf } from "./path";
import type { Code, Program } from "./program";
import { boxedOf, optionalOf } from "./value";

/** What is written here and stands in no library. */
export const OPTIONALS: readonly string[] = [
  ...[".hasValue/0", ".value/0", ".orValue/1", ".or/1"],
  ...["optional.none/0", "optional.of/1", "optional.ofNonZeroValue/1"],
];

/** Methods of optionals, which never make the optional an object when its chain is in the code; null for other calls. */
export function emitOptionalCall(program: Program, node: NodeOf<"call">): Code | null {
  const { name, args, target } = node;
  const [first] = args;
  if (target === null) return null;
  if (target.kind === "name" && target.name === "optional" && program.local("optional") === undefined) {
    if (name === "none" && args.length === 0) return { atom: "undefined", type: "optional" };
    if (first === undefined || args.length > 1) return null;
    if (name === "of") return { atom: boxedOf(program, program.emit(first)).atom, type: "optional" };
    if (name !== "ofNonZeroValue") return null;
    const value = boxedOf(program, program.emit(first));
    return program.hold(`isZero(${value.atom}) ? undefined : ${value.atom}`, "optional");
  }
  if (args.length === 0 && name === "hasValue") {
    return { atom: `(${optionalOf(program, program.emit(target)).atom} !== undefined)`, type: "bool" };
  }
  if (args.length === 0 && name === "value") {
    const found = optionalOf(program, program.emit(target));
    program.line(`if (${found.atom} === undefined) { ${program.raise("NO_VALUE")} }`);
    return { atom: found.atom, type: "any" };
  }
  if (args.length !== 1 || first === undefined || (name !== "orValue" && name !== "or")) return null;
  const found = optionalOf(program, program.emit(target));
  const result = program.hold(found.atom, name === "or" ? "optional" : "any");
  program.line(`if (${result.atom} === undefined) {`);
  const other = name === "or" ? optionalOf(program, program.emit(first)) : boxedOf(program, program.emit(first));
  program.line(`${result.atom} = ${other.atom};`);
  program.line("}");
  return result;
}

/** `a.optMap(x, f(x))`; `optFlatMap` when the body is an optional itself. */
export function emitOptMap(program: Program, node: NodeOf<"optMap">): Code {
  const operand = optionalOf(program, program.emit(node.operand));
  const result = program.hold("undefined", "optional");
  const path = chainOf(node.operand, (name) => program.local(name)?.path);
  program.line(`if (${operand.atom} !== undefined) {`);
  program.within([[node.name, { atom: operand.atom, type: "any", path }]], () => {
    const body = program.emit(node.body);
    program.line(`${result.atom} = ${(node.flat ? optionalOf(program, body) : boxedOf(program, body)).atom};`);
  });
  program.line("}");
  return result;
}

/** `cel.bind(x, value, body)`: a fault of the value shows where the name is used. */
export function emitBind(program: Program, name: string, value: Node, body: () => Code): Code {
  const path = chainOf(value, (one) => program.local(one)?.path);
  const [held, fault, label] = [program.temp(), program.temp(), `l${program.temp()}`];
  program.line(`let ${held}, ${fault};`);
  program.line(`${label}: {`);
  const { raises } = program.handling(
    (raised) => `${fault} = ${raised}; break ${label};`,
    () => program.line(`${held} = ${boxedOf(program, program.emit(value)).atom};`),
  );
  program.line("}");
  const local = { atom: held, type: "any" as const, path, ...(raises ? { fault } : {}) };
  return program.within([[name, local]], body);
}

/** `cel.block([a, b], body)`: `cel.index(0)` is a, in the slots after it too. */
export function emitBlock(program: Program, { slots, body }: NodeOf<"block">): Code {
  const from = (index: number): Code => {
    const slot = slots[index];
    return slot === undefined ? program.emit(body) : emitBind(program, `@index:${index}`, slot, () => from(index + 1));
  };
  return from(0);
}
