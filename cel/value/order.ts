import { Duration, numeric, Timestamp, type Value } from "./boxed";
import { type Fault, NO_OVERLOAD } from "./fault";

/** -1, 0 or 1; NaN when a number is NaN; a fault for values that have no order with each other. */
export function order(a: Value, b: Value): number | Fault {
  if (typeof a === "string" && typeof b === "string") return orderOfStrings(a, b);
  const [x, y] = [numeric(a), numeric(b)];
  if (x !== undefined && y !== undefined) return sign(x, y);
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  if (a instanceof Timestamp && b instanceof Timestamp) return sign(a.$instant, b.$instant);
  if (a instanceof Duration && b instanceof Duration) return sign(a.$span, b.$span);
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b);
  return NO_OVERLOAD;
}

/** A wide int is compared with a double as a double, which is what CEL says; all else is exact. */
function sign(a: number | bigint, b: number | bigint): number {
  const [x, y] = typeof a === typeof b ? [a, b] : [Number(a), Number(b)];
  return x < y ? -1 : x > y ? 1 : x === y ? 0 : Number.NaN;
}

/** By code points, as UTF-8 orders them: surrogates come after all other units. */
export function orderOfStrings(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const [x, y] = [a.charCodeAt(index), b.charCodeAt(index)];
    if (x === y) continue;
    const [high, other] = [x >= 0xd800 && x <= 0xdfff, y >= 0xd800 && y <= 0xdfff];
    if (high !== other) return high ? 1 : -1;
    return x < y ? -1 : 1;
  }
  return a.length < b.length ? -1 : 1;
}

export function less(a: Value, b: Value): boolean | Fault {
  const o = order(a, b);
  return typeof o === "symbol" ? o : o < 0;
}
export function lessOrEqual(a: Value, b: Value): boolean | Fault {
  const o = order(a, b);
  return typeof o === "symbol" ? o : o <= 0;
}
export const greater = (a: Value, b: Value): boolean | Fault => less(b, a);
export const greaterOrEqual = (a: Value, b: Value): boolean | Fault => lessOrEqual(b, a);
