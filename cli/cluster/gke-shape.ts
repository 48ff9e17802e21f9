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

/** Errors: AnswerError where a known field holds what the API's JSON has nothing like: Google's own reader takes `7` for an empty message. */
export function assertShape(type: Type, answer: unknown, path = ""): void {
  if (type.fullName.startsWith(".google.protobuf.")) return; // times and wrappers have a JSON of their own
  if (!isMap(answer)) throw new AnswerError(`expected an object for field ${path}.`);
  for (const [key, value] of Object.entries(answer)) {
    const field = type.fields[key];
    if (field !== undefined && value !== null) assertField(field, value, path === "" ? key : `${path}.${key}`);
  }
}

function assertField(field: Field, value: unknown, path: string): void {
  if (field.map) {
    if (!isMap(value)) throw new AnswerError(`expected an object for field ${path}.`);
    for (const [key, item] of Object.entries(value)) assertItem(field, item, `${path}.${key}`);
  } else if (field.repeated) {
    if (!Array.isArray(value)) throw new AnswerError(`expected an array for field ${path}.`);
    for (const [at, item] of value.entries()) assertItem(field, item, `${path}[${at}]`);
  } else assertItem(field, value, path);
}

function assertItem({ resolvedType, type }: Field, value: unknown, path: string): void {
  if (resolvedType !== null && "fields" in resolvedType) {
    assertShape(resolvedType, value, path);
    return;
  }
  const isOne = resolvedType === null ? (SCALARS[type] ?? isNumber) : SCALARS.string;
  if (isOne?.(value) !== true) throw new AnswerError(`${path}: expected ${resolvedType === null ? type : "a name"}.`);
}
