import { Boxed, Double, Duration, isList, Opaque, Optional, Timestamp, Type, Uint, type Value } from "./boxed";
import { spend, spendLength } from "./budget";
import { isMap, Keyed, mapEntries, mapGet, mapSize } from "./map";
import { Message, sameMessage } from "./message";

/** CEL's equality: numbers by value across their kinds, containers deep; values of different types are not equal. Throws OutOfBudget. */
export function equal(a: Value, b: Value): boolean {
  if (typeof a === "string" && typeof b === "string") {
    if (a.length !== b.length) return false;
    spendLength(a.length);
    return a === b;
  }
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) {
    if (a === b) return true;
    // One primitive and one box or bigint: only numbers can still be equal, and JavaScript compares those exactly.
    return equalNumbers(a, b);
  }
  spend(1);
  if (isList(a)) return isList(b) && listsEqual(a, b);
  if (a instanceof Uint8Array) return b instanceof Uint8Array && bytesEqual(a, b);
  if (a instanceof Boxed && !(a instanceof Keyed)) return boxesEqual(a, b);
  if (!isMap(a) || !isMap(b)) return b instanceof Message && boxesEqual(b, a);
  if (mapSize(a) !== mapSize(b)) return false;
  for (const [key, value] of mapEntries(a)) {
    const other = mapGet(b, key);
    if (other === undefined || !equal(value, other)) return false;
  }
  return true;
}

/** Equality where one of the two is a number. */
export function equalNumbers(a: Value, b: Value): boolean {
  const [x, y] = [raw(a), raw(b)];
  // biome-ignore lint/suspicious/noDoubleEquals: number and bigint are compared by value.
  return x !== undefined && y !== undefined && x == y;
}

function raw(value: Value): number | bigint | undefined {
  if (typeof value === "number" || typeof value === "bigint") return value;
  if (value instanceof Double) return value.$double;
  return value instanceof Uint ? value.$uint : undefined;
}

function listsEqual(a: readonly Value[], b: readonly Value[]): boolean {
  if (a.length !== b.length) return false;
  spend(a.length >> 2);
  for (let index = 0; index < a.length; index++) {
    if (!equal(a[index] ?? null, b[index] ?? null)) return false;
  }
  return true;
}

export function bytesEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  spendLength(a.length);
  return a.every((byte, index) => byte === b[index]);
}

function boxesEqual(a: Boxed, b: Value): boolean {
  if (a instanceof Double || a instanceof Uint) return equalNumbers(a as Value, b);
  if (a instanceof Timestamp) return b instanceof Timestamp && a.$instant === b.$instant;
  if (a instanceof Duration) return b instanceof Duration && a.$span === b.$span;
  if (a instanceof Type) return b instanceof Type && a.$type === b.$type;
  if (a instanceof Optional) return b instanceof Optional && optionalsEqual(a.$value, b.$value);
  if (a instanceof Opaque) return b instanceof Opaque && a.$name === b.$name && a.$same(b);
  return a instanceof Message && b instanceof Message && sameMessage(a, b, equal);
}

const optionalsEqual = (a: Value | undefined, b: Value | undefined): boolean =>
  a === undefined || b === undefined ? a === b : equal(a, b);
