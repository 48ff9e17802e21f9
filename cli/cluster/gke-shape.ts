import type { Field, Type } from "protobufjs";
import { AnswerError, isMap } from "./answer";

const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;
const SCALARS: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string",
  bytes: (value) => typeof value === "string",
  bool: (value) => typeof value === "boolean",
};
/** 64 bits are written as text. */
const isNumber = (value: unknown): boolean =>
  typeof value === "number" || (typeof value === "string" && NUMBER.test(value));

/** What no enum of the API has. Google's own reader drops a word that it does not know, as if it had never been said, and keeps a number. */
const UNKNOWN_WORD = -1;

/**
 * The answer with a number in the place of each word of an enum that is not known. Errors: AnswerError where a known field holds what the
 * API's JSON has nothing like: Google's own reader takes `7` for an empty message.
 */
export function shaped(type: Type, answer: unknown, path = ""): unknown {
  if (type.fullName.startsWith(".google.protobuf.")) return answer; // times and wrappers have a JSON of their own
  if (!isMap(answer)) throw new AnswerError(`expected an object for field ${path}.`);
  const told = Object.entries(answer).map(([key, value]) => {
    const field = type.fields[key];
    const is = field === undefined || value === null;
    return [key, is ? value : shapedField(field, value, path === "" ? key : `${path}.${key}`)] as const;
  });
  return Object.fromEntries(told);
}

function shapedField(field: Field, value: unknown, path: string): unknown {
  if (field.map) {
    if (!isMap(value)) throw new AnswerError(`expected an object for field ${path}.`);
    const told = Object.entries(value).map(([key, item]) => [key, shapedItem(field, item, `${path}.${key}`)] as const);
    return Object.fromEntries(told);
  }
  if (field.repeated) {
    if (!Array.isArray(value)) throw new AnswerError(`expected an array for field ${path}.`);
    return value.map((item, at) => shapedItem(field, item, `${path}[${at}]`));
  }
  return shapedItem(field, value, path);
}

function shapedItem({ resolvedType, type }: Field, value: unknown, path: string): unknown {
  if (resolvedType !== null && "fields" in resolvedType) return shaped(resolvedType, value, path);
  const isOne = resolvedType === null ? (SCALARS[type] ?? isNumber) : SCALARS.string;
  if (isOne?.(value) !== true) throw new AnswerError(`${path}: expected ${resolvedType === null ? type : "a name"}.`);
  return resolvedType !== null && !Object.hasOwn(resolvedType.values, String(value)) ? UNKNOWN_WORD : value;
}
