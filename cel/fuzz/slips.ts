import { type CelInput, celUint, isCelUint } from "@bufbuild/cel";
import { isMessage } from "@bufbuild/protobuf";
import { isReflectMessage } from "@bufbuild/protobuf/reflect";
import { DurationSchema } from "@bufbuild/protobuf/wkt";
import { asked, ERROR, entriesOf, type Given, isKey, isWhole, listOf, Maybe, type Scope } from "./oracle";

/** A form as text over its arguments by name. */
const operatorOf = (form: string): string => form.replace(/\$(?=\d)/g, "a");

/** Operators know no optionals but for equality, which is theirs to tell by what they hold. */
export function call(form: string, scope: Scope, args: readonly Given[]): Given {
  if (args.includes(ERROR)) return ERROR;
  const [first, second] = args;
  if (first instanceof Maybe && second instanceof Maybe) {
    const same =
      first.value === undefined || second.value === undefined
        ? first.value === second.value
        : asked("a == b", { a: first.value, b: second.value });
    return typeof same === "boolean" ? same === (form === "($0 == $1)") : ERROR;
  }
  for (const { why, means } of SLIPS) {
    const meant = means(form, args);
    if (meant === undefined) continue;
    slipped.add(why);
    return meant;
  }
  const bindings: Record<string, CelInput> = {};
  const named: Readonly<Record<string, Given | undefined>> = { ...scope, a0: first, a1: second };
  for (const [name, value] of Object.entries(named)) {
    if (value !== undefined && value !== ERROR && !(value instanceof Maybe)) bindings[name] = value;
  }
  return asked(operatorOf(form), bindings);
}

/** Slips met since it was cleared: where there is one, @bufbuild/cel alone gives something else than the language. */
export const slipped = new Set<string>();

/** Where @bufbuild/cel gives something else than the language: what is meant instead. */
const SLIPS: readonly {
  readonly why: string;
  readonly means: (form: string, args: readonly Given[]) => Given | undefined;
}[] = [
  {
    why: "`[1, 2][true]` is 2 to it, and `[1][0.5]` no error that `||` absorbs: a list is read by whole numbers only",
    means: (form, [list = null, index = null]) =>
      form === "($0)[$1]" && listOf(list) !== null && !isWhole(index) ? ERROR : undefined,
  },
  {
    why: "`has(m.a)` is false to it where `a` is null: the key is there",
    means: (form, [operand = null]) => {
      const field = /^has\(\$0\.(.*)\)$/.exec(form)?.[1];
      const value = entriesOf(operand)?.find(([key]) => key === field)?.[1];
      return field !== undefined && value === null ? true : undefined;
    },
  },
  {
    why: "what can be no key is an error `in` a map to it, and what is at null not in there",
    means: (form, [key = null, operand = null]) => {
      const entries = form === "($0 in $1)" && !(key instanceof Maybe) && key !== ERROR ? entriesOf(operand) : null;
      if (entries === null || (isKey(key) && entries.every(([, value]) => value !== null))) return undefined;
      return entries.some(([one]) => isKey(key) && asked("a == b", { a: one, b: key as CelInput }) === true);
    },
  },
  {
    why: "it counts units of UTF-16, not characters",
    means: (form, args) => {
      const [short, wide] = [/\.(charAt|substring|indexOf|lastIndexOf)\(/.test(form), /[\ud800-\udfff]/];
      if (!short || typeof args[0] !== "string" || !args.some((arg) => typeof arg === "string" && wide.test(arg)))
        return undefined;
      const [a = null, b = null] = args.map((arg) => (typeof arg === "string" ? arg.replaceAll("😀", "\ue000") : arg));
      const result = asked(operatorOf(form), { a0: a as CelInput, a1: b as CelInput });
      return typeof result === "string" ? result.replaceAll("\ue000", "😀") : result;
    },
  },
  {
    why: "a quotient of uints beyond the ints is an error to it",
    means: (form, [a = null, b = null]) => {
      if (form !== "($0 / $1)" || !isCelUint(a) || !isCelUint(b) || b.value === 0n) return undefined;
      return a.value / b.value < 2n ** 63n ? undefined : celUint(a.value / b.value);
    },
  },
  {
    why: "a text that is no number is 0 or NaN to it, and an empty one no time",
    means: (form, [text]) => {
      if (typeof text !== "string") return undefined;
      if (form === "duration($0)") return text === "" ? ERROR : undefined;
      if (form === "double($0)") return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? undefined : ERROR;
      return /^u?int\(\$0\)$/.test(form) && !/^[+-]?\d+$/.test(text) ? ERROR : undefined;
    },
  },
  {
    why: "it has no `indexOf` for lists, which Kubernetes has",
    means: (form, [list = null, item = null]) => {
      const [elements, method] = [listOf(list), /\.(indexOf|lastIndexOf)\(/.exec(form)?.[1]];
      if (elements === null || method === undefined || item === ERROR || item instanceof Maybe) return undefined;
      const same = (one: CelInput): boolean => asked("a == b", { a: one, b: item }) === true;
      return BigInt(method === "indexOf" ? elements.findIndex(same) : elements.findLastIndex(same));
    },
  },
  {
    why: "`timestamp(1)` is a millisecond to it: an int counts seconds",
    means: (form, [seconds]) => {
      if (form !== "timestamp($0)" || typeof seconds !== "bigint") return undefined;
      if (seconds < -62135596800n || seconds > 253402300799n) return ERROR;
      return asked("timestamp(a)", { a: new Date(Number(seconds) * 1000).toISOString() });
    },
  },
  {
    why: "`duration(1)` is a second to it, and `int(duration('1s'))` is 1: cel-go has no such duration, and counts nanoseconds",
    means: (form, [value = null]) => {
      if (form === "duration($0)" && typeof value === "bigint") return ERROR;
      const span: unknown = form === "int($0)" && isReflectMessage(value) ? value.message : null;
      return isMessage(span, DurationSchema) ? span.seconds * 1_000_000_000n + BigInt(span.nanos) : undefined;
    },
  },
  {
    why: "it writes parts of a second of times in threes of digits, Go as few as there are",
    means: (form, [value = null]) => {
      if (form !== "string($0)" || !isReflectMessage(value)) return undefined;
      const text = asked("string(a)", { a: value });
      return typeof text === "string" ? text.replace(/(\.\d*?)0+(?=[Zs])/, "$1").replace(/\.(?=[Zs])/, "") : text;
    },
  },
];
