import { syntaxError } from "../error";
import { type Token, tokensOf } from "./token";

/** Bounds of one expression, so that a customer's text costs little to read, to hold and to compile. */
export interface Limits {
  readonly characters: number;
  readonly nodes: number;
  /** Brackets, arguments and conditionals inside each other. */
  readonly depth: number;
}

/** Walks over the tokens and keeps the limits. Every method throws CelError `syntax` with line and column. */
export class Cursor {
  private readonly tokens: readonly Token[];
  private index = 0;
  private nodes = 0;
  private depth = 0;

  constructor(
    readonly text: string,
    private readonly limits: Limits,
  ) {
    if (text.length > limits.characters) {
      throw syntaxError(text, 0, `The expression has ${text.length} characters; ${limits.characters} are allowed.`);
    }
    this.tokens = tokensOf(text);
  }

  peek(ahead = 0): Token {
    return this.tokens[Math.min(this.index + ahead, this.tokens.length - 1)] ?? { kind: "end", text: "", at: 0 };
  }

  next(): Token {
    const token = this.peek();
    this.index++;
    return token;
  }

  /** Whether the next token is this sign (or the word `in`). */
  sees(sign: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.text === sign && (token.kind === "sign" || sign === "in");
  }

  /** Takes the sign if it is next. */
  takes(sign: string): boolean {
    if (!this.sees(sign)) return false;
    this.index++;
    return true;
  }

  expect(sign: string): void {
    if (!this.takes(sign)) this.refuse(`Expected ${JSON.stringify(sign)}`);
  }

  /** Counts a node; every node is made after this. */
  count(): void {
    if (++this.nodes > this.limits.nodes) {
      throw syntaxError(this.text, this.peek().at, `The expression has more than ${this.limits.nodes} parts.`);
    }
  }

  nested<T>(parse: () => T): T {
    if (++this.depth > this.limits.depth) {
      throw syntaxError(this.text, this.peek().at, `The expression is nested deeper than ${this.limits.depth} levels.`);
    }
    const parsed = parse();
    this.depth--;
    return parsed;
  }

  refuse(expected: string, token = this.peek()): never {
    const found = token.kind === "end" ? "the expression ends" : `found ${token.text.slice(0, 40)}`;
    throw syntaxError(this.text, token.at, `${expected}, but ${found}.`);
  }

  error(at: number, message: string): never {
    throw syntaxError(this.text, at, message);
  }
}
