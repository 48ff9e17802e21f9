import type { Json } from "./canonical";

const SECRET_KEY = /(password|passphrase|secret|token|credential|private_?key|api_?key|authorization|cookie)$/i;
const SECRET_TEXT = /\bsw_[0-9A-Za-z]{42}\b|-----BEGIN [A-Z ]*PRIVATE KEY-----|\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*/;
const NOT_KEPT = "[not kept]";
const MAX_TEXT = 2000;
const MAX_MEMBERS = 200;
const MAX_DEPTH = 8;

/** A text as PostgreSQL can keep it: no NUL, no half of a surrogate pair, bounded. */
export const keepable = (text: string, max: number): string =>
  Buffer.from(text.replaceAll("\0", "�").slice(0, max)).toString();

/**
 * A name as the audit log may keep it. Nothing in it is escaped in JSON: V8 13.6 (Node 24) reads a name that ends in an escape as one that it
 * met before in that place and that ends in a backslash (`JSON.parse('{"\\\\":1}')`, then `Object.keys(JSON.parse('{"\\n":1}'))`), so
 * that an entry would be read as changed that was not.
 */
const keepableName = (name: string): string => keepable(name, 200).replace(/["\\\u0000-\u001f]/g, "�");

/**
 * Details as the audit log may keep them. Callers never pass secrets; this is the second wall: texts under a name like
 * `password` and texts that look like a credential are replaced, size and depth bounded.
 */
export function redacted(value: unknown, depth = 0): Json {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "string") return SECRET_TEXT.test(value) ? NOT_KEPT : keepable(value, MAX_TEXT);
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== "object" || depth >= MAX_DEPTH)
    return value === undefined ? null : keepable(String(value), MAX_TEXT);
  if (Array.isArray(value)) return value.slice(0, MAX_MEMBERS).map((each) => redacted(each, depth + 1));
  const members = Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .slice(0, MAX_MEMBERS);
  return Object.fromEntries(
    members.map(([key, each]) => [
      keepableName(key),
      typeof each === "string" && SECRET_KEY.test(key) ? NOT_KEPT : redacted(each, depth + 1),
    ]),
  );
}
