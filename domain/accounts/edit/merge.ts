import type { Settings } from "../connection";

const isObject = (value: unknown): value is Settings =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Settings with a patch merged into them as RFC 7396 has it: objects member by member, null takes one away, lists are replaced. */
export function merged(settings: Settings, patch: Settings): Record<string, unknown> {
  const result = new Map(Object.entries(settings));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) result.delete(name);
    else if (isObject(value)) {
      const before = result.get(name);
      result.set(name, merged(isObject(before) ? before : {}, value));
    } else result.set(name, value);
  }
  return Object.fromEntries(result);
}
