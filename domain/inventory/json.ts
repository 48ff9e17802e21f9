/** Readers for JSON of unknown shape: what is not of the asked kind reads as empty, never throws. */
export type Json = Readonly<Record<string, unknown>>;

export const record = (value: unknown): Json =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const text = (value: unknown): string => (typeof value === "string" ? value : "");
export const texts = (value: unknown): string[] =>
  list(value).filter((item): item is string => typeof item === "string");
/** A map of strings, e.g. labels. Values that are no strings are left out. */
export const stringMap = (value: unknown): ReadonlyMap<string, string> =>
  new Map(Object.entries(record(value)).filter((entry): entry is [string, string] => typeof entry[1] === "string"));

/**
 * JSON text that PostgreSQL's jsonb accepts: NUL and lone surrogates, which only hostile names hold, become U+FFFD.
 * JSON.stringify writes exactly those two as escapes.
 */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value);
  if (!json.includes("\\u")) return json;
  return json.replace(/\\(?:\\|u0000|ud[89a-f][0-9a-f]{2})/g, (found) => (found === "\\\\" ? found : "\\ufffd"));
}
