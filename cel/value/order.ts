import { Duration, numeric, Timestamp, type Value } from "./boxed";
import { spendLength } from "./budget";
import { type Fault, NO_OVERLOAD } from "./fault";

/** -1, 0 or 1; NaN when a number is NaN; a fault for values that have no order with each other. Throws OutOfBudget. */
export function order(a: Value, b: Value): number | Fault {
  if (typeof a === "string" && typeof b === "string") return orderOfStrings(a, b);
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  if (a instanceof Timestamp && b instanceof Timestamp) return sign(a.$instant, b.$instant);
  if (a instanceof Duration && b instanceof Duration) return sign(a.$span, b.$span);
  if (a instanceof Uint8Array && b instanceof Uint8Array) {
    spendLength(Math.min(a.length, b.length));
    return Buffer.compare(a, b);
  }
  return orderOfNumbers(a, b);
}

/** Order where one of the two is a number. Takes a few steps whatever it is given. */
export function orderOfNumbers(a: Value, b: Value): number | Fault {
  const [x, y] = [numeric(a), numeric(b)];
  return x !== undefined && y !== undefined ? sign(x, y) : NO_OVERLOAD;
}

/** A wide int is compared with a double as a double, which is what CEL says; all else is exact. */
function sign(a: number | bigint, b: number | bigint): number {
  const [x, y] = typeof a === typeof b ? [a, b] : [Number(a), Number(b)];
  return x < y ? -1 : x > y ? 1 : x === y ? 0 : Number.NaN;
}

/** By code points, as UTF-8 orders them: surrogates come after all other units. Throws OutOfBudget. */
export function orderOfStrings(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let index = 0;
  while (index < length && a.charCodeAt(index) === b.charCodeAt(index)) index++;
  spendLength(index);
  if (index === length) return Math.sign(a.length - b.length);
  const [x, y] = [a.charCodeAt(index), b.charCodeAt(index)];
  const [high, other] = [x >= 0xd800 && x <= 0xdfff, y >= 0xd800 && y <= 0xdfff];
  if (high !== other) return high ? 1 : -1;
  return x < y ? -1 : 1;
}
