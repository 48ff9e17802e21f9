const MAX_DEPTH = 200;
/** Converted twin by source. Bindings are treated as immutable, so an object that many expressions read is converted once. */
const twins = new WeakMap<object, unknown>();

/**
 * JSON as CEL sees it: integral numbers become CEL ints (bigint), everything else stays. A subtree without integers
 * is returned as it is. Throws RangeError beyond 200 levels.
 */
export function withIntegers(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return convert(value, 0);
  let twin = twins.get(value);
  if (twin === undefined) {
    twin = convert(value, 0);
    twins.set(value, twin);
  }
  return twin;
}

function convert(value: unknown, depth: number): unknown {
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof value !== "object" || value === null) return value;
  if (depth > MAX_DEPTH) throw new RangeError(`nested deeper than ${MAX_DEPTH} levels`);
  return Array.isArray(value) ? convertList(value, depth) : convertMap(value, depth);
}

function convertList(list: readonly unknown[], depth: number): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (const [index, item] of list.entries()) {
    const twin = convert(item, depth + 1);
    if (twin !== item) copy ??= list.slice(0, index);
    copy?.push(twin);
  }
  return copy ?? list;
}

function convertMap(map: object, depth: number): object {
  let changes: [string, unknown][] | undefined;
  for (const [key, item] of Object.entries(map)) {
    const twin = convert(item, depth + 1);
    if (twin === item) continue;
    changes ??= [];
    changes.push([key, twin]);
  }
  return changes === undefined ? map : Object.fromEntries([...Object.entries(map), ...changes]);
}
