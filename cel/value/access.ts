import { isList, isPlain, NONE, numeric, Optional, type Plain, type Result, type Value } from "./boxed";
import { spend } from "./budget";
import { equal } from "./equal";
import { type Fault, isFault, NO_OVERLOAD, NO_SUCH_INDEX, NO_SUCH_KEY } from "./fault";
import { type AnyMap, isKey, isMap, Keyed, mapEntries, mapGet, mapKeys } from "./map";
import { Message } from "./message";

/**
 * The slow ways of reading, behind the property read that generated code tries first. `absent` and `wrong` are the
 * faults of that place in the expression.
 */
export function select(operand: Value, field: string, absent: Fault, wrong: Fault): Result {
  if (isPlain(operand) || operand instanceof Keyed) {
    const found = mapGet(operand, field);
    // What is null is there.
    return found === undefined ? absent : found;
  }
  if (operand instanceof Message) return operand.$message.get(operand.$content, field);
  if (operand instanceof Optional) return boxed(selectOptional(operand, field, wrong));
  return wrong;
}

const own = (map: Plain, key: string): Value | undefined => (Object.hasOwn(map, key) ? map[key] : undefined);

/** A first-class optional of what a chain found; undefined is none. */
export const boxed = (found: Value | undefined | Fault): Result =>
  found === undefined ? NONE : isFault(found) ? found : new Optional(found);

/** What a first-class optional holds; undefined for none; a fault for any other value. */
export const unboxed = (value: Value): Value | undefined | Fault =>
  value instanceof Optional ? value.$value : NO_OVERLOAD;

/** `a.?b`: undefined when it is not there. A string, list or null has no fields, and saying "not there" would hide that. */
export function selectOptional(operand: Value, field: string, wrong: Fault): Value | undefined | Fault {
  if (isPlain(operand)) return own(operand, field);
  if (operand instanceof Keyed) return mapGet(operand, field);
  if (operand instanceof Optional) {
    return operand.$value === undefined ? undefined : selectOptional(operand.$value, field, wrong);
  }
  if (!(operand instanceof Message)) return wrong;
  const has = operand.$message.has(operand.$content, field);
  return has === true ? operand.$message.get(operand.$content, field) : has === false ? undefined : has;
}

/** `has(a.b)`. */
export function has(operand: Value, field: string, wrong: Fault): boolean | Fault {
  if (operand instanceof Message) return operand.$message.has(operand.$content, field);
  const found = selectOptional(operand, field, wrong);
  return isFault(found) ? found : found !== undefined;
}

/** `a[i]`, with the place's own faults where it has them. */
export function index(operand: Value, key: Value, absent: Fault = NO_SUCH_KEY, wrong: Fault = NO_OVERLOAD): Result {
  if (operand instanceof Optional) return boxed(indexOptional(operand, key, wrong));
  const found = indexOptional(operand, key, wrong);
  return found === undefined ? (isList(operand) ? NO_SUCH_INDEX : absent) : found;
}

/** `a[?i]`: undefined when it is not there. */
export function indexOptional(operand: Value, key: Value, wrong: Fault = NO_OVERLOAD): Value | undefined | Fault {
  if (isList(operand)) {
    const at = numeric(key);
    if (at === undefined || (typeof at === "number" && !Number.isInteger(at))) return NO_OVERLOAD;
    return operand[Number(at)];
  }
  if (isMap(operand)) return isKey(key) ? mapGet(operand, key) : NO_OVERLOAD;
  if (!(operand instanceof Optional)) return wrong;
  return operand.$value === undefined ? undefined : indexOptional(operand.$value, key, wrong);
}

/** Whether an element of a list is equal to a value. Throws OutOfBudget. */
export function holds(list: readonly Value[], item: Value): boolean {
  spend(list.length >> 4);
  // Same type and same primitive is what equality means for strings and bools; long texts are compared where it is counted.
  if (typeof item === "boolean" || (typeof item === "string" && item.length < 64)) return list.includes(item);
  spend(list.length >> 2);
  return list.some((one) => equal(one, item));
}

/** `a in b`. Throws OutOfBudget. */
export function isIn(item: Value, container: Value): boolean | Fault {
  if (isList(container)) return holds(container, item);
  if (isPlain(container) && typeof item === "string") return Object.hasOwn(container, item);
  return isMap(container) ? mapGet(container, item) !== undefined : NO_OVERLOAD;
}

/** What a loop with one name walks: elements of a list, keys of a map. */
export function range(value: Value): readonly Value[] | Fault {
  if (isList(value)) return value;
  return isMap(value) ? mapKeys(value) : NO_OVERLOAD;
}

/** What a loop with two names walks; `keys` is null for a list, whose keys are its positions. */
export function pairs(value: Value): { keys: readonly Value[] | null; values: readonly Value[] } | Fault {
  if (isList(value)) return { keys: null, values: value };
  if (!isMap(value)) return NO_OVERLOAD;
  const entries = mapEntries(value as AnyMap);
  return { keys: entries.map(([key]) => key), values: entries.map(([, one]) => one) };
}
