import { at } from "./engine-place";

const MAX_VALUE = 120;
const MAX_MESSAGE = 600;
const PLACEHOLDER = /\{\{\s*([A-Za-z]\w*(?:\.[A-Za-z_]\w*)*)\s*\}\}/;
const PLAIN = /^[\x20-\x7e]*$/;

/**
 * Fills `{{container.name}}` from the bindings: own properties only, texts, numbers and booleans only, each cut at 120
 * characters and freed of control characters (names come from clusters). What is not there becomes `?`, of facts `not known`.
 */
export function fillMessage(template: string, bindings: Readonly<Record<string, unknown>>): string {
  const [first = "", ...rest] = partsOf(template);
  let text = first;
  // Paths and texts take turns.
  for (let index = 0; index < rest.length; index += 2)
    text += told(rest[index] ?? "", bindings) + (rest[index + 1] ?? "");
  return text.length > MAX_MESSAGE ? text.slice(0, MAX_MESSAGE) : text;
}

const MAX_TEMPLATES = 5000;
const templates = new Map<string, readonly string[]>();
/** What stands between the placeholders of a template, and their paths. */
function partsOf(template: string): readonly string[] {
  let parts = templates.get(template);
  if (parts === undefined) {
    parts = template.split(PLACEHOLDER);
    if (templates.size < MAX_TEMPLATES) templates.set(template, parts);
  }
  return parts;
}

function told(path: string, bindings: Readonly<Record<string, unknown>>): string {
  const value = at(bindings, path);
  return value === undefined && path.startsWith("facts.") ? "not known" : shown(value);
}

function shown(value: unknown): string {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return value.length === 0 ? "none" : cut(value.slice(0, 20).map(shown).join(", "));
  return typeof value === "string" && value !== "" ? cut(value) : "?";
}

const cut = (whole: string): string => {
  const text = whole.length > 2 * MAX_VALUE ? whole.slice(0, 2 * MAX_VALUE) : whole;
  const clean = PLAIN.test(text) ? text : text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "�");
  return clean.length > MAX_VALUE ? `${clean.slice(0, MAX_VALUE - 1)}…` : clean;
};
