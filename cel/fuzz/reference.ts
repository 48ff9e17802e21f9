import { type CelInput, isCelUint } from "@bufbuild/cel";
import type { Expression } from "./expression";
import { asked, ERROR, entriesOf, type Given, isKey, isWhole, listOf, Maybe, type Scope } from "./oracle";
import { call } from "./slips";

/**
 * What an expression means, by the plainest walk over it: macros and optionals are written out here, operators and functions
 * are asked of @bufbuild/cel one at a time. Nothing of ours is used.
 */
export function meaning(node: Expression, scope: Scope): Given {
  switch (node.kind) {
    case "text":
      return call(node.text, scope, []);
    case "name":
      return boundTo(scope, node.name);
    case "call":
      return call(
        node.form,
        scope,
        node.args.map((arg) => meaning(arg, scope)),
      );
    case "both":
      return both(
        node.sign === "||",
        [node.left, node.right].map((side) => () => meaning(side, scope)),
      );
    case "if": {
      const test = meaning(node.test, scope);
      return typeof test === "boolean" ? meaning(test ? node.yes : node.no, scope) : ERROR;
    }
    case "loop":
      return loop(node, scope);
    case "bind":
      return meaning(node.body, { ...scope, [node.name]: meaning(node.value, scope) });
    case "list":
      return list(node.items, scope);
    case "map":
      return map(node.entries, scope);
    case "unwrap":
      return list(
        node.items.map((value) => ({ value, optional: true })),
        scope,
      );
    default:
      return optional(node, scope);
  }
}

function boundTo(scope: Scope, name: string): Given {
  const value = Object.hasOwn(scope, name) ? scope[name] : undefined;
  return value === undefined ? ERROR : value;
}

/** `&&` (or `||`, which `true` decides) over any number of operands: the deciding value wins over an error. */
function both(deciding: boolean, operands: readonly (() => Given)[]): boolean | typeof ERROR {
  let failed = false;
  for (const operand of operands) {
    const value = operand();
    if (value === deciding) return deciding;
    if (typeof value !== "boolean") failed = true;
  }
  return failed ? ERROR : !deciding;
}

function loop(node: Extract<Expression, { kind: "loop" }>, scope: Scope): Given {
  const range = meaning(node.range, scope);
  const [elements, entries] = [listOf(range), entriesOf(range)];
  const pairs = elements?.map((value, index) => [BigInt(index), value] as const) ?? entries;
  if (pairs === null) return ERROR;
  const [first = "", second] = node.names;
  const steps = pairs.map(([key, value]) => {
    const names =
      second === undefined ? { [first]: elements === null ? key : value } : { [first]: key, [second]: value };
    return { key, element: elements === null ? key : value, inner: { ...scope, ...names } };
  });
  if (node.macro === "all" || node.macro === "exists") {
    return both(
      node.macro === "exists",
      steps.map(
        ({ inner }) =>
          () =>
            meaning(node.step, inner),
      ),
    );
  }
  const tests = node.macro === "map" || node.macro.startsWith("transform") ? node.filter : node.step;
  const kept: typeof steps = [];
  const made: CelInput[] = [];
  for (const step of steps) {
    const test = tests === null ? true : meaning(tests, step.inner);
    if (typeof test !== "boolean") return ERROR;
    if (!test) continue;
    kept.push(step);
    if (tests === node.step) continue;
    const value = meaning(node.step, step.inner);
    if (value === ERROR || value instanceof Maybe) return ERROR;
    made.push(value);
  }
  if (node.macro === "filter") return kept.map(({ element }) => element);
  if (node.macro === "exists_one" || node.macro === "existsOne") return kept.length === 1;
  if (node.macro === "transformMap") return new Map(kept.map(({ key }, at) => [key as string, made[at] ?? null]));
  return node.macro === "transformMapEntry" ? joined(made) : made;
}

/** The entries of all maps in one; a key that comes twice is an error. */
function joined(maps: readonly CelInput[]): Given {
  const all = new Map<string, CelInput>();
  for (const one of maps) {
    const entries = entriesOf(one);
    if (entries === null) return ERROR;
    for (const [key, value] of entries) if (!add(all, key, value)) return ERROR;
  }
  return all;
}

function add(map: Map<string, CelInput>, key: CelInput, value: CelInput): boolean {
  if ([...map.keys()].some((other) => asked("a == b", { a: other, b: key }) === true)) return false;
  map.set(key as string, value);
  return true;
}

type Item = { readonly value: Expression; readonly optional: boolean };

/** What an item puts in: a value, nothing (undefined), or an error. */
function put({ value, optional }: Item, scope: Scope): CelInput | undefined | typeof ERROR {
  const given = meaning(value, scope);
  if (given instanceof Maybe) return optional ? given.value : ERROR;
  return optional ? ERROR : given;
}

function list(items: readonly Item[], scope: Scope): Given {
  const values = items.map((item) => put(item, scope));
  return values.includes(ERROR) ? ERROR : values.filter((value) => value !== undefined && value !== ERROR);
}

function map(entries: readonly (Item & { readonly key: string })[], scope: Scope): Given {
  const all = new Map<string, CelInput>();
  for (const entry of entries) {
    const key = asked(entry.key, {});
    const value = put(entry, scope);
    if (key === ERROR || value === ERROR || (value !== undefined && !add(all, key, value))) return ERROR;
  }
  return all;
}

type Optional = Exclude<
  Expression,
  { kind: "text" | "name" | "call" | "both" | "if" | "loop" | "bind" | "list" | "map" | "unwrap" }
>;

function optional(node: Optional, scope: Scope): Given {
  switch (node.kind) {
    case "none":
      return new Maybe(undefined);
    case "of": {
      const value = meaning(node.value, scope);
      if (value === ERROR || value instanceof Maybe) return ERROR;
      return new Maybe(node.how === "ofNonZeroValue" && isZero(value) ? undefined : value);
    }
    case "end": {
      const values = listOf(meaning(node.list, scope));
      return values === null ? ERROR : new Maybe(values.at(node.which === "first" ? 0 : -1));
    }
    case "field":
      return within(meaning(node.operand, scope), (value) => found(value, node.field));
    case "at": {
      const index = meaning(node.index, scope);
      const operand = meaning(node.operand, scope);
      return index === ERROR || index instanceof Maybe ? ERROR : within(operand, (value) => found(value, index));
    }
  }
  const operand = meaning(node.operand, scope);
  if (!(operand instanceof Maybe)) return ERROR;
  switch (node.kind) {
    case "ask":
      return node.how === "hasValue"
        ? operand.value !== undefined
        : operand.value === undefined
          ? ERROR
          : operand.value;
    case "or": {
      if (operand.value !== undefined) return node.how === "or" ? operand : operand.value;
      const other = meaning(node.other, scope);
      return other instanceof Maybe === (node.how === "or") ? other : ERROR;
    }
    case "optMap": {
      if (operand.value === undefined) return operand;
      const body = meaning(node.body, { ...scope, [node.name]: operand.value });
      if (node.how === "optFlatMap") return body instanceof Maybe ? body : ERROR;
      return body === ERROR || body instanceof Maybe ? ERROR : new Maybe(body);
    }
  }
}

/** Reads within an optional, which stays one, or within a value. */
const within = (operand: Given, read: (value: CelInput) => Given): Given => {
  if (operand === ERROR) return ERROR;
  if (!(operand instanceof Maybe)) return read(operand);
  return operand.value === undefined ? operand : read(operand.value);
};

/** What is at a key or an index, or none; an error where nothing can be read, and for a key of a wrong type. */
function found(operand: CelInput, key: CelInput): Given {
  const [elements, entries] = [listOf(operand), entriesOf(operand)];
  if (elements !== null) {
    return isWhole(key) ? new Maybe(elements[Number(isCelUint(key) ? key.value : key)]) : ERROR;
  }
  if (entries === null || !isKey(key)) return ERROR;
  return new Maybe(entries.find(([one]) => asked("a == b", { a: one, b: key }) === true)?.[1]);
}

function isZero(value: CelInput): boolean {
  const zeros = ["null", "false", "0", "''", "b''", "[]", "{}", "duration('0')", "timestamp('0001-01-01T00:00:00Z')"];
  return zeros.some((zero) => asked(`a == ${zero}`, { a: value }) === true);
}
