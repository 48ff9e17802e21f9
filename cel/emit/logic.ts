import type { Node, NodeOf } from "../syntax/ast";
import type { Code, Program } from "./program";
import { boolOf, boxedOf } from "./value";

/** The operands of a chain of one operator, which is associative. */
function operandsOf(node: Node, name: string): readonly Node[] {
  const operands: Node[] = [];
  const visit = (one: Node): void => {
    if (one.kind === "call" && one.target === null && one.name === name) for (const arg of one.args) visit(arg);
    else operands.push(one);
  };
  visit(node);
  return operands;
}

/**
 * `a || b` and `a && b`. An operand that decides hides the faults of all others, before and after it; without one the
 * first fault is the result.
 */
export function emitLogic(program: Program, node: NodeOf<"call">): Code {
  const deciding = node.name === "_||_";
  const [label, result, fault] = [`l${program.temp()}`, program.temp(), program.temp()];
  const sign = deciding ? " || " : " && ";
  let pure = true;
  let raises = false;
  const blocks = operandsOf(node, node.name).map((operand, index) => {
    const block = `${label}_${index}`;
    const handler = (raised: string): string => `if (${fault} === undefined) ${fault} = ${raised}; break ${block};`;
    const { result: code, lines, raised } = emitted(program, operand, handler);
    if (lines.length > 0) pure = false;
    raises ||= raised;
    const decided = `if (${deciding ? "" : "!"}${code.atom}) { ${result} = ${deciding}; break ${label}; }`;
    return { atom: code.atom, text: [`${block}: {`, ...lines, decided, "}"] };
  });
  if (pure && !raises) return { atom: `(${blocks.map((block) => block.atom).join(sign)})`, type: "bool" };
  program.line(`let ${result} = ${!deciding}${raises ? `, ${fault}` : ""};`);
  program.line(`${label}: {`);
  for (const block of blocks) for (const line of block.text) program.line(line);
  if (raises) program.line(`if (${fault} !== undefined) { ${program.raise(fault)} }`);
  program.line("}");
  return { atom: result, type: "bool" };
}

function emitted(
  program: Program,
  node: Node,
  handler: (raised: string) => string,
): { result: Code; lines: string[]; raised: boolean } {
  const { result: apart, raises } = program.handling(handler, () =>
    program.apart(() => boolOf(program, program.emit(node))),
  );
  return { ...apart, raised: raises };
}

export function emitNot(program: Program, node: Node): Code {
  return { atom: `!${boolOf(program, program.emit(node)).atom}`, type: "bool" };
}

/** `a ? b : c`; only the branch taken is evaluated. */
export function emitConditional(program: Program, condition: Node, then: Node, otherwise: Node): Code {
  const test = boolOf(program, program.emit(condition));
  const result = program.temp();
  const [first, second] = [then, otherwise].map((branch) =>
    program.apart(() => boxedOf(program, program.emit(branch))),
  );
  if (first === undefined || second === undefined) return test;
  program.line(`let ${result};`);
  program.line(`if (${test.atom}) {`);
  for (const line of first.lines) program.line(line);
  program.line(`${result} = ${first.result.atom};`);
  program.line("} else {");
  for (const line of second.lines) program.line(line);
  program.line(`${result} = ${second.result.atom};`);
  program.line("}");
  return { atom: result, type: first.result.type === second.result.type ? first.result.type : "any" };
}
