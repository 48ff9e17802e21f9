import { doubleOf, intOf, isInt, MAX_INT, Opaque, type Result, type Value } from "../value/boxed";
import { BAD_ARGUMENT, NO_OVERLOAD, OUT_OF_RANGE } from "../value/fault";
import type { Implementation, Library } from "./library";
import { orderOfVersions } from "./semver";

/** A Kubernetes quantity, exact: `units` × 10^-9 (finer parts round up, as the API does). */
class Quantity extends Opaque {
  readonly $name = "kubernetes.Quantity";
  constructor(
    readonly $nanos: bigint,
    /** The power of ten that Kubernetes holds it with beside a 64-bit int; null where it holds a wide decimal, which it never gives as an int. */
    readonly $scale: number | null,
  ) {
    super();
  }
  $same(other: Opaque): boolean {
    return other instanceof Quantity && other.$nanos === this.$nanos;
  }
}

const NANO = 1_000_000_000n;
const FORM = /^([+-]?)(\d*)(?:\.(\d*))?(?:(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)|[eE]([+-]?\d{1,3}))?$/;
const DECIMAL: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const BINARY: Readonly<Record<string, bigint>> = { Ki: 10n, Mi: 20n, Gi: 30n, Ti: 40n, Pi: 50n, Ei: 60n };

/** `1.5Gi`, `200m`, `1e3`; null when it is no quantity. */
function parse(text: string): Quantity | null {
  const match = text.length > 100 ? null : FORM.exec(text);
  if (match === null) return null;
  const [, sign = "", whole = "", part = "", suffix = "", exponent = "0"] = match;
  if (whole === "" && part === "") return null;
  const digits = BigInt(`${whole}${part}` === "" ? 0 : `${whole}${part}`);
  const tens = (DECIMAL[suffix] ?? Number(exponent)) - part.length + 9;
  const scaled = digits << (BINARY[suffix] ?? 0n);
  if (Math.abs(tens) > 400) return null;
  const nanos = tens >= 0 ? scaled * 10n ** BigInt(tens) : roundedUp(scaled, 10n ** BigInt(-tens));
  // A wide binary quantity is capped, a wide decimal one is not.
  const capped = suffix in BINARY && nanos > MAX_INT * NANO ? MAX_INT * NANO : nanos;
  return new Quantity(sign === "-" ? -capped : capped, scaleOf(whole, part, suffix, Number(exponent)));
}

/** Kubernetes holds a quantity as an int and a power of ten while its digits surely fit, and never a binary one with a fraction. */
function scaleOf(whole: string, part: string, suffix: string, exponent: number): number | null {
  const digits = Math.max(whole.replace(/^0+/, "").length, 1);
  const bits = BINARY[suffix];
  if (bits !== undefined) return part === "" && digits + Math.floor(Number(bits) * 0.3) <= 14 ? 0 : null;
  const scale = (DECIMAL[suffix] ?? exponent) - part.length;
  return digits + part.length <= 18 && scale >= -9 ? scale : null;
}

const roundedUp = (value: bigint, by: bigint): bigint => (value + by - 1n) / by;

const ofOne =
  (give: (quantity: Quantity) => Result): Implementation =>
  (quantity) =>
    quantity instanceof Quantity ? give(quantity) : NO_OVERLOAD;
/** Comparisons, which quantities share with versions. */
const compared =
  (give: (order: number) => Result): Implementation =>
  (a, b) => {
    if (a instanceof Quantity && b instanceof Quantity) return give(compare(a, b));
    const order = orderOfVersions(a, b);
    return order === undefined ? NO_OVERLOAD : give(order);
  };

/** `add` and `sub` take a quantity or an int. */
const sum =
  (sign: 1n | -1n): Implementation =>
  (a, b) => {
    if (!(a instanceof Quantity)) return NO_OVERLOAD;
    const other = isInt(b) ? new Quantity(BigInt(b) * NANO, 0) : b;
    return other instanceof Quantity ? added(a, other, sign) : NO_OVERLOAD;
  };

function added(a: Quantity, b: Quantity, sign: 1n | -1n): Quantity {
  const nanos = a.$nanos + sign * b.$nanos;
  if (a.$scale === null || b.$scale === null) return new Quantity(nanos, null);
  // Nothing added to something keeps its power of ten; otherwise the finer of the two holds both, if it can.
  const scale = b.$nanos === 0n ? a.$scale : a.$nanos === 0n ? b.$scale : Math.min(a.$scale, b.$scale);
  return new Quantity(nanos, fits(nanos, scale) ? scale : null);
}

const fits = (nanos: bigint, scale: number): boolean =>
  typeof intOf(nanos / 10n ** BigInt(Math.max(scale + 9, 0))) !== "symbol";

const isInteger = ({ $nanos, $scale }: Quantity): boolean =>
  $scale !== null && $scale >= 0 && typeof intOf($nanos / NANO) !== "symbol";
const compare = (a: Quantity, b: Quantity): number => (a.$nanos < b.$nanos ? -1 : a.$nanos > b.$nanos ? 1 : 0);

/** Kubernetes' quantity library. */
export const quantities: Library = {
  "quantity/1": (text: Value) => (typeof text === "string" ? (parse(text) ?? BAD_ARGUMENT) : NO_OVERLOAD),
  "isQuantity/1": (text: Value) => (typeof text === "string" ? parse(text) !== null : NO_OVERLOAD),
  ".isInteger/0": ofOne(isInteger),
  ".asInteger/0": ofOne((one) => (isInteger(one) ? intOf(one.$nanos / NANO) : OUT_OF_RANGE)),
  ".asApproximateFloat/0": ofOne((one) => doubleOf(Number(one.$nanos) / 1e9)),
  ".sign/0": ofOne(({ $nanos }) => ($nanos > 0n ? 1 : $nanos < 0n ? -1 : 0)),
  ".add/1": sum(1n),
  ".sub/1": sum(-1n),
  ".isGreaterThan/1": compared((order) => order > 0),
  ".isLessThan/1": compared((order) => order < 0),
  ".compareTo/1": compared((order) => order),
};
