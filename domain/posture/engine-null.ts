import type { Subject } from "./schema";

/**
 * The value without keys that are null, all the way down: Kubernetes reads `volumes:` left blank as if it were not written.
 * Null items of a list stay, since they are items. Shares what has no nulls; `depth` ends values nested without end.
 */
export function withoutNulls(value: unknown, depth = 0): unknown {
  return hasNulls(value, depth) ? copied(value, depth) : value;
}

/** Objects that whoever read them knows to hold no null, so that nobody looks through them. */
const nullFree = new WeakSet<object>();
export const markNullFree = (value: object): void => void nullFree.add(value);

/** Most objects hold no null key: they are looked through without making anything. */
function hasNulls(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return false;
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === "object" && hasNulls(item, depth + 1)) return true;
    return false;
  }
  // What a parser makes has no enumerable key but its own, and JSON's prototype has none either.
  for (const key in value) {
    const item: unknown = (value as Record<string, unknown>)[key];
    if (item === null || (typeof item === "object" && hasNulls(item, depth + 1))) return true;
  }
  return false;
}

function copied(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return value;
  if (Array.isArray(value)) return value.map((item) => withoutNulls(item, depth + 1));
  const entries: [string, unknown][] = [];
  for (const [key, item] of Object.entries(value))
    if (item !== null) entries.push([key, withoutNulls(item, depth + 1)]);
  // fromEntries defines own keys, `__proto__` too, as JSON.parse does.
  return Object.fromEntries(entries);
}

const MAX_DEPTH = 200;

/**
 * The subject as controls read it. In an object of Kubernetes null is absent; among facts, of the cloud or derived, null is no
 * answer and stays.
 */
export function readable(subject: Subject): Subject {
  if (subject.appliesTo === "ManagedCluster" || nullFree.has(subject.object)) return subject;
  const object = withoutNulls(subject.object);
  return object === subject.object ? subject : { ...subject, object: object as Subject["object"] };
}
