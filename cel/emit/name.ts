import type { NodeOf } from "../syntax/ast";
import { qualifiedName } from "../syntax/macro";
import { Type, type Value } from "../value/boxed";
import type { Code, Program } from "./program";
import { written } from "./value";

const TYPES: ReadonlyMap<string, Type> = new Map(
  ["bool", "int", "uint", "double", "string", "bytes", "list", "map", "null_type", "type", "optional_type"]
    .concat(["google.protobuf.Timestamp", "google.protobuf.Duration"])
    .map((name) => [name, new Type(name)]),
);
/** The one Type of each name, so that types are compared by it. */
export const typeOf = (name: string): Type => TYPES.get(name) ?? new Type(name);

/** A binding, the variable of a macro, or the name of a type. */
export function emitName(program: Program, node: NodeOf<"name">): Code {
  const local = node.absolute ? undefined : program.local(node.name);
  if (local !== undefined) {
    if (local.fault !== undefined) {
      program.line(`if (${local.fault} !== undefined) { ${program.raise(local.fault)} }`);
    }
    return local;
  }
  const { names } = program.environment;
  for (const name of node.absolute ? [node.name] : candidates(program, node.name)) {
    const constant = TYPES.get(name) ?? constantOf(program, name);
    if (names?.has(name) || (names === null && constant === undefined)) return bound(program, name);
    if (constant !== undefined) {
      if (names === null) return shadowed(program, node.name, constant);
      return written(constant) ?? { atom: program.constant(constant), type: "any" };
    }
  }
  return bound(program, node.name);
}

function constantOf(program: Program, name: string): Value | undefined {
  const { constants, messages } = program.environment;
  return constants.get(name) ?? (messages.has(name) ? typeOf(name) : undefined);
}

/** `a.b.c` as one qualified name, when the environment declares it; null when it is a read of a field. */
export function qualified(program: Program, node: NodeOf<"select">): Code | null {
  const text = qualifiedName(node);
  if (text === null) return null;
  const { names } = program.environment;
  const [root = ""] = text.replace(/^\./, "").split(".", 1);
  const absolute = text.startsWith(".");
  if (!absolute && program.local(root) !== undefined) return null;
  for (const name of absolute ? [text.slice(1)] : candidates(program, text)) {
    if (names?.has(name)) return bound(program, name);
    const constant = TYPES.get(name) ?? constantOf(program, name);
    if (constant !== undefined) return written(constant) ?? { atom: program.constant(constant), type: "any" };
  }
  return null;
}

/** In the order that CEL tries them: innermost container first. */
export function candidates(program: Program, name: string): string[] {
  const parts = program.environment.container === "" ? [] : program.environment.container.split(".");
  return [...parts.map((_, index) => [...parts.slice(0, parts.length - index), name].join(".")), name];
}

function bound(program: Program, name: string): Code {
  const atom = program.binding(name);
  program.line(`if (${atom} === undefined) { ${program.raise(program.fault("absent", `${name} is absent.`, name))} }`);
  return { atom, type: "any" };
}

/** A type's name that a binding may take over. */
function shadowed(program: Program, name: string, type: Value): Code {
  const atom = program.binding(name);
  return program.hold(`${atom} === undefined ? ${program.constant(type)} : ${atom}`);
}
