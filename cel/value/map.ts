import { Boxed, isPlain, numeric, type Plain, Uint, type Value } from "./boxed";
import { spend } from "./budget";
import { BAD_KEY, type Fault } from "./fault";

export type Key = string | boolean | number | bigint | Uint;

/** A map that has other keys than strings. Numeric keys of all kinds that are equal are one key. */
export class Keyed extends Boxed {
  readonly $entries = new Map<string | boolean | number | bigint, readonly [Key, Value]>();
}
export type AnyMap = Plain | Keyed;

export const isMap = (value: unknown): value is AnyMap => value instanceof Keyed || isPlain(value);

/** What a value finds as a key: equal numbers are one; undefined when it can be no key. */
function seekOf(key: Value): string | boolean | number | bigint | undefined {
  if (typeof key === "string" || typeof key === "boolean") return key;
  const number = numeric(key);
  if (number === undefined || (typeof number === "number" && !Number.isInteger(number))) return undefined;
  return typeof number === "bigint" && number >= -9007199254740991n && number <= 9007199254740991n
    ? Number(number)
    : number;
}

/** The value under a key; undefined when there is none. Own properties only. */
export function mapGet(map: AnyMap, key: Value): Value | undefined {
  if (!(map instanceof Keyed)) {
    return typeof key === "string" && Object.hasOwn(map, key) ? map[key] : undefined;
  }
  const seek = seekOf(key);
  return seek === undefined ? undefined : map.$entries.get(seek)?.[1];
}

/** Whether a value can be looked up as a key at all. */
export const isKey = (key: Value): boolean =>
  typeof key === "string" || typeof key === "boolean" || numeric(key) !== undefined;

/** Spends nothing: a loop counts them in its own steps. */
export function mapKeys(map: AnyMap): readonly Value[] {
  return map instanceof Keyed ? [...map.$entries.values()].map(([key]) => key) : Object.keys(map);
}
/** Throws OutOfBudget. */
export function mapEntries(map: AnyMap): readonly (readonly [Value, Value])[] {
  const entries = map instanceof Keyed ? [...map.$entries.values()] : Object.entries(map);
  spend(entries.length);
  return entries;
}
/** Throws OutOfBudget. */
export function mapSize(map: AnyMap): number {
  if (map instanceof Keyed) return map.$entries.size;
  const size = Object.keys(map).length;
  spend(size);
  return size;
}

/** Collects entries; becomes a plain object without prototype when all keys are strings, so that `__proto__` is a key like others. */
export class MapBuilder {
  private readonly keyed = new Keyed();
  private strings = true;

  /** False when the key is there already. A key of a wrong type gives BAD_KEY. */
  add(key: Value, value: Value): boolean | Fault {
    if (typeof key === "string") return this.set(key, key, value);
    if (typeof key === "boolean" || typeof key === "bigint" || Number.isSafeInteger(key) || key instanceof Uint) {
      this.strings = false;
      const seek = seekOf(key);
      if (seek !== undefined) return this.set(seek, key as Key, value);
    }
    return BAD_KEY;
  }

  private set(seek: string | boolean | number | bigint, key: Key, value: Value): boolean {
    if (this.keyed.$entries.has(seek)) return false;
    this.keyed.$entries.set(seek, [key, value]);
    return true;
  }

  done(): AnyMap {
    if (!this.strings) return this.keyed;
    const plain: Record<string, Value> = Object.create(null);
    for (const [key, [, value]] of this.keyed.$entries) plain[String(key)] = value;
    return plain;
  }
}
