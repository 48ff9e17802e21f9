import { suggestion } from "@/lib/nearest";
import { compile, LIMITS } from "./compile";
import { EACH } from "./emit/path";
import { CelError, syntaxError } from "./error";
import { either, elementOf, fieldsOf, type Known } from "./known";
import { childrenOf, type Node, type NodeOf } from "./syntax/ast";
import { parse } from "./syntax/parse";

/** One thing wrong with an expression. Line and column count from 1, `at` from 0 in UTF-16 units. */
export interface Problem {
  readonly line: number;
  readonly column: number;
  readonly at: number;
  readonly message: string;
}

/** Everything that is wrong with a predicate before any data is seen: syntax, functions, patterns, and names that nothing has. */
export function check(expression: string, known: Known): readonly Problem[] {
  try {
    compile(expression);
    return unknownNames(expression, parse(expression, LIMITS), known);
  } catch (error) {
    if (!(error instanceof CelError)) throw error;
    return [problemOf(error)];
  }
}

function problemOf(error: CelError): Problem {
  const [, line = "1", column = "1", message = error.message] = /^(\d+):(\d+): (.*)$/s.exec(error.message) ?? [];
  return { line: Number(line), column: Number(column), at: error.at ?? 0, message };
}

type Scope = ReadonlyMap<string, Known | true>;
const TYPES = ["bool", "int", "uint", "double", "string", "bytes", "list", "map", "null_type", "type", "optional_type"];
const SPACES = new Set([
  "optional",
  "math",
  "sets",
  "strings",
  "lists",
  "regex",
  "base64",
  "ip",
  "format",
  "cel",
  "google",
]);

/** Calls that give what they are called on, or one of its elements. */
const SAME = new Set(["value", "slice", "distinct", "reverse", "sort", "@sortByKeys"]);
const ELEMENT = new Set(["first", "last"]);

function unknownNames(text: string, root: Node, known: Known): readonly Problem[] {
  const problems: Problem[] = [];
  const report = (at: number, message: string): true => {
    problems.push(problemOf(syntaxError(text, at, message)));
    return true;
  };
  const field = (below: Known | true, name: string, at: number): Known | true => {
    if (below === true) return true;
    if (name !== EACH && Object.hasOwn(below, name)) return below[name] ?? true;
    return report(at, `${name} is not known here.${suggestion(name, fieldsOf(below))}`);
  };

  /** What is known below the value of a node. */
  const visit = (node: Node, scope: Scope): Known | true => {
    switch (node.kind) {
      case "name": {
        const local = scope.get(node.name);
        if (local !== undefined || TYPES.includes(node.name)) return local ?? true;
        if (Object.hasOwn(known, node.name)) return known[node.name] ?? true;
        const names = [...Object.keys(known), ...scope.keys()];
        return report(node.at, `${node.name} is not known.${suggestion(node.name, names)}`);
      }
      case "select":
      case "has":
        return field(visit(node.operand, scope), node.field, node.at + (text[node.at + 1] === "?" ? 2 : 1));
      case "index": {
        const below = visit(node.operand, scope);
        visit(node.index, scope);
        return node.index.kind === "literal" && typeof node.index.value === "string"
          ? field(below, node.index.value, node.index.at)
          : elementOf(below);
      }
      case "loop":
        return loop(node, scope);
      case "bind":
        return visit(node.body, new Map([...scope, [node.name, visit(node.value, scope)]]));
      case "optMap":
        return visit(node.body, new Map([...scope, [node.name, visit(node.operand, scope)]]));
      case "call":
        return call(node, scope);
      case "literal":
        return {};
      case "list": {
        const [first, ...rest] = node.items.map((item) => visit(item.value, scope));
        return first === undefined ? {} : { [EACH]: rest.reduce(either, first) };
      }
      case "map":
        return map(node, scope);
      default:
        for (const child of childrenOf(node)) visit(child, scope);
        return true;
    }
  };
  const map = (node: NodeOf<"map">, scope: Scope): Known | true => {
    const entries = node.entries.map(({ key, value }) => [key, visit(key, scope), visit(value, scope)] as const);
    const named: [string, Known | true][] = [];
    for (const [key, , value] of entries) {
      if (key.kind !== "literal" || typeof key.value !== "string") return true;
      named.push([key.value, value]);
    }
    return Object.fromEntries(named);
  };
  const call = (node: NodeOf<"call">, scope: Scope): Known | true => {
    const { target, args, name } = node;
    const space =
      target?.kind === "name" &&
      SPACES.has(target.name) &&
      !Object.hasOwn(known, target.name) &&
      !scope.has(target.name);
    const below = target === null || space ? true : visit(target, scope);
    const [first = true, second = true, third = true] = args.map((arg) => visit(arg, scope));
    if (space) return target.name === "optional" && name !== "none" ? first : true;
    if (target !== null) {
      if (name === "orValue" || name === "or") return either(below, first);
      return SAME.has(name) ? below : ELEMENT.has(name) ? elementOf(below) : true;
    }
    const [key] = args;
    if (name === "_in_" && key?.kind === "literal" && typeof key.value === "string") inMap(key.value, second, key.at);
    if (name === "_?_:_") return either(second, third);
    return name === "_+_" ? either(first, second) : name === "dyn" ? first : true;
  };
  /** A key that is asked for by `in`; of a list, and of what no key is known of, every text may be asked. */
  const inMap = (key: string, below: Known | true, at: number): void => {
    if (below !== true && !Object.hasOwn(below, EACH) && fieldsOf(below).length > 0) field(below, key, at);
  };
  const loop = (node: NodeOf<"loop">, scope: Scope): Known | true => {
    const range = visit(node.range, scope);
    const element = elementOf(range);
    const [first, second] = node.names;
    // With one name the keys of a map are walked, which are texts.
    const isMap = range !== true && !Object.hasOwn(range, EACH) && fieldsOf(range).length > 0;
    const inner = new Map(scope).set(first, second !== undefined || isMap ? {} : element);
    if (second !== undefined) inner.set(second, element);
    if (node.filter !== null) visit(node.filter, inner);
    const step = visit(node.step, inner);
    if (node.macro === "filter") return range;
    return node.macro === "map" || node.macro === "transformList" ? { [EACH]: step } : true;
  };
  visit(root, new Map());
  return problems;
}
