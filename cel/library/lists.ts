import { holds } from "../value/access";
import { add, MAX_LIST } from "../value/arithmetic";
import { Double, Duration, isInt, isList, Optional, type Result, Uint, type Value } from "../value/boxed";
import { spend, spendLength } from "../value/budget";
import { equal } from "../value/equal";
import { BAD_ARGUMENT, NO_OVERLOAD, TOO_LARGE } from "../value/fault";
import { order } from "../value/order";
import { typeName } from "../value/text";
import type { Implementation, Library } from "./library";

const ofList =
  (give: (list: readonly Value[]) => Result): Implementation =>
  (list) => {
    if (!isList(list)) return NO_OVERLOAD;
    spend(list.length >> 2);
    return give(list);
  };

/** Whether an element has an order with others of its type, as Kubernetes' libraries ask of each. */
const isComparable = (item: Value): boolean => typeof order(item, item) !== "symbol";

/** The least (-1) or greatest (1) element. Empty lists have none. */
function extreme(list: readonly Value[], side: -1 | 1): Result {
  let best = list[0];
  if (best === undefined) return BAD_ARGUMENT;
  if (!isComparable(best)) return NO_OVERLOAD;
  for (const item of list) {
    const o = order(item, best);
    if (typeof o === "symbol") return o;
    if (o === side) best = item;
  }
  return best;
}

/** Numbers or durations; 0 of none. */
function sum(list: readonly Value[]): Result {
  let total = list[0];
  if (total === undefined) return 0;
  if (
    !(
      typeof total === "number" ||
      typeof total === "bigint" ||
      total instanceof Double ||
      total instanceof Uint ||
      total instanceof Duration
    )
  ) {
    return NO_OVERLOAD;
  }
  for (const item of list.slice(1)) {
    const next = add(total, item);
    if (typeof next === "symbol") return next;
    total = next;
  }
  return total;
}

function isSorted(list: readonly Value[]): Result {
  if (list.length === 1 && !isComparable(list[0] ?? null)) return NO_OVERLOAD;
  for (let index = 1; index < list.length; index++) {
    const o = order(list[index - 1] ?? null, list[index] ?? null);
    if (typeof o === "symbol") return o;
    if (o > 0) return false;
  }
  return true;
}

/** Where an element is, or -1. Throws OutOfBudget. */
export function positionOf(list: readonly Value[], item: Value, last: boolean): number {
  spend(list.length >> 2);
  return last ? list.findLastIndex((one) => equal(one, item)) : list.findIndex((one) => equal(one, item));
}

function slice(list: Value, from: Value, to: Value): Result {
  if (!isList(list) || !isInt(from) || !isInt(to)) return NO_OVERLOAD;
  if (from < 0 || to < from || to > list.length) return BAD_ARGUMENT;
  spend(Number(to) - Number(from));
  return list.slice(Number(from), Number(to));
}

/** Lists of lists become one; a negative depth is refused. */
function flatten(list: Value, depth: Value = 1): Result {
  if (!isList(list) || !isInt(depth)) return NO_OVERLOAD;
  if (depth < 0) return BAD_ARGUMENT;
  const result: Value[] = [];
  const visit = (items: readonly Value[], left: number): boolean =>
    items.every((item) => {
      spend(1);
      if (isList(item) && left > 0) return visit(item, left - 1);
      return result.push(item) <= MAX_LIST;
    });
  return visit(list, Math.min(Number(depth), 100)) ? result : TOO_LARGE;
}

function distinct(list: readonly Value[]): Result {
  const [primitives, others]: [Set<Value>, Value[]] = [new Set(), []];
  return list.filter((item) => {
    const primitive = typeof item === "string" || typeof item === "boolean";
    if (typeof item === "string") spendLength(item.length);
    else if (!primitive) spend(others.length >> 2);
    if (primitive ? primitives.has(item) : others.some((one) => equal(one, item))) return false;
    if (primitive) primitives.add(item);
    else others.push(item);
    return true;
  });
}

/** The elements in the order of their keys, which are of one type that has an order. Equal keys keep their places. */
function sortedBy(list: readonly Value[], keys: readonly Value[]): Result {
  const [first] = keys;
  if (first === undefined) return list;
  const type = typeName(first);
  if (!isComparable(first) || keys.some((key) => typeName(key) !== type)) return NO_OVERLOAD;
  // As many looks as a merge of halves takes.
  spend(list.length * Math.ceil(Math.log2(list.length + 1)));
  const places = Array.from(list.keys()).sort((a, b) => {
    const o = order(keys[a] ?? null, keys[b] ?? null);
    // NaN stands before nothing and after nothing.
    return typeof o === "symbol" || Number.isNaN(o) ? 0 : o;
  });
  return places.map((place) => list[place] ?? null);
}

/** What `list.sortBy(x, key)` becomes: the list, and the key of each of its elements. */
function sortByKeys(list: Value, keys: Value): Result {
  return isList(list) && isList(keys) && list.length === keys.length ? sortedBy(list, keys) : NO_OVERLOAD;
}

/** `reverse`, which lists share with texts. Throws OutOfBudget. */
export function reversed(list: readonly Value[]): readonly Value[] {
  spend(list.length >> 2);
  return [...list].reverse();
}

function range(count: Value): Result {
  if (!isInt(count)) return NO_OVERLOAD;
  if (count < 0) return BAD_ARGUMENT;
  if (count > MAX_LIST) return TOO_LARGE;
  spend(Number(count) >> 2);
  return Array.from({ length: Number(count) }, (_, index) => index);
}

/** Kubernetes: whether a list holds a value; anything else holds what it is equal to. */
function includes(target: Value, item: Value): Result {
  return isList(target) ? holds(target, item) : equal(target, item);
}

/** `optional.unwrap(list)`: what the optionals of a list hold, without those that hold nothing. */
function unwrap(list: readonly Value[]): Result {
  if (!list.every((item) => item instanceof Optional)) return NO_OVERLOAD;
  return list.flatMap((item) => (item.$value === undefined ? [] : [item.$value]));
}

/** Kubernetes' lists library and cel-go's. */
export const lists: Library = {
  ".isSorted/0": ofList(isSorted),
  ".sum/0": ofList(sum),
  ".min/0": ofList((list) => extreme(list, -1)),
  ".max/0": ofList((list) => extreme(list, 1)),
  ".slice/2": slice,
  ".flatten/0": flatten,
  ".flatten/1": flatten,
  ".distinct/0": ofList(distinct),
  ".sort/0": ofList((list) => sortedBy(list, list)),
  ".@sortByKeys/1": sortByKeys,
  ".includes/1": includes,
  "optional.unwrap/1": ofList(unwrap),
  ".unwrapOpt/0": ofList(unwrap),
  ".first/0": ofList((list) => new Optional(list[0])),
  ".last/0": ofList((list) => new Optional(list.at(-1))),
  "lists.range/1": range,
};
