import { Double, doubleOf, intOf, MAX_UINT, Uint } from "../value/boxed";
import type { Literal } from "./ast";

/** The value of a number as written, without its sign; null when out of range. 2^63 is let through: a minus may precede it. */
export function numberOf(text: string): Literal | null {
  if (/[uU]$/.test(text)) {
    const value = BigInt(text.slice(0, -1));
    return value > MAX_UINT ? null : new Uint(value);
  }
  if (/^0[xX]/.test(text) || !/[.eE]/.test(text)) {
    const value = BigInt(text);
    return value > 2n ** 63n ? null : value <= 9007199254740991n ? Number(value) : value;
  }
  return doubleOf(Number(text));
}

/** The number with a minus before it; null when it is none that can have one. */
export function negativeOf(value: Literal): Literal | null {
  if (value instanceof Double) return doubleOf(-value.$double);
  if (typeof value === "number") return Number.isSafeInteger(value) ? 0 - value : -value;
  if (typeof value !== "bigint") return null;
  const int = intOf(-value);
  return typeof int === "symbol" ? null : int;
}
