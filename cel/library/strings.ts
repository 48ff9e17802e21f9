import { MAX_TEXT } from "../value/arithmetic";
import { isInt, isList, type Result, type Value } from "../value/boxed";
import { spend } from "../value/budget";
import { NO_OVERLOAD, NO_SUCH_INDEX, TOO_LARGE } from "../value/fault";
import type { Implementation, Library } from "./library";
import { positionOf } from "./lists";

/** cel-go's strings extension. Positions count code points; a text without surrogates needs no conversion. */
const SURROGATE = /[\ud800-\udfff]/;
const pointsOf = (text: string): readonly string[] | null => (SURROGATE.test(text) ? Array.from(text) : null);

const ofText =
  (give: (text: string) => Result): Implementation =>
  (text) =>
    typeof text === "string" ? give(text) : NO_OVERLOAD;
const ofTwo =
  (give: (text: string, other: string) => Result): Implementation =>
  (text, other) =>
    typeof text === "string" && typeof other === "string" ? give(text, other) : NO_OVERLOAD;

function charAt(text: Value, position: Value): Result {
  if (typeof text !== "string" || !isInt(position)) return NO_OVERLOAD;
  const points = pointsOf(text) ?? text;
  const at = Number(position);
  return at < 0 || at > points.length ? NO_SUCH_INDEX : (points[at] ?? "");
}

function substring(text: Value, from: Value, to?: Value): Result {
  if (typeof text !== "string" || !isInt(from) || (to !== undefined && !isInt(to))) return NO_OVERLOAD;
  const points = pointsOf(text);
  const length = points?.length ?? text.length;
  const [start, end] = [Number(from), to === undefined ? length : Number(to)];
  if (start < 0 || start > length || end < start || end > length) return NO_SUCH_INDEX;
  return points === null ? text.slice(start, end) : points.slice(start, end).join("");
}

/** `indexOf` and `lastIndexOf`, of texts and (Kubernetes) of lists. */
const position =
  (last: boolean): Implementation =>
  (text, sought, from) => {
    if (isList(text) && sought !== undefined && from === undefined) return positionOf(text, sought, last);
    if (typeof text !== "string" || typeof sought !== "string") return NO_OVERLOAD;
    if (from !== undefined && !isInt(from)) return NO_OVERLOAD;
    const points = pointsOf(text);
    const length = points?.length ?? text.length;
    const start = from === undefined ? (last ? length : 0) : Number(from);
    if (start < 0 || start > length) return NO_SUCH_INDEX;
    const unit = points === null ? start : points.slice(0, start).join("").length;
    const found = last ? text.lastIndexOf(sought, unit) : text.indexOf(sought, unit);
    return points === null || found < 0 ? found : Array.from(text.slice(0, found)).length;
  };

/** Splits at code points for an empty separator; a limit below 0 is none, 0 gives nothing. */
function split(text: Value, separator: Value, limit: Value = -1): Result {
  if (typeof text !== "string" || typeof separator !== "string" || !isInt(limit)) return NO_OVERLOAD;
  spend(text.length >> 4);
  const parts = separator === "" ? Array.from(text) : text.split(separator);
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
  return size > MAX_TEXT ? TOO_LARGE : list.join(separator);
}

function replace(text: Value, from: Value, to: Value, limit: Value = -1): Result {
  if (typeof text !== "string" || typeof from !== "string" || typeof to !== "string" || !isInt(limit))
    return NO_OVERLOAD;
  spend(text.length >> 4);
  const parts = from === "" ? ["", ...Array.from(text), ""] : text.split(from);
  const count = limit < 0 ? parts.length - 1 : Math.min(Number(limit), parts.length - 1);
  if (text.length + count * to.length > MAX_TEXT) return TOO_LARGE;
  return (
    parts.slice(0, count + 1).join(to) + (count + 1 < parts.length ? from + parts.slice(count + 1).join(from) : "")
  );
}

const WHITE = /^[\p{White_Space}]+|[\p{White_Space}]+$/gu;
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
  ".contains/1": ofTwo((text, part) => text.includes(part)),
  ".startsWith/1": ofTwo((text, part) => text.startsWith(part)),
  ".endsWith/1": ofTwo((text, part) => text.endsWith(part)),
  ".charAt/1": charAt,
  ".substring/1": substring,
  ".substring/2": substring,
  ".indexOf/1": position(false),
  ".indexOf/2": position(false),
  ".lastIndexOf/1": position(true),
  ".lastIndexOf/2": position(true),
  ".lowerAscii/0": ofText(lowerAscii),
  ".upperAscii/0": ofText(upperAscii),
  ".trim/0": ofText((text) => text.replace(WHITE, "")),
  ".reverse/0": ofText((text) => Array.from(text).reverse().join("")),
  ".split/1": split,
  ".split/2": split,
  ".join/0": join,
  ".join/1": join,
  ".replace/2": replace,
  ".replace/3": replace,
  "strings.quote/1": ofText((text) => `"${text.replace(/[\x07\b\f\n\r\t\v\\"]/g, (one) => ESCAPES[one] ?? one)}"`),
};
