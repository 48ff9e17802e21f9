import { syntaxError } from "../error";
import { MAX_INT, MIN_INT } from "../value/boxed";
import type { Literal } from "./ast";
import { numberOf } from "./number";
import { stringAt } from "./string";

export interface Token {
  /** `name` (also `in`, `true` and reserved words), `quoted` (a name in backticks), `literal`, `end`, or the sign itself. */
  readonly kind: "name" | "quoted" | "literal" | "sign" | "end";
  readonly text: string;
  readonly at: number;
  readonly value?: Literal;
}

export const RESERVED = new Set(
  "as break const continue else for function if import let loop package namespace return var void while".split(" "),
);

const BLANK = /(?:[\t\n\f\r ]|\/\/[^\n]*)+/y;
const NAME = /[_a-zA-Z][_a-zA-Z0-9]*/y;
const QUOTED = /`([-_a-zA-Z0-9./ ]+)`/y;
const NUMBER =
  /0[xX][0-9a-fA-F]+[uU]?|(?:[0-9]+\.[0-9]+|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+|[0-9]+[uU]?/y;
const STRING = /(?:[rR][bB]?|[bB][rR]?)?(?:"|')/y;
const SIGN = /&&|\|\||==|!=|<=|>=|[-+*/%!<>?:.,()[\]{}]/y;

/** The tokens of an expression, `end` last. Throws CelError `syntax` with the position. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0] ?? null;
  };
  for (;;) {
    at += take(BLANK)?.length ?? 0;
    if (at >= text.length) break;
    const token = tokenAt(text, at, take);
    tokens.push(token);
    at += token.text.length;
  }
  tokens.push({ kind: "end", text: "", at: text.length });
  return tokens;
}

function tokenAt(text: string, at: number, take: (pattern: RegExp) => string | null): Token {
  if (take(STRING) !== null) {
    const { length, value } = stringAt(text, at);
    return { kind: "literal", text: text.slice(at, at + length), at, value };
  }
  const number = take(NUMBER);
  if (number !== null) {
    const next = text.charAt(at + number.length);
    if (/[_a-zA-Z0-9]/.test(next)) throw syntaxError(text, at, "A number ends in letters.");
    return { kind: "literal", text: number, at, value: numberOf(number) ?? refused(text, at) };
  }
  const name = take(NAME);
  if (name !== null) return { kind: "name", text: name, at };
  const quoted = take(QUOTED);
  if (quoted !== null) return { kind: "quoted", text: quoted, at };
  const sign = take(SIGN);
  if (sign !== null) return { kind: "sign", text: sign, at };
  throw syntaxError(text, at, `${JSON.stringify(text.charAt(at))} has no meaning here.`);
}

function refused(text: string, at: number): never {
  throw syntaxError(text, at, `The number is out of range (${MIN_INT} to ${MAX_INT}).`);
}
