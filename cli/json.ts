import type { Part } from "./documents";

const [QUOTE, COMMA, BRACKET, BRACE] = [0x22, 0x2c, 0x5b, 0x7b];

/** How many marks begin or part values in JSON; what stands in quotes is none. */
export function jsonMarks(text: string): number {
  let marks = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === COMMA || code === BRACKET || code === BRACE) marks += 1;
    else if (code === QUOTE) {
      at = text.indexOf('"', at + 1);
      while (at >= 0 && isEscaped(text, at)) at = text.indexOf('"', at + 1);
      if (at < 0) return marks;
    }
  }
  return marks;
}

/** Whether a text may be JSON, or JSON that somebody put comments into; all else is YAML. */
export const isJsonLike = (text: string): boolean => /^\s*[{[/]/.test(text);

/** The value of a JSON text; undefined where it is none. */
export function parseJson(text: string): { value: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    // JSON.parse keeps the last of two keys alike, the YAML reader names the second and its line.
    return keysWritten(text) === keysOf(value) ? { value } : undefined;
  } catch {
    // YAML's flow style starts alike; if it is neither, the YAML reader says where it breaks.
    return undefined;
  }
}

/** How many keys a JSON text writes. It has been parsed, so that a quote opens or ends a text, or is escaped. */
function keysWritten(text: string): number {
  let keys = 0;
  for (let open = text.indexOf('"'); open >= 0; ) {
    let end = text.indexOf('"', open + 1);
    while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
    let next = end + 1;
    while (text.charCodeAt(next) <= 0x20) next += 1;
    if (text[next] === ":") keys += 1;
    open = text.indexOf('"', next);
  }
  return keys;
}

function isEscaped(text: string, at: number): boolean {
  let before = at - 1;
  while (text[before] === "\\") before -= 1;
  return (at - before) % 2 === 0;
}

/** How many keys a value holds, at every depth. */
function keysOf(root: unknown): number {
  let keys = 0;
  const open = [root];
  for (let value = open.pop(); open.length > 0 || value !== undefined; value = open.pop()) {
    if (typeof value !== "object" || value === null) continue;
    const held = Array.isArray(value) ? value : Object.values(value);
    if (!Array.isArray(value)) keys += held.length;
    for (const each of held) if (typeof each === "object" && each !== null) open.push(each);
  }
  return keys;
}

/**
 * The values of a text that holds one JSON object behind the other, each from the beginning of a line on, as Kubernetes reads it too; null
 * where it is no such text.
 */
export function parseJsonStream(text: string): { value: unknown; part: Part }[] | null {
  const pieces = text.split(/\n(?=\{)(?<=\}\s*\n)/);
  if (pieces.length < 2) return null;
  const found: { value: unknown; part: Part }[] = [];
  let offset = 0;
  for (const piece of pieces) {
    const json = parseJson(piece);
    if (json === undefined) return null;
    found.push({ value: json.value, part: { text: piece, offset } });
    offset += piece.split("\n").length;
  }
  return found;
}

/** Texts and comments, whole or to the end. */
const TEXT_OR_COMMENT = /"(?:\\[\s\S]|[^"\\])*"?|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g;
const MAX_COMMENTED = 1024 * 1024;

/** Whether a text is JSON but for comments: YAML would read them as parts of keys and values. */
export function isCommentedJson(text: string): boolean {
  if (text.length > MAX_COMMENTED || !/\/[/*]/.test(text)) return false;
  const bare = text.replace(TEXT_OR_COMMENT, (found) => (found.startsWith("/") ? " " : found));
  // Who comments often leaves a comma at the end, too.
  return bare !== text && parseJson(bare.replace(/,(?=\s*[}\]])/g, "")) !== undefined;
}
