import type { Node, NodeOf } from "../syntax/ast";
import { chainOf, EACH } from "./path";
import { type Code, end, type Local, type Program } from "./program";
import { boolOf, boxedOf } from "./value";

/** The macros. Each is a plain loop; an iteration takes one step of the budget, and no steps left ends the evaluation. */
export function emitLoop(program: Program, node: NodeOf<"loop">): Code {
  const source = program.emit(node.range);
  const walked = boxedOf(program, source);
  const chain = chainOf(node.range, (name) => program.local(name)?.path);
  const [first, second] = node.names;
  const position = program.temp();
  const list = program.hold(
    second === undefined
      ? `Array.isArray(${walked.atom}) ? ${walked.atom} : range(${walked.atom})`
      : `pairs(${walked.atom})`,
  );
  program.check(list.atom);
  // The keys of a map are copied out before the first is looked at.
  if (second === undefined) program.line(`if (${list.atom} !== ${walked.atom}) n -= ${list.atom}.length;`);
  const values = second === undefined ? list.atom : `${list.atom}.values`;
  const element = program.temp();
  const each: Local = { atom: element, type: "any", path: chain === null ? null : [...chain, EACH] };
  const key = second === undefined ? null : program.temp();
  const names: (readonly [string, Local])[] = [[second ?? first, each]];
  if (key !== null) names.push([first, { atom: key, type: "any", path: null }]);

  const label = `l${program.temp()}`;
  const head = [
    `${label}: for (let ${position} = 0; ${position} < ${values}.length; ${position}++) {`,
    `if (--n < 0) { ${end("OUT_OF_BUDGET")} }`,
    `const ${element} = ${values}[${position}];`,
    ...(key === null
      ? []
      : [`const ${key} = ${list.atom}.keys === null ? ${position} : ${list.atom}.keys[${position}];`]),
  ];
  const scoped = <T>(write: () => T): T => program.within(names, write);
  return node.macro === "all" || node.macro === "exists"
    ? emitQuantifier(program, node, label, head, scoped)
    : emitCollector(program, node, head, scoped);
}

type Scoped = <T>(write: () => T) => T;

/** `all` and `exists` absorb faults when another element decides. */
function emitQuantifier(
  program: Program,
  node: NodeOf<"loop">,
  label: string,
  head: readonly string[],
  scoped: Scoped,
): Code {
  const deciding = node.macro === "exists";
  const [result, fault] = [program.temp(), program.temp()];
  const { result: body, raises } = program.handling(
    (raised) => `if (${fault} === undefined) ${fault} = ${raised}; continue ${label};`,
    () => program.apart(() => scoped(() => boolOf(program, program.emit(node.step)))),
  );
  program.line(`let ${result} = ${!deciding}${raises ? `, ${fault}` : ""};`);
  for (const line of [...head, ...body.lines]) program.line(line);
  program.line(`if (${deciding ? "" : "!"}${body.result.atom}) { ${result} = ${deciding}; break; }`);
  program.line("}");
  if (raises) program.line(`if (${result} === ${!deciding} && ${fault} !== undefined) { ${program.raise(fault)} }`);
  return { atom: result, type: "bool" };
}

/** The others stop at the first fault. */
function emitCollector(program: Program, node: NodeOf<"loop">, head: readonly string[], scoped: Scoped): Code {
  const { macro } = node;
  const toMap = macro === "transformMap" || macro === "transformMapEntry";
  const result = program.hold(macro === "exists_one" ? "0" : toMap ? "new MapBuilder()" : "[]");
  for (const line of head) program.line(line);
  scoped(() => {
    const condition = macro === "exists_one" || macro === "filter" ? node.step : node.filter;
    if (condition !== null) program.line(`if (!${boolOf(program, program.emit(condition)).atom}) continue;`);
    collect(program, node, result.atom, node.step);
  });
  program.line("}");
  if (macro === "exists_one") return { atom: `(${result.atom} === 1)`, type: "bool" };
  return toMap ? program.hold(`${result.atom}.done()`) : { atom: result.atom, type: "list" };
}

function collect(program: Program, node: NodeOf<"loop">, result: string, step: Node): void {
  const key = program.local(node.names[0])?.atom ?? "null";
  if (node.macro === "exists_one") program.line(`${result}++;`);
  else if (node.macro === "filter") program.line(`${result}.push(${key});`);
  else {
    const value = boxedOf(program, program.emit(step)).atom;
    if (node.macro === "transformMap") checkedAdd(program, `${result}.add(${key}, ${value})`);
    else if (node.macro === "transformMapEntry") checkedAdd(program, `addEntries(${result}, ${value})`);
    else program.line(`${result}.push(${value});`);
  }
}

function checkedAdd(program: Program, call: string): void {
  const added = program.hold(call);
  program.check(added.atom);
  program.line(`if (${added.atom} === false) { ${program.raise("REPEATED_KEY")} }`);
}
