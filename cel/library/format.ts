import { MAX_TEXT } from "../value/arithmetic";
import {
  Double,
  Duration,
  isDouble,
  isInt,
  isList,
  numeric,
  type Result,
  Timestamp,
  Type,
  Uint,
  type Value,
} from "../value/boxed";
import { spend, spendLength } from "../value/budget";
import { BAD_ARGUMENT, type Fault, NO_OVERLOAD, TOO_LARGE } from "../value/fault";
import { textOfDuration, textOfTimestamp } from "../value/instant";
import { isMap, mapEntries } from "../value/map";
import { orderOfStrings } from "../value/order";
import type { Library } from "./library";

const CLAUSE = /%(%|(?:\.(\d{1,4}))?([a-zA-Z]))|%/g;

/** `'%s has %d'.format([a, b])`: s, d, b, o, x, X, f, e, with a precision for f and e. */
function format(pattern: Value, args: Value): Result {
  if (typeof pattern !== "string" || !isList(args)) return NO_OVERLOAD;
  spendLength(pattern.length);
  let [next, from, result] = [0, 0, ""];
  for (const match of pattern.matchAll(CLAUSE)) {
    const [whole, percent, digits, verb = ""] = match;
    result += pattern.slice(from, match.index);
    from = match.index + whole.length;
    if (percent === undefined) return BAD_ARGUMENT;
    if (percent === "%") {
      result += "%";
      continue;
    }
    const value = args[next++];
    if (value === undefined) return BAD_ARGUMENT;
    const text = clause(verb, digits === undefined ? null : Number(digits), value);
    if (typeof text === "symbol") return text;
    result += text;
    spendLength(text.length);
    if (result.length > MAX_TEXT) return TOO_LARGE;
  }
  return result + pattern.slice(from);
}

function clause(verb: string, precision: number | null, value: Value): string | Fault {
  switch (verb) {
    case "s":
      return plain(value) ?? BAD_ARGUMENT;
    case "d":
      return isInt(value) || value instanceof Uint ? String(numeric(value)) : (special(value) ?? BAD_ARGUMENT);
    case "b":
      return typeof value === "boolean" ? String(Number(value)) : (based(value, 2) ?? BAD_ARGUMENT);
    case "o":
      return based(value, 8) ?? BAD_ARGUMENT;
    case "x":
      return hex(value) ?? BAD_ARGUMENT;
    case "X":
      return hex(value)?.toUpperCase() ?? BAD_ARGUMENT;
    case "f":
    case "e":
      return special(value) ?? real(verb, precision ?? 6, value) ?? BAD_ARGUMENT;
    default:
      return BAD_ARGUMENT;
  }
}

/** NaN and the infinities, which every clause for numbers spells out. */
function special(value: Value): string | null {
  if (typeof value !== "number" || Number.isFinite(value)) return null;
  return String(value);
}

function based(value: Value, base: number): string | null {
  return isInt(value) || value instanceof Uint ? (numeric(value)?.toString(base) ?? null) : null;
}

function hex(value: Value): string | null {
  if (typeof value !== "string" && !(value instanceof Uint8Array)) return based(value, 16);
  spendLength(value.length);
  return Buffer.from(value).toString("hex");
}

function real(verb: "f" | "e", precision: number, value: Value): string | null {
  const number = numeric(value);
  if (number === undefined || precision > 100) return null;
  if (verb === "e")
    return Number(number)
      .toExponential(precision)
      .replace(/e([+-])(\d)$/, "e$10$2");
  return fixed(number, precision);
}

/** `toFixed` gives an exponent beyond 1e21; the digits before the point are exact then. */
function fixed(number: number | bigint, precision: number): string {
  if (typeof number === "number" && Math.abs(number) < 1e21) return roundHalfEven(number, precision);
  return `${BigInt(number)}${precision === 0 ? "" : `.${"0".repeat(precision)}`}`;
}

/** Go rounds exact halves to even where `toFixed` rounds them up: only numbers with few binary digits can be halves. */
function roundHalfEven(number: number, precision: number): string {
  const shifted = number * 10 ** precision;
  if (
    precision <= 15 &&
    Math.abs(shifted) < 2 ** 50 &&
    Math.abs(shifted % 1) === 0.5 &&
    shifted / 10 ** precision === number
  ) {
    const even = 2 * Math.round(shifted / 2);
    const text = (even / 10 ** precision).toFixed(precision);
    return even === 0 && number < 0 ? `-${text}` : text;
  }
  return number.toFixed(precision);
}

/** A value as `%s` shows it, lists and maps with their content; null for what has no text. */
function plain(value: Value): string | null {
  if (typeof value === "string") {
    spendLength(value.length);
    return value;
  }
  if (value === null || typeof value === "boolean" || isInt(value) || value instanceof Uint)
    return String(value instanceof Uint ? value.$uint : value);
  return container(value) ?? single(value);
}

function single(value: Value): string | null {
  if (isDouble(value)) return String(value instanceof Double ? value.$double : value);
  if (value instanceof Uint8Array) {
    spendLength(value.length);
    return new TextDecoder().decode(value);
  }
  if (value instanceof Timestamp) return textOfTimestamp(value);
  if (value instanceof Duration) return textOfDuration(value);
  return value instanceof Type ? value.$type : null;
}

function container(value: Value): string | null {
  spend(1);
  if (isList(value)) {
    spend(value.length >> 2);
    const parts = value.map(plain);
    return parts.includes(null) ? null : `[${parts.join(", ")}]`;
  }
  if (!isMap(value)) return null;
  const entries = mapEntries(value).map(([key, one]) => [plain(key), plain(one)] as const);
  if (entries.some(([key, one]) => key === null || one === null)) return null;
  const sorted = entries.sort(([a], [b]) => orderOfStrings(a ?? "", b ?? ""));
  return `{${sorted.map(([key, one]) => `${key}: ${one}`).join(", ")}}`;
}

export const formats: Library = { ".format/1": format };
