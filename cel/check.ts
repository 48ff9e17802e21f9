import { suggestion } from "@/lib/nearest";
import { compile, LIMITS } from "./compile";
import { CelError, syntaxError } from "./error";
import { childrenOf, type Node, type NodeOf } from "./syntax/ast";
import { parse } from "./syntax/parse";

/**
 * What an expression may read: bindings by name, and below each its fields, as deep as they are known. `true` says that
 * anything may be below; `*` stands for the elements of a list.
 */
export interface Known {
  readonly [name: string]: Known | true;
}

/** One thing wrong with an expression. Line and column count from 1. */
export interface Problem {
  readonly line: number;
  readonly column: number;
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
  return { line: Number(line), column: Number(column), message };
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

function unknownNames(text: string, root: Node, known: Known): readonly Problem[] {
  const problems: Problem[] = [];
  const report = (at: number, message: string): true => {
    problems.push(problemOf(syntaxError(text, at, message)));
    return true;
  };
  const field = (below: Known | true, name: string, at: number): Known | true => {
    if (below === true) return true;
    if (Object.hasOwn(below, name)) return below[name] ?? true;
    return report(at, `${name} is not known here.${suggestion(name, Object.keys(below))}`);
  };

  /** What is known below the value of a node. */
  const visit = (node: Node, scope: Scope): Known | true => {
    switch (node.kind) {
      case "name": {
        const local = scope.get(node.name);
        if (local !== undefined || TYPES.includes(node.name)) return local ?? true;
        if (Object.hasOwn(known, node.name)) return known[node.name] ?? true;
        return report(
          node.at,
          `${node.name} is not known.${suggestion(node.name, [...Object.keys(known), ...scope.keys()])}`,
        );
      }
      case "select":
      case "has":
        return field(visit(node.operand, scope), node.field, node.at + 1);
      case "index": {
        const below = visit(node.operand, scope);
        visit(node.index, scope);
        if (node.index.kind === "literal" && typeof node.index.value === "string")
          return field(below, node.index.value, node.index.at);
        return below === true ? true : (below["*"] ?? true);
      }
      case "loop":
        return loop(node, scope);
      case "bind":
        return visit(node.body, new Map([...scope, [node.name, visit(node.value, scope)]]));
      case "optMap":
        return visit(node.body, new Map([...scope, [node.name, visit(node.operand, scope)]]));
      case "call":
        return call(node, scope);
      default:
        for (const child of childrenOf(node)) visit(child, scope);
        return true;
    }
  };
  const call = (node: NodeOf<"call">, scope: Scope): Known | true => {
    const { target, args } = node;
    const space =
      target?.kind === "name" &&
      SPACES.has(target.name) &&
      !Object.hasOwn(known, target.name) &&
      !scope.has(target.name);
    const below = target === null || space ? true : visit(target, scope);
    for (const arg of args) visit(arg, scope);
    return target !== null && ["orValue", "or", "value"].includes(node.name) ? below : true;
  };
  const loop = (node: NodeOf<"loop">, scope: Scope): true => {
    const range = visit(node.range, scope);
    const element = range === true ? true : (range["*"] ?? true);
    const [first, second] = node.names;
    const inner = new Map(scope).set(first, second === undefined ? element : true);
    if (second !== undefined) inner.set(second, element);
    for (const step of [node.filter, node.step]) if (step !== null) visit(step, inner);
    return true;
  };
  visit(root, new Map());
  return problems;
}
