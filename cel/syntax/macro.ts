import type { Node, NodeOf } from "./ast";
import type { Cursor } from "./cursor";

/** Loop macros by name, with the number of their arguments for one name and for two. */
const LOOPS: Readonly<
  Record<string, { macro: NodeOf<"loop">["macro"]; one: readonly number[]; two: readonly number[] }>
> = {
  all: { macro: "all", one: [2], two: [3] },
  exists: { macro: "exists", one: [2], two: [3] },
  exists_one: { macro: "exists_one", one: [2], two: [3] },
  existsOne: { macro: "exists_one", one: [2], two: [3] },
  map: { macro: "map", one: [2, 3], two: [] },
  filter: { macro: "filter", one: [2], two: [] },
  transformList: { macro: "transformList", one: [], two: [3, 4] },
  transformMap: { macro: "transformMap", one: [], two: [3, 4] },
  transformMapEntry: { macro: "transformMapEntry", one: [], two: [3, 4] },
};

/** Macros as a library writes its functions: `.all/2`. */
export const MACROS: readonly string[] = [
  ...Object.entries(LOOPS).flatMap(([name, { one, two }]) => [...one, ...two].map((count) => `.${name}/${count}`)),
  ...[".optMap/2", ".optFlatMap/2", ".sortBy/2", "has/1", "cel.bind/3"],
];

/** What a method call means as a macro, or null when it is a plain call. Throws CelError where a macro is used wrongly. */
export function methodMacro(
  cursor: Cursor,
  at: number,
  target: Node,
  name: string,
  args: readonly Node[],
): Node | null {
  const loop = Object.hasOwn(LOOPS, name) ? LOOPS[name] : undefined;
  if (loop !== undefined) {
    if (loop.one.includes(args.length)) return loopOf(cursor, at, target, loop.macro, args, 1);
    if (loop.two.includes(args.length)) return loopOf(cursor, at, target, loop.macro, args, 2);
    return null;
  }
  const [first, second] = args;
  if (name === "sortBy") return sortBy(cursor, at, target, args);
  if (
    (name === "optMap" || name === "optFlatMap") &&
    first !== undefined &&
    second !== undefined &&
    args.length === 2
  ) {
    const variable = nameOf(cursor, first);
    return { kind: "optMap", flat: name === "optFlatMap", operand: target, name: variable, body: second, at };
  }
  if (target.kind !== "name") return null;
  if (target.name === "proto") return protoMacro(cursor, at, name, args);
  return target.name === "cel" ? celMacro(cursor, at, name, args) : null;
}

/** `proto.getExt(message, extension.name)` and `proto.hasExt`: an extension is a field with a qualified name. */
function protoMacro(cursor: Cursor, at: number, name: string, args: readonly Node[]): Node | null {
  const [operand, extension] = args;
  if ((name !== "getExt" && name !== "hasExt") || operand === undefined || extension === undefined) return null;
  const field = qualifiedName(extension) ?? cursor.error(extension.at, "An extension is a qualified name.");
  return name === "hasExt"
    ? { kind: "has", operand, field, at }
    : { kind: "select", operand, field, optional: false, at };
}

/** `a.b.c` as text; a leading dot is kept; null for any other expression. */
export function qualifiedName(node: Node): string | null {
  if (node.kind === "name") return node.absolute ? `.${node.name}` : node.name;
  if (node.kind !== "select" || node.optional) return null;
  const before = qualifiedName(node.operand);
  return before === null ? null : `${before}.${node.field}`;
}

/** `cel.bind(name, value, body)`, and `cel.block` with its references, as optimisers write them. */
function celMacro(cursor: Cursor, at: number, name: string, args: readonly Node[]): Node | null {
  const [first, second, third] = args;
  if (name === "bind" && first !== undefined && second !== undefined && third !== undefined && args.length === 3) {
    return { kind: "bind", name: nameOf(cursor, first), value: second, body: third, at };
  }
  if (name === "block" && first?.kind === "list" && second !== undefined && args.length === 2) {
    return { kind: "block", slots: first.items.map((item) => item.value), body: second, at };
  }
  const numbers = args.map((arg) => (arg.kind === "literal" && typeof arg.value === "number" ? arg.value : -1));
  const count = name === "index" ? 1 : name === "iterVar" || name === "accuVar" ? 2 : 0;
  if (count === 0) return null;
  if (numbers.length !== count || numbers.some((number) => number < 0))
    cursor.error(at, `cel.${name} takes literal ints.`);
  return { kind: "name", name: [`@${name}`, ...numbers].join(":"), absolute: false, at };
}

/** `has(a.b)`, or null for every other global call. */
export function globalMacro(cursor: Cursor, at: number, name: string, args: readonly Node[]): Node | null {
  if (name !== "has" || args.length !== 1) return null;
  const [arg] = args;
  if (arg?.kind !== "select" || arg.optional) return cursor.error(at, "has() takes a field: has(a.b).");
  return { kind: "has", operand: arg.operand, field: arg.field, at: arg.at };
}

/** `list.sortBy(x, key)`: the list is read once, and sorted by what `map` makes of its elements. No name of an expression begins with `@`. */
function sortBy(cursor: Cursor, at: number, target: Node, args: readonly Node[]): Node {
  if (target.kind === "literal" || target.kind === "map" || target.kind === "message") {
    cursor.error(target.at, "sortBy() sorts a list.");
  }
  if (args.length !== 2) cursor.error(at, `sortBy() takes 2 arguments, not ${args.length}.`);
  const list: Node = { kind: "name", name: "@sorted", absolute: false, at };
  const keys = loopOf(cursor, at, list, "map", args, 1);
  const body: Node = { kind: "call", name: "@sortByKeys", target: list, args: [keys], at };
  return { kind: "bind", name: "@sorted", value: target, body, at };
}

function loopOf(
  cursor: Cursor,
  at: number,
  range: Node,
  macro: NodeOf<"loop">["macro"],
  args: readonly Node[],
  names: 1 | 2,
): Node {
  const [first, second, ...rest] = args.slice(0, names).map((arg) => nameOf(cursor, arg));
  const steps = args.slice(names);
  const step = steps.at(-1);
  if (first === undefined || step === undefined || rest.length > 0)
    return cursor.error(at, `${macro} lacks an argument.`);
  if (first === second) return cursor.error(at, `${macro} uses the name ${first} twice.`);
  const filter = steps.length > 1 ? (steps[0] ?? null) : null;
  return { kind: "loop", macro, range, names: second === undefined ? [first] : [first, second], filter, step, at };
}

function nameOf(cursor: Cursor, node: Node): string {
  if (node.kind === "name" && !node.absolute) return node.name;
  return cursor.error(node.at, "A macro takes a simple name here.");
}
