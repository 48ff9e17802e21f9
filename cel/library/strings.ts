import { MAX_TEXT } from "../value/arithmetic";
import { isInt, isList, type Result, type Value } from "../value/boxed";
import { spend, spendLength, spendSearch } from "../value/budget";
import { NO_OVERLOAD, NO_SUCH_INDEX, TOO_LARGE } from "../value/fault";
import { lengthOf, unitAt } from "../value/points";
import type { Implementation, Library } from "./library";
import { positionOf, reversed } from "./lists";

/** cel-go's strings extension. Positions count code points. */
const ofText =
  (give: (text: string) => Result): Implementation =>
  (text) => {
    if (typeof text !== "string") return NO_OVERLOAD;
    spendLength(text.length);
    return give(text);
  };
const ofTwo =
  (give: (text: string, part: string) => Result): Implementation =>
  (text, part) =>
    typeof text === "string" && typeof part === "string" ? give(text, part) : NO_OVERLOAD;

function contains(text: string, part: string): boolean {
  spendSearch(text, part);
  return text.includes(part);
}

/** `startsWith` and `endsWith`, which look at no more of the text than the part has. */
function isAtEdge(text: string, part: string, last: boolean): boolean {
  if (part.length > text.length) return false;
  spendLength(part.length);
  return last ? text.endsWith(part) : text.startsWith(part);
}

function charAt(text: Value, position: Value): Result {
  if (typeof text !== "string" || !isInt(position)) return NO_OVERLOAD;
  spendLength(text.length);
  const unit = unitAt(text, Number(position));
  if (unit < 0) return NO_SUCH_INDEX;
  const point = text.codePointAt(unit);
  return point === undefined ? "" : String.fromCodePoint(point);
}

function substring(text: Value, from: Value, to?: Value): Result {
  if (typeof text !== "string" || !isInt(from) || (to !== undefined && !isInt(to))) return NO_OVERLOAD;
  spendLength(text.length);
  const start = unitAt(text, Number(from));
  const end = to === undefined ? text.length : unitAt(text, Number(to));
  return start < 0 || end < start ? NO_SUCH_INDEX : text.slice(start, end);
}

/** `indexOf` and `lastIndexOf`, of texts and (Kubernetes) of lists. */
const position =
  (last: boolean): Implementation =>
  (text, sought, from) => {
    if (isList(text) && sought !== undefined && from === undefined) return positionOf(text, sought, last);
    if (typeof text !== "string" || typeof sought !== "string") return NO_OVERLOAD;
    if (from !== undefined && !isInt(from)) return NO_OVERLOAD;
    spendLength(text.length);
    spendSearch(text, sought);
    const unit = from === undefined ? (last ? text.length : 0) : unitAt(text, Number(from));
    if (unit < 0) return NO_SUCH_INDEX;
    const found = last ? text.lastIndexOf(sought, unit) : text.indexOf(sought, unit);
    return found < 0 ? found : lengthOf(text.slice(0, found));
  };

/** Splits at code points for an empty separator; a limit below 0 is none, 0 gives nothing. */
function split(text: Value, separator: Value, limit: Value = -1): Result {
  if (typeof text !== "string" || typeof separator !== "string" || !isInt(limit)) return NO_OVERLOAD;
  spendLength(text.length);
  spendSearch(text, separator);
  const parts = separator === "" ? Array.from(text) : text.split(separator);
  spend(parts.length >> 2);
  if (limit < 0 || parts.length <= limit) return parts;
  if (limit === 0) return [];
  const count = Number(limit) - 1;
  return [...parts.slice(0, count), parts.slice(count).join(separator)];
}

function join(list: Value, separator: Value = ""): Result {
  if (!isList(list) || typeof separator !== "string") return NO_OVERLOAD;
  spend(list.length >> 2);
  let size = 0;
  for (const item of list) {
    if (typeof item !== "string") return NO_OVERLOAD;
    size += item.length + separator.length;
  }
  if (size > MAX_TEXT) return TOO_LARGE;
  spendLength(size);
  return list.join(separator);
}

function replace(text: Value, from: Value, to: Value, limit: Value = -1): Result {
  if (typeof text !== "string" || typeof from !== "string" || typeof to !== "string" || !isInt(limit))
    return NO_OVERLOAD;
  spendLength(text.length);
  spendSearch(text, from);
  const parts = from === "" ? ["", ...Array.from(text), ""] : text.split(from);
  spend(parts.length >> 2);
  const count = limit < 0 ? parts.length - 1 : Math.min(Number(limit), parts.length - 1);
  if (text.length + count * to.length > MAX_TEXT) return TOO_LARGE;
  spendLength(count * to.length);
  return (
    parts.slice(0, count + 1).join(to) + (count + 1 < parts.length ? from + parts.slice(count + 1).join(from) : "")
  );
}

function reverse(text: Value): Result {
  if (isList(text)) return reversed(text);
  if (typeof text !== "string") return NO_OVERLOAD;
  spendLength(text.length);
  spend(text.length >> 2);
  return Array.from(text).reverse().join("");
}

const WHITE = /\p{White_Space}/u;

/** By hand: an expression that looks for blanks at the end begins anew at each of the blanks within. */
function trim(text: string): string {
  let [from, to] = [0, text.length];
  while (from < to && WHITE.test(text.charAt(from))) from++;
  while (from < to && WHITE.test(text.charAt(to - 1))) to--;
  return text.slice(from, to);
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
  '"': '\\"',
};

/** ASCII letters only: other letters keep their case. */
const lowerAscii = (text: string): string => text.replace(/[A-Z]+/g, (part) => part.toLowerCase());
const upperAscii = (text: string): string => text.replace(/[a-z]+/g, (part) => part.toUpperCase());

export const strings: Library = {
  ".contains/1": ofTwo(contains),
  ".startsWith/1": ofTwo((text, part) => isAtEdge(text, part, false)),
  ".endsWith/1": ofTwo((text, part) => isAtEdge(text, part, true)),
  ".charAt/1": charAt,
  ".substring/1": substring,
  ".substring/2": substring,
  ".indexOf/1": position(false),
  ".indexOf/2": position(false),
  ".lastIndexOf/1": position(true),
  ".lastIndexOf/2": position(true),
  ".lowerAscii/0": ofText(lowerAscii),
  ".upperAscii/0": ofText(upperAscii),
  ".trim/0": ofText(trim),
  ".reverse/0": reverse,
  ".split/1": split,
  ".split/2": split,
  ".join/0": join,
  ".join/1": join,
  ".replace/2": replace,
  ".replace/3": replace,
  "strings.quote/1": ofText((text) => `"${text.replace(/[\x07\b\f\n\r\t\v\\"]/g, (one) => ESCAPES[one] ?? one)}"`),
};
