import { suggestion } from "@/lib/nearest";
import type { Node, NodeOf } from "../syntax/ast";
import { MACROS, qualifiedName } from "../syntax/macro";
import { emitConditional, emitLogic, emitNot } from "./logic";
import { candidates } from "./name";
import { emitNegation, emitOperator } from "./operator";
import { emitOptionalCall, OPTIONALS } from "./optional";
import { emitMatches } from "./pattern";
import type { Code, Program, Static } from "./program";
import { emitTextTest } from "./text";
import { boxedOf } from "./value";

/** Functions whose result has one type, so that no check follows. */
const GIVES: Readonly<Record<string, Static>> = {
  ".startsWith/1": "bool",
  ".endsWith/1": "bool",
  ".contains/1": "bool",
  ".matches/1": "bool",
  "matches/2": "bool",
  ".lowerAscii/0": "string",
  ".upperAscii/0": "string",
  ".trim/0": "string",
  "string/1": "string",
  ".size/0": "number",
  "size/1": "number",
};

/** Every call: operators, functions and methods. */
export function emitCall(program: Program, node: NodeOf<"call">): Code {
  const [first, second, third] = node.args;
  if (node.target === null && first !== undefined) {
    if (node.name === "_&&_" || node.name === "_||_") return emitLogic(program, node);
    if (node.name === "!_") return emitNot(program, first);
    if (node.name === "-_") return emitNegation(program, first);
    if (second !== undefined && third !== undefined && node.name === "_?_:_") {
      return emitConditional(program, first, second, third);
    }
    const operator = second === undefined ? null : emitOperator(program, node.name, first, second);
    if (operator !== null) return operator;
    if (node.name === "dyn" && node.args.length === 1) return program.emit(first);
  }
  return emitOptionalCall(program, node) ?? emitFunction(program, node);
}

function emitFunction(program: Program, node: NodeOf<"call">): Code {
  const resolved = resolve(program, node);
  if (resolved === null) {
    program.line(`{ ${program.raise("NO_OVERLOAD")} }`);
    return { atom: "null", type: "any" };
  }
  const { key, args } = resolved;
  const known = emitMatches(program, key, args) ?? emitTextTest(program, key, args);
  if (known !== null) return known;
  const implementation = program.environment.library[key];
  const atoms = args.map((arg) => boxedOf(program, program.emit(arg)).atom);
  const result = program.hold(`${program.constant(implementation)}(${atoms.join(", ")})`, GIVES[key] ?? "any");
  program.check(result.atom);
  return result;
}

/** Which function a call means. One that nothing defines is refused, or null where the environment lets it fail at run time. */
function resolve(program: Program, node: NodeOf<"call">): { key: string; args: readonly Node[] } | null {
  const { library } = program.environment;
  const find = (name: string): string | undefined =>
    [`${name}/${node.args.length}`, `${name}/*`].find((key) => key in library);
  const space = node.target === null ? null : qualifiedName(node.target);
  const name = space === null ? node.name : `${space}.${node.name}`;
  if (node.target === null || (space !== null && program.local(space.split(".", 1)[0] ?? "") === undefined)) {
    for (const candidate of candidates(program, name)) {
      const key = find(candidate);
      if (key !== undefined) return { key, args: node.args };
    }
  }
  const method = node.target === null ? undefined : find(`.${node.name}`);
  if (method === undefined || node.target === null) {
    return program.environment.late ? null : unknownFunction(program, node);
  }
  return { key: method, args: [node.target, ...node.args] };
}

function unknownFunction(program: Program, node: NodeOf<"call">): never {
  const keys = [...Object.keys(program.environment.library), ...MACROS, ...OPTIONALS].filter(
    (key) => !/^\.?@/.test(key),
  );
  const space = node.target === null ? null : qualifiedName(node.target);
  // What a space holds is nearer than a method of the same name.
  const prefixes = node.target === null ? [""] : space === null ? ["."] : [`${space}.`, "."];
  for (const prefix of prefixes) {
    const name = `${prefix}${node.name}/`;
    const takes = keys.filter((key) => key.startsWith(name)).map((key) => key.slice(name.length));
    if (takes.length === 0) continue;
    const plural = takes.join() === "1" ? "argument" : "arguments";
    const counts = [...new Set(takes)].join(" or ");
    return program.refuse(node.at, `${node.name}() takes ${counts} ${plural}, not ${node.args.length}.`);
  }
  const meant = prefixes.map((prefix) => {
    const names = keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
    return suggestion(
      node.name,
      names.map((name) => name.replace(/\/.*$/, "")).filter((name) => !name.includes(".")),
    );
  });
  return program.refuse(node.at, `${node.name}() is no function.${meant.find((text) => text !== "") ?? ""}`);
}
