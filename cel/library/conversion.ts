import { typeOf } from "../emit/name";
import {
  Double,
  Duration,
  doubleOf,
  intOf,
  isDouble,
  isInt,
  isList,
  MAX_UINT,
  numeric,
  type Result,
  Timestamp,
  Type,
  timestampOf,
  Uint,
  uintOf,
  type Value,
} from "../value/boxed";
import { spendLength } from "../value/budget";
import { BAD_ARGUMENT, NO_OVERLOAD, OUT_OF_RANGE } from "../value/fault";
import { parseDuration, parseTimestamp, split, textOfDuration, textOfTimestamp } from "../value/instant";
import { isMap, mapSize } from "../value/map";
import { lengthOf } from "../value/points";
import { parseDouble, textOfDouble, typeName } from "../value/text";
import { textOfAddress } from "./address";
import type { Library } from "./library";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const BOOLS: Readonly<Record<string, boolean>> = {
  "1": true,
  t: true,
  T: true,
  true: true,
  TRUE: true,
  True: true,
  "0": false,
  f: false,
  F: false,
  false: false,
  FALSE: false,
  False: false,
};

/** The number of characters, bytes, elements or entries. Characters are code points. */
export function size(value: Value): Result {
  if (typeof value === "string") {
    spendLength(value.length);
    return lengthOf(value);
  }
  if (isList(value) || value instanceof Uint8Array) return value.length;
  return isMap(value) ? mapSize(value) : NO_OVERLOAD;
}

function whole(value: Value): bigint | symbol {
  const number = value instanceof Double ? value.$double : numeric(value);
  if (typeof number === "bigint") return number;
  if (typeof number === "number") {
    // Beyond 2^63 a double has no int; CEL refuses the bound itself too, since it may have been rounded to.
    return Number.isFinite(number) && Math.abs(number) < 2 ** 64 ? BigInt(Math.trunc(number)) : OUT_OF_RANGE;
  }
  if (typeof value !== "string") return NO_OVERLOAD;
  return /^[+-]?\d{1,40}$/.test(value) ? BigInt(value.replace(/^\+/, "")) : BAD_ARGUMENT;
}

function toInt(value: Value): Result {
  if (isInt(value)) return value;
  if (value instanceof Timestamp) return intOf(split(value.$instant).seconds);
  // As cel-go has it, though timestamps give seconds.
  if (value instanceof Duration) return intOf(value.$span);
  if (isDouble(value) && Math.abs(Number(numeric(value))) >= 2 ** 63) return OUT_OF_RANGE;
  const number = whole(value);
  if (typeof number === "symbol") return number;
  const int = intOf(number);
  return typeof int === "symbol" ? OUT_OF_RANGE : int;
}

function toUint(value: Value): Result {
  if (value instanceof Uint) return value;
  const number = whole(value);
  if (typeof number === "symbol") return number;
  return number < 0n || number > MAX_UINT || (isDouble(value) && Number(numeric(value)) < 0)
    ? OUT_OF_RANGE
    : uintOf(number);
}

function toDouble(value: Value): Result {
  const number = numeric(value);
  if (number !== undefined) return doubleOf(Number(number));
  if (typeof value !== "string") return NO_OVERLOAD;
  spendLength(value.length);
  return parseDouble(value) ?? BAD_ARGUMENT;
}

function toText(value: Value): Result {
  if (typeof value === "string") {
    // Its result is known to be a text, and `==` on such compares without counting.
    spendLength(value.length);
    return value;
  }
  if (typeof value === "boolean" || isInt(value)) return String(value);
  if (isDouble(value)) return textOfDouble(value);
  if (value instanceof Uint) return String(value.$uint);
  if (value instanceof Timestamp) return textOfTimestamp(value);
  if (value instanceof Duration) return textOfDuration(value);
  if (!(value instanceof Uint8Array)) return textOfAddress(value) ?? NO_OVERLOAD;
  spendLength(value.length);
  try {
    return decoder.decode(value);
  } catch {
    return BAD_ARGUMENT;
  }
}

function toBytes(value: Value): Result {
  if (value instanceof Uint8Array) return value;
  if (typeof value !== "string") return NO_OVERLOAD;
  spendLength(value.length);
  return new TextEncoder().encode(value);
}

function toBool(value: Value): Result {
  if (typeof value === "boolean") return value;
  if (typeof value !== "string") return NO_OVERLOAD;
  return Object.hasOwn(BOOLS, value) ? (BOOLS[value] ?? BAD_ARGUMENT) : BAD_ARGUMENT;
}

function toTimestamp(value: Value): Result {
  if (value instanceof Timestamp) return value;
  if (isInt(value)) return timestampOf(BigInt(value) * 1_000_000_000n);
  return typeof value === "string" ? parseTimestamp(value) : NO_OVERLOAD;
}

function toDuration(value: Value): Result {
  if (value instanceof Duration) return value;
  if (typeof value !== "string") return NO_OVERLOAD;
  spendLength(value.length);
  return parseDuration(value);
}

export const conversions: Library = {
  "size/1": size,
  ".size/0": size,
  "int/1": toInt,
  "uint/1": toUint,
  "double/1": toDouble,
  "string/1": toText,
  "bytes/1": toBytes,
  "bool/1": toBool,
  "timestamp/1": toTimestamp,
  "duration/1": toDuration,
  "type/1": (value) => (value instanceof Type ? typeOf("type") : typeOf(typeName(value))),
};
