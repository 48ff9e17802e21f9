import type { NodeOf } from "../syntax/ast";
import { candidates } from "./name";
import type { Code, Program } from "./program";
import { boxedOf, optionalOf, written } from "./value";

export function emitLiteral(program: Program, node: NodeOf<"literal">): Code {
  return written(node.value) ?? { atom: program.constant(node.value), type: "any" };
}

/** What a missing list or map is mostly taken for: made once, as the parser of JSON would make it, since nothing changes a value. */
const [NO_ITEMS, NO_ENTRIES]: readonly [unknown[], object] = [[null], {}];
NO_ITEMS.pop(); // It keeps the kind of an array that held something: the same as of those in the data.

/** `[a, ?b]`. */
export function emitList(program: Program, node: NodeOf<"list">): Code {
  if (node.items.length === 0) return { atom: program.constant(NO_ITEMS), type: "list" };
  if (node.items.every((item) => !item.optional)) {
    const atoms = node.items.map((item) => boxedOf(program, program.emit(item.value)).atom);
    return program.hold(`[${atoms.join(", ")}]`, "list");
  }
  const list = program.hold("[]", "list");
  for (const item of node.items) {
    const code = program.emit(item.value);
    if (item.optional) {
      const found = optionalOf(program, code);
      program.line(`if (${found.atom} !== undefined) ${list.atom}.push(${found.atom});`);
    } else program.line(`${list.atom}.push(${boxedOf(program, code).atom});`);
  }
  return list;
}

/** `{k: v, ?k: v}`. */
export function emitMap(program: Program, node: NodeOf<"map">): Code {
  if (node.entries.length === 0) return { atom: program.constant(NO_ENTRIES), type: "any" };
  const map = program.hold("new MapBuilder()");
  for (const entry of node.entries) {
    const key = boxedOf(program, program.emit(entry.key));
    const code = program.emit(entry.value);
    const value = entry.optional ? optionalOf(program, code) : boxedOf(program, code);
    program.line(entry.optional ? `if (${value.atom} !== undefined) {` : "{");
    const added = program.hold(`${map.atom}.add(${key.atom}, ${value.atom})`);
    program.check(added.atom);
    program.line(`if (!${added.atom}) { ${program.raise("REPEATED_KEY")} }`);
    program.line("}");
  }
  return program.hold(`${map.atom}.done()`);
}

/** `Name{field: value}` of a type that the environment has. */
export function emitMessage(program: Program, node: NodeOf<"message">): Code {
  const names = node.type.startsWith(".") ? [node.type.slice(1)] : candidates(program, node.type);
  const type = names.map((name) => program.environment.messages.get(name)).find((one) => one !== undefined);
  if (type === undefined) return program.refuse(node.at, `${node.type} is no type.`);
  const fields = program.hold("new Map()");
  for (const field of node.fields) {
    const code = program.emit(field.value);
    const value = field.optional ? optionalOf(program, code) : boxedOf(program, code);
    const set = `${fields.atom}.set(${JSON.stringify(field.name)}, ${value.atom});`;
    program.line(field.optional ? `if (${value.atom} !== undefined) ${set}` : set);
  }
  const made = program.hold(`${program.constant(type)}.create(${fields.atom})`);
  program.check(made.atom);
  return made;
}
