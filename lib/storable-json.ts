/** Whether PostgreSQL keeps a text as it is: no NUL, and no half of a character (a lone surrogate). */
export const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes("\0");

/**
 * JSON text that PostgreSQL's jsonb accepts: NUL and lone surrogates, which only hostile names hold, become U+FFFD.
 * JSON.stringify writes exactly those two as escapes.
 */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value);
  if (!json.includes("\\u")) return json;
  return json.replace(/\\(?:\\|u0000|ud[89a-f][0-9a-f]{2})/g, (found) => (found === "\\\\" ? found : "\\ufffd"));
}
