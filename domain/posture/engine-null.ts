import type { Subject } from "./schema";

/**
 * The value without keys that are null, all the way down: Kubernetes reads `volumes:` left blank as if it were not written.
 * Null items of a list stay, since they are items. Shares what has no nulls; `depth` ends values nested without end.
 */
export function withoutNulls(value: unknown, depth = 0): unknown {
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return value;
  if (Array.isArray(value)) {
    let copy: unknown[] | null = null;
    for (let index = 0; index < value.length; index++) {
      const kept = withoutNulls(value[index], depth + 1);
      if (kept === value[index]) continue;
      copy ??= [...value];
      copy[index] = kept;
    }
    return copy ?? value;
  }
  let changed = false;
  const entries: [string, unknown][] = [];
  for (const [key, item] of Object.entries(value)) {
    const kept = withoutNulls(item, depth + 1);
    if (kept !== item || kept === null) changed = true;
    if (kept !== null) entries.push([key, kept]);
  }
  // fromEntries defines own keys, `__proto__` too, as JSON.parse does.
  return changed ? Object.fromEntries(entries) : value;
}

const MAX_DEPTH = 200;
const cleaned = new WeakMap<Subject, Subject>();

/**
 * The subject as controls read it. In an object of Kubernetes null is absent; among facts, of the cloud or derived, null is no
 * answer and stays. Made once per subject, since many controls judge it.
 */
export function readable(subject: Subject): Subject {
  if (subject.appliesTo === "ManagedCluster") return subject;
  let known = cleaned.get(subject);
  if (known === undefined) {
    const object = withoutNulls(subject.object);
    known = object === subject.object ? subject : { ...subject, object: object as Subject["object"] };
    cleaned.set(subject, known);
  }
  return known;
}
