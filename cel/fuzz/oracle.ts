import { type CelInput, celEnv, isCelError, isCelList, isCelMap, isCelUint, parse, plan } from "@bufbuild/cel";
import { strings } from "@bufbuild/cel/ext";

export const ERROR = Symbol("error");
export class Maybe {
  constructor(readonly value: CelInput | undefined) {}
}
/** What is known of a part: its value, an optional, or that it failed. */
export type Given = CelInput | Maybe | typeof ERROR;
export type Scope = Readonly<Record<string, Given>>;

const environment = celEnv({ funcs: strings });
const plans = new Map<string, ReturnType<typeof plan>>();

/** An expression in @bufbuild/cel; every kind of failure is ERROR. */
export function asked(text: string, bindings: Readonly<Record<string, CelInput>>): CelInput | typeof ERROR {
  let made = plans.get(text);
  if (made === undefined) {
    if (plans.size > 5000) plans.clear();
    made = plan(environment, parse(text));
    plans.set(text, made);
  }
  const result: unknown = made(bindings);
  return isCelError(result) ? ERROR : (result as CelInput);
}

/** Ints as bigint for @bufbuild/cel, which reads every number as a double. */
export function inputOf(value: unknown): CelInput {
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(inputOf);
  if (typeof value !== "object" || value === null) return value as CelInput;
  return new Map(Object.entries(value).map(([key, one]) => [key, inputOf(one)]));
}

/** The elements of a list; null for anything else. */
export const listOf = (value: Given): readonly CelInput[] | null =>
  Array.isArray(value) ? value : isCelList(value) ? [...value] : null;
/** The entries of a map; null for anything else. */
export const entriesOf = (value: Given): readonly (readonly [CelInput, CelInput])[] | null =>
  value instanceof Map || isCelMap(value) ? ([...value] as [CelInput, CelInput][]) : null;

export const isKey = (value: Given): boolean =>
  typeof value === "string" || typeof value === "boolean" || isNumber(value);
export const isWhole = (value: Given): value is CelInput =>
  isNumber(value) && (typeof value !== "number" || Number.isInteger(value));
export const isNumber = (value: Given): boolean =>
  typeof value === "bigint" || typeof value === "number" || isCelUint(value);
