import {
  doubleOf,
  intOf,
  isDouble,
  isInt,
  isList,
  numeric,
  type Result,
  Uint,
  uintOf,
  type Value,
} from "../value/boxed";
import { BAD_ARGUMENT, NO_OVERLOAD } from "../value/fault";
import type { Implementation, Library } from "./library";

const real = (value: Value): number => Number(numeric(value));

/** The least (-1) or greatest (1) of numbers of any kinds, given as arguments or as one list. */
const extreme =
  (side: -1 | 1): Implementation =>
  (...args) => {
    const values = args.length === 1 && isList(args[0]) ? args[0] : args;
    let best = values[0];
    if (best === undefined) return BAD_ARGUMENT;
    for (const value of values) {
      const [x, y] = [numeric(value), numeric(best)];
      if (x === undefined || y === undefined) return NO_OVERLOAD;
      if (side === 1 ? x > y : x < y) best = value;
    }
    return numeric(best) === undefined ? NO_OVERLOAD : best;
  };

const ofDouble =
  (give: (value: number) => number): Implementation =>
  (value) =>
    isDouble(value) ? doubleOf(give(real(value))) : NO_OVERLOAD;
const test =
  (give: (value: number) => boolean): Implementation =>
  (value) =>
    isDouble(value) ? give(real(value)) : NO_OVERLOAD;

/** Halves away from zero; exact where adding a half would not be. */
function round(value: number): number {
  const whole = Math.trunc(value);
  return Math.abs(value - whole) >= 0.5 ? whole + Math.sign(value) : whole;
}

function abs(value: Value): Result {
  if (isDouble(value)) return doubleOf(Math.abs(real(value)));
  if (value instanceof Uint) return value;
  if (typeof value === "bigint") return value < 0n ? intOf(-value) : value;
  return typeof value === "number" ? Math.abs(value) : NO_OVERLOAD;
}

function sign(value: Value): Result {
  if (isDouble(value)) return doubleOf(Math.sign(real(value)));
  if (value instanceof Uint) return new Uint(value.$uint === 0n ? 0n : 1n);
  return isInt(value) ? (value > 0 ? 1 : value < 0 ? -1 : 0) : NO_OVERLOAD;
}

const sqrt: Implementation = (value) => (numeric(value) === undefined ? NO_OVERLOAD : doubleOf(Math.sqrt(real(value))));

/** On two ints, or on two uints. */
const bits =
  (give: (a: bigint, b: bigint) => bigint): Implementation =>
  (a, b) => {
    if (isInt(a) && isInt(b)) return intOf(give(BigInt(a), BigInt(b)));
    return a instanceof Uint && b instanceof Uint ? uintOf(give(a.$uint, b.$uint)) : NO_OVERLOAD;
  };

const not: Implementation = (value) => {
  if (isInt(value)) return intOf(~BigInt(value));
  return value instanceof Uint ? uintOf(BigInt.asUintN(64, ~value.$uint)) : NO_OVERLOAD;
};

/** A shift by 64 and more leaves nothing; to the right, no sign comes in. */
const shift =
  (left: boolean): Implementation =>
  (value, by) => {
    if (!isInt(by) || !(isInt(value) || value instanceof Uint)) return NO_OVERLOAD;
    if (by < 0) return BAD_ARGUMENT;
    const count = by > 64 ? 64n : BigInt(by);
    const pattern = BigInt.asUintN(64, value instanceof Uint ? value.$uint : BigInt(value));
    const shifted = BigInt.asUintN(64, left ? pattern << count : pattern >> count);
    return value instanceof Uint ? uintOf(shifted) : intOf(BigInt.asIntN(64, shifted));
  };

/** cel-go's math extension. */
export const maths: Library = {
  "math.greatest/*": extreme(1),
  "math.least/*": extreme(-1),
  "math.ceil/1": ofDouble(Math.ceil),
  "math.floor/1": ofDouble(Math.floor),
  "math.trunc/1": ofDouble(Math.trunc),
  "math.round/1": ofDouble(round),
  "math.abs/1": abs,
  "math.sign/1": sign,
  "math.sqrt/1": sqrt,
  "math.isInf/1": test((value) => value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY),
  "math.isNaN/1": test(Number.isNaN),
  "math.isFinite/1": test(Number.isFinite),
  "math.bitAnd/2": bits((a, b) => a & b),
  "math.bitOr/2": bits((a, b) => a | b),
  "math.bitXor/2": bits((a, b) => a ^ b),
  "math.bitNot/1": not,
  "math.bitShiftLeft/2": shift(true),
  "math.bitShiftRight/2": shift(false),
};
