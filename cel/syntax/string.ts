import { syntaxError } from "../error";

const SIMPLE: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  "\\": 92,
  "?": 63,
  '"': 34,
  "'": 39,
  "`": 96,
};
const encoder = new TextEncoder();

/** The string or bytes literal that begins at `at`, and its length in the text. Throws CelError `syntax`. */
export function stringAt(text: string, at: number): { length: number; value: string | Uint8Array } {
  let index = at;
  let raw = false;
  let bytes = false;
  for (; text[index] !== '"' && text[index] !== "'"; index++) {
    if (/[rR]/.test(text.charAt(index))) raw = true;
    else bytes = true;
  }
  const sign = text.charAt(index);
  const quote = text.startsWith(sign.repeat(3), index) ? sign.repeat(3) : sign;
  index += quote.length;
  const parts = bytes ? new Bytes() : new Text();
  while (!text.startsWith(quote, index)) {
    const char = text.charAt(index);
    if (char === "" || (quote.length === 1 && (char === "\n" || char === "\r"))) {
      throw syntaxError(text, at, "The string has no end.");
    }
    if (char !== "\\") {
      const point = String.fromCodePoint(text.codePointAt(index) ?? 0);
      parts.plain(point);
      index += point.length;
    } else if (raw) {
      // Two characters that stand for themselves, so that a quote after a backslash ends nothing.
      parts.plain(text.slice(index, index + 2));
      index += 2;
    } else index += escapeAt(text, index, parts, bytes);
  }
  return { length: index + quote.length - at, value: parts.value() };
}

class Text {
  private text = "";
  plain(part: string): void {
    this.text += part;
  }
  code(point: number): void {
    this.text += String.fromCodePoint(point);
  }
  value(): string {
    return this.text;
  }
}

class Bytes {
  private readonly bytes: number[] = [];
  plain(part: string): void {
    this.bytes.push(...encoder.encode(part));
  }
  code(byte: number): void {
    this.bytes.push(byte);
  }
  value(): Uint8Array {
    return Uint8Array.from(this.bytes);
  }
}

const CODED = /\\(?:x([0-9a-fA-F]{2})|X([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2}))/y;

function escapeAt(text: string, at: number, parts: Text | Bytes, bytes: boolean): number {
  const simple = SIMPLE[text.charAt(at + 1)];
  if (simple !== undefined) {
    parts.code(simple);
    return 2;
  }
  CODED.lastIndex = at;
  const match = CODED.exec(text);
  const [whole, hex = match?.[2], , four, eight, octal] = match ?? [];
  const unicode = four ?? eight;
  if (whole === undefined || (bytes && unicode !== undefined)) {
    throw syntaxError(text, at, "The escape is not one of CEL's.");
  }
  const point = octal === undefined ? Number.parseInt(hex ?? unicode ?? "", 16) : Number.parseInt(octal, 8);
  if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) {
    throw syntaxError(text, at, "The escape is no Unicode character.");
  }
  parts.code(point);
  return whole.length;
}
