import type { Entry, Field, Item, Node } from "./ast";
import { Cursor, type Limits } from "./cursor";
import { globalMacro, methodMacro, qualifiedName } from "./macro";
import { negativeOf } from "./number";
import { RESERVED, type Token } from "./token";

const RELATIONS = ["==", "!=", "<=", ">=", "<", ">", "in"];

/** Reads one CEL expression, macros expanded to nodes of their own. Throws CelError `syntax` with line and column. */
export function parse(text: string, limits: Limits): Node {
  const cursor = new Cursor(text, limits);
  const node = expression(cursor);
  if (cursor.peek().kind !== "end") cursor.refuse("Expected an operator or the end");
  return node;
}

function expression(cursor: Cursor): Node {
  return cursor.nested(() => {
    const condition = either(cursor);
    const { at } = cursor.peek();
    if (!cursor.takes("?")) return condition;
    const then = either(cursor);
    cursor.expect(":");
    return call(cursor, at, "_?_:_", [condition, then, expression(cursor)]);
  });
}

function call(cursor: Cursor, at: number, name: string, args: readonly Node[], target: Node | null = null): Node {
  cursor.count();
  return { kind: "call", name, target, args, at };
}

/** A left-associative level of binary operators. */
const level =
  (signs: readonly string[], below: (cursor: Cursor) => Node) =>
  (cursor: Cursor): Node => {
    let left = below(cursor);
    for (;;) {
      const sign = signs.find((one) => cursor.sees(one));
      if (sign === undefined) return left;
      const { at } = cursor.next();
      left = call(cursor, at, `_${sign}_`, [left, below(cursor)]);
    }
  };

const product = level(["*", "/", "%"], unary);
const sum = level(["+", "-"], product);
const relation = level(RELATIONS, sum);
const both = level(["&&"], relation);
const either = level(["||"], both);

/** `!` and `-`, any number of one of them. A minus before a number belongs to the number. */
function unary(cursor: Cursor): Node {
  const { at } = cursor.peek();
  const sign = cursor.sees("!") ? "!" : cursor.sees("-") ? "-" : null;
  if (sign === null) return member(cursor, primary(cursor));
  const next = cursor.peek(1);
  const negative = sign === "-" && next.kind === "literal" ? negativeOf(next.value ?? null) : null;
  if (negative !== null) {
    cursor.next();
    return member(cursor, literal(cursor, { ...cursor.next(), at, value: negative }));
  }
  cursor.next();
  return call(cursor, at, `${sign}_`, [cursor.nested(() => unary(cursor))]);
}

function literal(cursor: Cursor, token: Token): Node {
  cursor.count();
  if (token.value === 2n ** 63n) cursor.error(token.at, "The number is out of range.");
  return { kind: "literal", value: token.value ?? null, at: token.at };
}

function member(cursor: Cursor, first: Node): Node {
  let node = first;
  for (;;) {
    const { at } = cursor.peek();
    if (cursor.takes(".")) {
      const optional = cursor.takes("?");
      const token = cursor.next();
      if (token.kind !== "quoted" && (token.kind !== "name" || isLiteralWord(token.text)))
        cursor.refuse("Expected a name", token);
      const field = fieldOf(token);
      if (!optional && token.kind === "name" && cursor.takes("(")) node = method(cursor, token.at, node, field);
      else {
        cursor.count();
        node = { kind: "select", operand: node, field, optional, at };
      }
    } else if (cursor.takes("[")) {
      const optional = cursor.takes("?");
      const index = expression(cursor);
      cursor.expect("]");
      cursor.count();
      node = { kind: "index", operand: node, index, optional, at };
    } else if (cursor.sees("{")) {
      const type = qualifiedName(node);
      if (type === null) return node;
      cursor.next();
      cursor.count();
      node = { kind: "message", type, fields: fields(cursor), at };
    } else return node;
  }
}

function method(cursor: Cursor, at: number, target: Node, name: string): Node {
  const args = listOf(cursor, ")", () => expression(cursor));
  return methodMacro(cursor, at, target, name, args) ?? call(cursor, at, name, args, target);
}

function primary(cursor: Cursor): Node {
  const token = cursor.next();
  if (token.kind === "literal") return literal(cursor, token);
  if (token.kind === "name") return named(cursor, token, false);
  if (token.kind !== "sign") return cursor.refuse("Expected a value", token);
  if (token.text === "(") {
    const inner = expression(cursor);
    cursor.expect(")");
    return inner;
  }
  if (token.text === "[") {
    cursor.count();
    return { kind: "list", items: listOf(cursor, "]", () => item(cursor)), at: token.at };
  }
  if (token.text === "{") {
    cursor.count();
    return { kind: "map", entries: listOf(cursor, "}", () => entry(cursor)), at: token.at };
  }
  if (token.text === ".") return named(cursor, cursor.next(), true);
  return cursor.refuse("Expected a value", token);
}

function named(cursor: Cursor, token: Token, absolute: boolean): Node {
  const { text, at } = token;
  if (token.kind !== "name" || text === "in" || RESERVED.has(text)) return cursor.refuse("Expected a value", token);
  if (!absolute && isLiteralWord(text)) {
    return literal(cursor, { ...token, value: text === "null" ? null : text === "true" });
  }
  if (!cursor.takes("(")) {
    cursor.count();
    return { kind: "name", name: text, absolute, at };
  }
  const args = listOf(cursor, ")", () => expression(cursor));
  return globalMacro(cursor, at, text, args) ?? call(cursor, at, text, args);
}

const isLiteralWord = (text: string): boolean =>
  text === "true" || text === "false" || text === "null" || text === "in";

/** Comma-separated parts up to a closing sign; a comma may stand before it, but in no argument list. */
function listOf<T>(cursor: Cursor, end: string, part: () => T): T[] {
  const parts: T[] = [];
  while (!cursor.takes(end)) {
    parts.push(part());
    if (cursor.takes(",")) {
      if (end === ")" && cursor.sees(end)) cursor.refuse("Expected an argument");
    } else if (!cursor.sees(end)) cursor.refuse(`Expected "," or ${JSON.stringify(end)}`);
  }
  return parts;
}

function item(cursor: Cursor): Item {
  const optional = cursor.takes("?");
  return { value: expression(cursor), optional };
}

function entry(cursor: Cursor): Entry {
  const optional = cursor.takes("?");
  const key = expression(cursor);
  cursor.expect(":");
  return { key, value: expression(cursor), optional };
}

function fields(cursor: Cursor): Field[] {
  return listOf(cursor, "}", () => {
    const optional = cursor.takes("?");
    const token = cursor.next();
    if (token.kind !== "quoted" && (token.kind !== "name" || isLiteralWord(token.text)))
      cursor.refuse("Expected a field", token);
    cursor.expect(":");
    return { name: fieldOf(token), value: expression(cursor), optional };
  });
}

const fieldOf = (token: Token): string => (token.kind === "quoted" ? token.text.slice(1, -1) : token.text);
