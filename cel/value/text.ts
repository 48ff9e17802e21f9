import {
  type Double,
  Duration,
  doubleOf,
  isDouble,
  isInt,
  isList,
  Opaque,
  Optional,
  Timestamp,
  Type,
  Uint,
  type Value,
} from "./boxed";
import { isMap } from "./map";
import { Message } from "./message";

/** The name of a value's type. */
export function typeName(value: Value): string {
  if (value === null) return "null_type";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string") return "string";
  if (isInt(value)) return "int";
  if (isDouble(value)) return "double";
  if (value instanceof Uint) return "uint";
  if (value instanceof Uint8Array) return "bytes";
  if (isList(value)) return "list";
  if (value instanceof Timestamp) return "google.protobuf.Timestamp";
  if (value instanceof Duration) return "google.protobuf.Duration";
  if (value instanceof Type) return "type";
  if (value instanceof Optional) return "optional_type";
  if (value instanceof Message) return value.$message.name;
  if (value instanceof Opaque) return value.$name;
  return isMap(value) ? "map" : "dyn";
}

/** A double as Go prints it with %g: an exponent from 1e21 on and below 1e-6, at least two digits long. */
export function textOfDouble(value: number | Double): string {
  const real = typeof value === "number" ? value : value.$double;
  if (real === Number.POSITIVE_INFINITY) return "+Inf";
  if (real === Number.NEGATIVE_INFINITY) return "-Inf";
  if (Object.is(real, -0)) return "-0";
  return String(real).replace(/e([+-])(\d)$/, "e$10$2");
}

export const parseDouble = (text: string): number | Double | null => {
  const word = /^([+-])?(?:(inf|infinity)|(nan))$/i.exec(text);
  if (word !== null)
    return word[3] === undefined ? (word[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY) : Number.NaN;
  return /^[+-]?(\d+(?:\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(text) ? doubleOf(Number(text)) : null;
};
