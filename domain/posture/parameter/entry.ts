/** Parameters as people write them in a form: one entry of a list a line, a map as `key: value` lines. Safe in the browser. */
export type EntryKind = "text" | "number" | "choice" | "lines";

export const entryKind = (own: unknown): EntryKind =>
  typeof own === "boolean" ? "choice" : typeof own === "number" ? "number" : typeof own === "object" ? "lines" : "text";

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** One entry of a list; a map, or a list in a list, as JSON. */
const line = (item: unknown): string => (typeof item === "object" ? JSON.stringify(item) : String(item));

/** A value as it stands in the form; `[]` and `{}` say that nothing is meant, since an empty field keeps the wider place's value. */
export function written(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "[]" : value.map(line).join("\n");
  if (!isMap(value)) return String(value ?? "");
  const entries = Object.entries(value);
  return entries.length === 0 ? "{}" : entries.map(([key, item]) => `${key}: ${written(item)}`).join("\n");
}

/** A text of the type of its example, unchecked otherwise: what can't be read stays text, and is refused by the parameter's schema. */
function typed(like: unknown, text: string): unknown {
  if (typeof like === "number") return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  if (typeof like === "boolean") return text === "true" ? true : text === "false" ? false : text;
  if (typeof like !== "object" || like === null) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** What was entered for a parameter; undefined for an empty field. */
export function entered(own: unknown, text: string): unknown {
  if (text.trim() === "") return undefined;
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  if (Array.isArray(own)) return text.trim() === "[]" ? [] : lines.map((line) => typed(own[0], line));
  if (!isMap(own)) return typed(own, text.trim());
  if (text.trim() === "{}") return {};
  const [like] = Object.values(own);
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf(": ");
      return at < 0 ? [line, undefined] : [line.slice(0, at).trim(), typed(like, line.slice(at + 2).trim())];
    }),
  );
}
