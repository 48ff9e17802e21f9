import { at } from "./engine-walk";

const MAX_VALUE = 120;
const MAX_MESSAGE = 600;
const PLACEHOLDER = /\{\{\s*([A-Za-z]\w*(?:\.[A-Za-z_]\w*)*)\s*\}\}/g;

/**
 * Fills `{{container.name}}` from the bindings: own properties only, texts, numbers and booleans only, each cut at 120
 * characters and freed of control characters (names come from clusters). What is not there becomes `?`.
 */
export function fillMessage(template: string, bindings: Readonly<Record<string, unknown>>): string {
  return template.replace(PLACEHOLDER, (_whole, path: string) => shown(at(bindings, path))).slice(0, MAX_MESSAGE);
}

function shown(value: unknown): string {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return value.length === 0 ? "none" : cut(value.slice(0, 20).map(shown).join(", "));
  return typeof value === "string" && value !== "" ? cut(value) : "?";
}

const cut = (text: string): string => {
  const clean = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "�");
  return clean.length > MAX_VALUE ? `${clean.slice(0, MAX_VALUE - 1)}…` : clean;
};
