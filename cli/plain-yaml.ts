import { EVENT_ID } from "js-yaml";
import { KUBERNETES_YAML } from "./kubernetes-yaml";
import type { Outline } from "./outline";

/** A document as it was read, where its content begins, and where everything stands in it if that was asked for. */
export interface PlainDocument {
  value: unknown;
  start: number;
  outline: Outline | null;
}

/** In place of a value: only the general parser can read this, or say what is wrong with it. */
const ODD = Symbol("odd");
const MAX_DEPTH = 50;
const [LINE, SPACE, QUOTE, HASH, APOSTROPHE, DASH, COLON] = [0x0a, 0x20, 0x22, 0x23, 0x27, 0x2d, 0x3a];
const [ASKED, BRACKET, CLOSED, BAR, BRACE, END] = [0x3f, 0x5b, 0x5d, 0x7c, 0x7b, 0x7d];

const codesOf = (characters: string): Uint8Array => {
  const codes = new Uint8Array(128);
  for (const character of characters) codes[character.charCodeAt(0)] = 1;
  return codes;
};
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_./";
const KEY_BEGINS = codesOf(LETTERS);
const KEY_HOLDS = codesOf(`${LETTERS}0123456789-`);
/** No scalar begins with these but one that is quoted or has properties. */
const NO_SCALAR = codesOf("#&*!|>'\"%@`,[]{}");
/** What else than a text begins with one of these. */
const RESOLVED = codesOf(
  KUBERNETES_YAML.tags
    .flatMap((tag) => (tag.nodeKind === "scalar" && tag.implicit ? (tag.implicitFirstChars ?? []) : []))
    .join(""),
);
const resolved = (source: string): unknown => KUBERNETES_YAML.resolveImplicitScalarTag(source).value;

/**
 * Reads a text that is one mapping written the way in which nearly all manifests are: blocks, one line for each scalar, quotes
 * without escapes, `|` for texts of many lines, comments, nothing but ASCII. Null for every other text, and for one that is
 * wrong. Several times faster than the general parser, which reads events first; what it gives is the same.
 */
export function readPlainYaml(text: string, outlined: boolean): PlainDocument | null {
  return /[^\n -~]/.test(text) ? null : new PlainReader(text, outlined ? [] : null).read();
}

class PlainReader {
  /** Where the content of the line begins that is read next, or what is left of it. */
  private at = 0;
  /** Its column; -1 at the end. */
  private indent = -1;

  constructor(
    private readonly text: string,
    private readonly marks: number[] | null,
  ) {}

  read(): PlainDocument | null {
    const { text, marks } = this;
    if (text.startsWith("---") && text.charCodeAt(3) !== LINE) return null;
    this.toLine(text.startsWith("---") ? 4 : 0);
    if (this.indent !== 0) return null;
    const start = this.at;
    this.mark(EVENT_ID.DOCUMENT, 0);
    const value = this.mapping(0, 0);
    if (value === ODD || !this.isOver()) return null;
    this.mark(EVENT_ID.POP, 0);
    if (marks === null) return { value, start, outline: null };
    return {
      value,
      start,
      outline: { marks: text.length < 65_536 ? Uint16Array.from(marks) : Uint32Array.from(marks), scalars: [] },
    };
  }

  private mark(type: number, start: number, end = 0): void {
    this.marks?.push(type, start, end);
  }

  /** Goes on to the next line that holds something, from where a line begins. */
  private toLine(from: number): void {
    const { text } = this;
    let at = from;
    while (true) {
      const start = at;
      while (text.charCodeAt(at) === SPACE) at++;
      const code = text.charCodeAt(at);
      if (code === HASH) at = this.lineEnd(at);
      else if (code !== LINE) {
        this.at = at;
        this.indent = at < text.length ? at - start : -1;
        return;
      }
      at++;
    }
  }

  private lineEnd(from: number): number {
    const end = this.text.indexOf("\n", from);
    return end < 0 ? this.text.length : end;
  }

  private isOver(): boolean {
    return this.indent < 0;
  }

  /** Whether a line ends here, or a blank follows: what makes an indicator of `-` and `:`. */
  private isApart(at: number): boolean {
    const code = this.text.charCodeAt(at);
    return code === SPACE || code === LINE || at >= this.text.length;
  }
  private isDash(at: number): boolean {
    return this.text.charCodeAt(at) === DASH && this.isApart(at + 1);
  }

  /** Where the colon of a key stands that begins here; -1 where none does. */
  private colon(): number {
    const { text } = this;
    let at = this.at;
    if (KEY_BEGINS[text.charCodeAt(at)] !== 1) return -1;
    while (KEY_HOLDS[text.charCodeAt(at)] === 1) at++;
    return text.charCodeAt(at) === COLON && this.isApart(at + 1) ? at : -1;
  }

  private key(): string | null {
    const end = this.colon();
    if (end < 0) return null;
    const key = plainKey(this.text.slice(this.at, end));
    this.mark(EVENT_ID.SCALAR, this.at, end);
    this.at = end + 1;
    return key;
  }

  private mapping(indent: number, depth: number): unknown {
    const map: Record<string, unknown> = {};
    let written = 0;
    this.mark(EVENT_ID.MAPPING, this.at);
    while (this.indent === indent) {
      const key = this.key();
      const value = key === null ? ODD : this.value(indent, depth, true);
      if (key === null || value === ODD) return ODD;
      map[key] = value;
      written += 1;
    }
    this.mark(EVENT_ID.POP, 0);
    // A key that was written twice counts once; what is indented more goes on with a scalar, or is wrong.
    return this.indent > indent || Object.keys(map).length !== written ? ODD : map;
  }

  private sequence(indent: number, depth: number): unknown {
    const list: unknown[] = [];
    this.mark(EVENT_ID.SEQUENCE, this.at);
    while (this.indent === indent && this.isDash(this.at)) {
      const dash = this.at;
      this.at += 1;
      const value = this.entry(indent, dash, depth);
      if (value === ODD) return ODD;
      list.push(value);
    }
    this.mark(EVENT_ID.POP, 0);
    return this.indent > indent ? ODD : list;
  }

  /** What stands behind a dash: a mapping or list that begins on its line, or what may stand behind a colon, too. */
  private entry(indent: number, dash: number, depth: number): unknown {
    const after = this.at;
    this.skipBlanks();
    const isList = this.isDash(this.at);
    if (!isList && this.colon() < 0) {
      this.at = after;
      return this.value(indent, depth, false);
    }
    this.indent = indent + this.at - dash;
    return this.collection(depth);
  }

  private collection(depth: number): unknown {
    if (depth > MAX_DEPTH) return ODD;
    return this.isDash(this.at) ? this.sequence(this.indent, depth + 1) : this.mapping(this.indent, depth + 1);
  }

  private skipBlanks(): void {
    while (this.text.charCodeAt(this.at) === SPACE) this.at++;
  }

  /** What stands behind the colon of a key (`isField`) or a dash in column `indent`; then goes on to the next line. */
  private value(indent: number, depth: number, isField: boolean): unknown {
    const { text } = this;
    this.skipBlanks();
    const code = text.charCodeAt(this.at);
    if (code === LINE || code === HASH || this.at >= text.length) {
      this.toLine(this.lineEnd(this.at) + 1);
      if (this.indent > indent) return this.collection(depth);
      if (isField && this.indent === indent && this.isDash(this.at)) return this.sequence(indent, depth + 1);
      if (!isField) this.mark(EVENT_ID.SCALAR, 0);
      return null;
    }
    if (code === BAR) return isField ? this.literal(indent) : ODD;
    if (code === BRACKET || code === BRACE) return this.empty(code);
    return code === QUOTE || code === APOSTROPHE ? this.quoted(code, isField) : this.plain(isField);
  }

  private plain(isField: boolean): unknown {
    const { text, at: start } = this;
    const first = text.charCodeAt(start);
    if (NO_SCALAR[first] === 1 || ((first === DASH || first === ASKED) && this.isApart(start + 1))) return ODD;
    let end = start;
    let at = start;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === LINE || (code === HASH && end < at)) break;
      if (code === COLON && this.isApart(at + 1)) return ODD;
      if (code !== SPACE) end = at + 1;
    }
    if (!isField) this.mark(EVENT_ID.SCALAR, start, end);
    this.toLine(this.lineEnd(at) + 1);
    const source = text.slice(start, end);
    return RESOLVED[first] === 1 ? resolved(source) : source;
  }

  private quoted(quote: number, isField: boolean): unknown {
    const { text, at } = this;
    const end = text.indexOf(quote === QUOTE ? '"' : "'", at + 1);
    const line = this.lineEnd(at);
    if (end < 0 || end > line) return ODD;
    const value = text.slice(at + 1, end);
    if (quote === QUOTE && value.includes("\\")) return ODD;
    if (!isField) this.mark(EVENT_ID.SCALAR, at + 1, end);
    return this.endLine(end + 1) ? value : ODD;
  }

  /** `[]` or `{}`. */
  private empty(bracket: number): unknown {
    const { text, at } = this;
    if (text.charCodeAt(at + 1) !== (bracket === BRACKET ? CLOSED : END)) return ODD;
    this.mark(bracket === BRACKET ? EVENT_ID.SEQUENCE : EVENT_ID.MAPPING, at);
    this.mark(EVENT_ID.POP, 0);
    if (!this.endLine(at + 2)) return ODD;
    return bracket === BRACKET ? [] : {};
  }

  /** Goes on to the next line where nothing is left of this one. */
  private endLine(from: number): boolean {
    this.at = from;
    this.skipBlanks();
    if (this.at < this.text.length && this.text.charCodeAt(this.at) !== LINE) return false;
    this.toLine(this.at + 1);
    return true;
  }

  /** `|` and `|-`: the lines that are indented more, without the blanks before the first of them. */
  private literal(indent: number): unknown {
    const { text, at: bar } = this;
    const isStripped = text.charCodeAt(bar + 1) === DASH;
    const header = isStripped ? bar + 2 : bar + 1;
    if (text.charCodeAt(header) !== LINE) return ODD;
    this.at = header + 1;
    this.skipBlanks();
    const margin = this.at - header - 1;
    // A blank line before the first is left to the general parser.
    if (margin <= indent || this.at >= text.length || text.charCodeAt(this.at) === LINE) return ODD;
    let from = header + 1;
    let value = "";
    while (from < text.length) {
      const end = this.lineEnd(from);
      let at = from;
      while (text.charCodeAt(at) === SPACE) at++;
      if (at < end && at - from < margin) break;
      if (end === text.length) return ODD;
      value += text.slice(Math.min(from + margin, end), end + 1);
      from = end + 1;
    }
    this.toLine(from);
    let end = value.length;
    while (value.charCodeAt(end - 1) === LINE) end--;
    return isStripped ? value.slice(0, end) : value.slice(0, end + 1);
  }
}

/** Keys that were met, so that each is looked at once; text from files must not fill the memory. */
const keys = new Map<string, string>();
const MAX_KEYS = 5000;

/** The key that is written so; null for a word such as `on`, which is no text, and for `__proto__`, which is no ordinary key. */
function plainKey(written: string): string | null {
  const known = keys.get(written);
  if (known !== undefined) return known;
  if (resolved(written) !== written || written === "__proto__") return null;
  if (keys.size < MAX_KEYS) keys.set(written, written);
  return written;
}
