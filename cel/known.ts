import { EACH } from "./emit/path";

/**
 * What an expression may read: bindings by name, and below each its fields, as deep as they are known. `true` says that
 * anything may be below; `*` stands for the elements of a list. Below a text, a number or a truth value there is nothing.
 */
export interface Known {
  readonly [name: string]: Known | true;
}

const SCALAR: Known = Object.freeze({});

/** What is known when it is one of two: the fields of both. */
export function either(one: Known | true, other: Known | true): Known | true {
  if (one === true || other === true) return true;
  const both: Record<string, Known | true> = { ...one };
  for (const [name, below] of Object.entries(other)) {
    const known = Object.hasOwn(both, name) ? both[name] : undefined;
    Object.defineProperty(both, name, {
      value: known === undefined ? below : either(known, below),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return both;
}

/** What JSON values show: their keys, and those of the elements of their lists. */
export function shapeOf(value: unknown): Known {
  if (Array.isArray(value)) {
    const [first, ...rest] = value.map(shapeOf);
    return first === undefined ? SCALAR : { [EACH]: rest.reduce<Known | true>(either, first) };
  }
  if (typeof value !== "object" || value === null) return SCALAR;
  return Object.fromEntries(Object.entries(value).map(([key, below]) => [key, shapeOf(below)]));
}

/** What is known of an element of a list; of a value of a map, all that its values are. */
export function elementOf(below: Known | true): Known | true {
  if (below === true) return true;
  if (Object.hasOwn(below, EACH)) return below[EACH] ?? true;
  const [first, ...rest] = Object.values(below);
  return first === undefined ? true : rest.reduce<Known | true>(either, first);
}

/** Names of the fields that are known right below. */
export const fieldsOf = (below: Known): string[] => Object.keys(below).filter((name) => name !== EACH);

/** The first name of a path that nothing has, with the fields that are there; null when all of it is known. */
export function unknownIn(path: readonly string[], known: Known): { name: string; fields: string[] } | null {
  let below: Known | true = known;
  for (const name of path) {
    if (below === true) return null;
    if (!Object.hasOwn(below, name)) return { name, fields: fieldsOf(below) };
    below = below[name] ?? true;
  }
  return null;
}
