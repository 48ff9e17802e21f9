import { type Fault, OUT_OF_RANGE, OVERFLOW } from "./fault";

/**
 * How CEL's values are held. Plain JSON is used as it is: an integral number within ±2^53 is an int, any other number a
 * double. What plain JavaScript can't tell apart is boxed. Every box keeps its content under names with `$`, which no
 * CEL field can have, so that `value["field"]` on a box is undefined.
 */
export type Value = null | boolean | number | bigint | string | Uint8Array | readonly Value[] | Plain | Boxed;
export interface Plain {
  readonly [key: string]: Value;
}
export type Result = Value | Fault;

/** The mark of everything that is neither a primitive, a list, bytes nor a plain object. */
export abstract class Boxed {}

/** A double with an integral value within ±2^53 (all other doubles are plain numbers). */
export class Double extends Boxed {
  constructor(readonly $double: number) {
    super();
  }
}
export class Uint extends Boxed {
  constructor(readonly $uint: bigint) {
    super();
  }
}
/** Nanoseconds since 1970. */
export class Timestamp extends Boxed {
  constructor(readonly $instant: bigint) {
    super();
  }
}
/** Nanoseconds. */
export class Duration extends Boxed {
  constructor(readonly $span: bigint) {
    super();
  }
}
export class Optional extends Boxed {
  constructor(readonly $value: Value | undefined) {
    super();
  }
}
export class Type extends Boxed {
  constructor(readonly $type: string) {
    super();
  }
}
/** What a library brings along: a URL, a quantity, an address. `$same` and `$order` compare two of one class. */
export abstract class Opaque extends Boxed {
  abstract readonly $name: string;
  abstract $same(other: Opaque): boolean;
}

export const NONE = new Optional(undefined);
export const MIN_INT = -(2n ** 63n);
export const MAX_INT = 2n ** 63n - 1n;
export const MAX_UINT = 2n ** 64n - 1n;

export const isInt = (value: unknown): value is number | bigint =>
  Number.isSafeInteger(value) || typeof value === "bigint";

export const isDouble = (value: unknown): value is number | Double =>
  (typeof value === "number" && !Number.isSafeInteger(value)) || value instanceof Double;

/** A map with string keys. What `JSON.parse` gives is told by its prototype, which is far cheaper than the other tests. */
export function isPlain(value: unknown): value is Plain {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Boxed) &&
    !ArrayBuffer.isView(value)
  );
}

export const isList = (value: unknown): value is readonly Value[] => Array.isArray(value);

/** A double as a value. */
export const doubleOf = (value: number): number | Double => (Number.isSafeInteger(value) ? new Double(value) : value);

/** An int as a value, or OVERFLOW beyond 64 bits. */
export function intOf(value: bigint): number | bigint | Fault {
  if (value >= -9007199254740991n && value <= 9007199254740991n) return Number(value);
  return value < MIN_INT || value > MAX_INT ? OVERFLOW : value;
}

export const uintOf = (value: bigint): Uint | Fault => (value < 0n || value > MAX_UINT ? OVERFLOW : new Uint(value));

/** The number behind any of the three kinds, comparable with each other by JavaScript's own operators; undefined for others. */
export function numeric(value: Value): number | bigint | undefined {
  if (typeof value === "number" || typeof value === "bigint") return value;
  if (value instanceof Double) return value.$double;
  return value instanceof Uint ? value.$uint : undefined;
}

/** 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999999Z. */
export const timestampOf = (ns: bigint): Timestamp | Fault =>
  ns < -62135596800_000000000n || ns > 253402300799_999999999n ? OUT_OF_RANGE : new Timestamp(ns);

/** As Go and Kubernetes hold it: nanoseconds in 64 bits, about ±292 years. */
export const durationOf = (ns: bigint): Duration | Fault =>
  ns < MIN_INT || ns > MAX_INT ? OUT_OF_RANGE : new Duration(ns);
