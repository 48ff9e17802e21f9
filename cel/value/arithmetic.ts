import {
  type Double,
  Duration,
  doubleOf,
  durationOf,
  intOf,
  isDouble,
  isInt,
  isList,
  type Result,
  Timestamp,
  timestampOf,
  Uint,
  uintOf,
  type Value,
} from "./boxed";
import { spend, spendLength } from "./budget";
import { DIVIDED_BY_ZERO, NO_OVERLOAD, TOO_LARGE } from "./fault";

/** Bounds of what `+` may build: repeated doubling would otherwise fill the memory within few steps. */
export const MAX_TEXT = 1 << 22;
export const MAX_LIST = 1 << 17;

const real = (value: number | Double): number => (typeof value === "number" ? value : value.$double);
const safe = (value: number): number | null => (Number.isSafeInteger(value) ? value + 0 : null);

/** One operator on numbers: exact on small ints, on 64 bits beyond, and on doubles; kinds do not mix. */
function numeric(
  a: Value,
  b: Value,
  small: (x: number, y: number) => number | null,
  wide: (x: bigint, y: bigint) => bigint,
  broad: ((x: number, y: number) => number) | null,
): Result {
  if (isInt(a) && isInt(b)) {
    if (typeof a === "number" && typeof b === "number") {
      const result = small(a, b);
      if (result !== null) return result;
    }
    return intOf(wide(BigInt(a), BigInt(b)));
  }
  if (a instanceof Uint && b instanceof Uint) return uintOf(wide(a.$uint, b.$uint));
  return broad !== null && isDouble(a) && isDouble(b) ? doubleOf(broad(real(a), real(b))) : NO_OVERLOAD;
}

/** Throws OutOfBudget. */
export function add(a: Value, b: Value): Result {
  if (typeof a === "string" && typeof b === "string") {
    if (a.length + b.length > MAX_TEXT) return TOO_LARGE;
    spendLength(a.length + b.length);
    return a + b;
  }
  if (isList(a) && isList(b)) {
    if (a.length + b.length > MAX_LIST) return TOO_LARGE;
    if (a.length === 0 || b.length === 0) return a.length === 0 ? b : a;
    spend((a.length + b.length) >> 2);
    return a.concat(b);
  }
  if (a instanceof Uint8Array && b instanceof Uint8Array) {
    if (a.length + b.length > MAX_TEXT) return TOO_LARGE;
    spendLength(a.length + b.length);
    return new Uint8Array(Buffer.concat([a, b]));
  }
  if (a instanceof Timestamp && b instanceof Duration) return timestampOf(a.$instant + b.$span);
  if (a instanceof Duration) {
    if (b instanceof Timestamp) return timestampOf(b.$instant + a.$span);
    return b instanceof Duration ? durationOf(a.$span + b.$span) : NO_OVERLOAD;
  }
  return numeric(
    a,
    b,
    (x, y) => safe(x + y),
    (x, y) => x + y,
    (x, y) => x + y,
  );
}

export function subtract(a: Value, b: Value): Result {
  if (a instanceof Timestamp) {
    if (b instanceof Timestamp) return durationOf(a.$instant - b.$instant);
    return b instanceof Duration ? timestampOf(a.$instant - b.$span) : NO_OVERLOAD;
  }
  if (a instanceof Duration) return b instanceof Duration ? durationOf(a.$span - b.$span) : NO_OVERLOAD;
  return numeric(
    a,
    b,
    (x, y) => safe(x - y),
    (x, y) => x - y,
    (x, y) => x - y,
  );
}

export const multiply = (a: Value, b: Value): Result =>
  numeric(
    a,
    b,
    (x, y) => safe(x * y),
    (x, y) => x * y,
    (x, y) => x * y,
  );

const isZero = (value: Value): boolean => value === 0 || (value instanceof Uint && value.$uint === 0n);

/** Towards zero. `(x - x % y) / y` is exact where `x / y` may round up. */
export function divide(a: Value, b: Value): Result {
  if (isZero(b) && (isInt(a) || a instanceof Uint)) return isInt(a) === isInt(b) ? DIVIDED_BY_ZERO : NO_OVERLOAD;
  return numeric(
    a,
    b,
    (x, y) => safe((x - (x % y)) / y),
    (x, y) => x / y,
    (x, y) => x / y,
  );
}

export function remainder(a: Value, b: Value): Result {
  if (isZero(b) && (isInt(a) || a instanceof Uint)) return isInt(a) === isInt(b) ? DIVIDED_BY_ZERO : NO_OVERLOAD;
  return numeric(
    a,
    b,
    (x, y) => safe(x % y),
    (x, y) => x % y,
    null,
  );
}

export function negate(value: Value): Result {
  if (isInt(value)) return typeof value === "number" ? 0 - value : intOf(-value);
  return isDouble(value) ? doubleOf(-real(value)) : NO_OVERLOAD;
}
