import { follow, keysOf } from "./engine-place";

const MAX_VALUE = 120;
const MAX_MESSAGE = 600;
const PLACEHOLDER = /\{\{\s*([A-Za-z]\w*(?:\.[A-Za-z_]\w*)*)\s*\}\}/;
const PLAIN = /^[\x20-\x7e]*$/;

/**
 * Fills `{{container.name}}` from the bindings: own properties only, texts, numbers and booleans only, each cut at 120
 * characters and freed of control characters (names come from clusters). What is not there becomes `?`, of facts `not known`.
 */
export function fillMessage(template: string, bindings: Readonly<Record<string, unknown>>): string {
  const { first, rest } = partsOf(template);
  let text = first;
  for (const { path, keys, behind } of rest) text += told(path, keys, bindings) + behind;
  return text.length > MAX_MESSAGE ? text.slice(0, MAX_MESSAGE) : text;
}

/** Whether it is filled from facts. */
export const tellsFacts = (template: string): boolean => partsOf(template).rest.some(({ keys }) => keys[0] === "facts");

const MAX_TEMPLATES = 5000;
interface Parts {
  /** What stands before the first placeholder. */
  readonly first: string;
  /** The placeholders, each with what stands behind it. */
  readonly rest: readonly { path: string; keys: readonly string[]; behind: string }[];
}
const templates = new Map<string, Parts>();
function partsOf(template: string): Parts {
  let parts = templates.get(template);
  if (parts === undefined) {
    // Texts and paths take turns.
    const [first = "", ...turns] = template.split(PLACEHOLDER);
    const rest = turns.flatMap((path, index) =>
      index % 2 === 0 ? [{ path, keys: keysOf(path), behind: turns[index + 1] ?? "" }] : [],
    );
    parts = { first, rest };
    if (templates.size < MAX_TEMPLATES) templates.set(template, parts);
  }
  return parts;
}

function told(path: string, keys: readonly string[], bindings: Readonly<Record<string, unknown>>): string {
  const value = follow(bindings, keys);
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
