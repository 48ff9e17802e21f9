const MAX_DEPTH = 200;
/** Converted twin by source. Bindings are treated as immutable, so an object that many expressions read is converted once. */
const twins = new WeakMap<object, unknown>();

/**
 * JSON as CEL sees it: integral numbers become CEL ints (bigint), everything else stays. A subtree without integers
 * is returned as it is. Throws RangeError beyond 200 levels.
 */
export function withIntegers(value: unknown, depth = 0): unknown {
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof value !== "object" || value === null) return value;
  if (depth > MAX_DEPTH) throw new RangeError(`nested deeper than ${MAX_DEPTH} levels`);
  const known = twins.get(value);
  if (known !== undefined) return known;
  const twin = Array.isArray(value) ? convertList(value, depth) : convertMap(value, depth);
  twins.set(value, twin);
  return twin;
}

function convertList(list: readonly unknown[], depth: number): readonly unknown[] {
  const converted = list.map((item) => withIntegers(item, depth + 1));
  return converted.some((item, index) => item !== list[index]) ? converted : list;
}

function convertMap(map: object, depth: number): object {
  let changed = false;
  const converted: [string, unknown][] = [];
  for (const [key, item] of Object.entries(map)) {
    const twin = withIntegers(item, depth + 1);
    changed ||= twin !== item;
    converted.push([key, twin]);
  }
  return changed ? Object.fromEntries(converted) : map;
}
