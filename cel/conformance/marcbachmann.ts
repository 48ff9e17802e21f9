import type { Value as ProtoValue } from "@bufbuild/cel-spec/cel/expr/value_pb.js";
import { Environment, Optional } from "@marcbachmann/cel-js";
import type { Case } from "./cases";
import { bytes, double, map, type Shape } from "./shape";

const environment = new Environment({
  unlistedVariablesAreDyn: true,
  enableOptionalTypes: true,
  homogeneousAggregateLiterals: false,
});

/** What @marcbachmann/cel-js gives for a case; throws for every error. It has no messages and no containers. */
export function runMarcbachmann({ test }: Case): Shape {
  const bindings: Record<string, unknown> = {};
  for (const [name, { kind }] of Object.entries(test.bindings)) {
    if (kind.case === "value") bindings[name] = inputOf(kind.value);
  }
  return shapeOf(environment.evaluate(test.expr, bindings));
}

function inputOf({ kind }: ProtoValue): unknown {
  switch (kind.case) {
    case "uint64Value":
      return environment.evaluate(`${kind.value}u`);
    case "listValue":
      return kind.value.values.map(inputOf);
    case "mapValue":
      return new Map(kind.value.entries.map(({ key, value }) => [key && inputOf(key), value && inputOf(value)]));
    case "int64Value":
    case "doubleValue":
    case "boolValue":
    case "stringValue":
    case "bytesValue":
      return kind.value;
    case "nullValue":
      return null;
    default:
      throw new Error("no such values");
  }
}

function shapeOf(value: unknown): Shape {
  if (value === null) return { null: true };
  if (typeof value === "boolean") return { bool: value };
  if (typeof value === "string") return { string: value };
  if (typeof value === "bigint") return { int: String(value) };
  if (typeof value === "number") return double(value);
  if (value instanceof Uint8Array) return bytes(value);
  if (isNamed(value, "UnsignedInt")) return { uint: String(value) };
  if (value instanceof Date) return { timestamp: String(BigInt(value.getTime()) * 1_000_000n) };
  if (isNamed(value, "Duration") && "seconds" in value && "nanos" in value) {
    return { duration: String(BigInt(String(value.seconds)) * 1_000_000_000n + BigInt(String(value.nanos))) };
  }
  if (Array.isArray(value)) return { list: value.map(shapeOf) };
  if (value instanceof Map) return map([...value].map(([key, one]) => [shapeOf(key), shapeOf(one)] as const));
  if (value instanceof Optional) return { optional: true };
  if (typeof value !== "object") return { other: typeof value };
  if (Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null) {
    return map(Object.entries(value).map(([key, one]) => [{ string: key }, shapeOf(one)] as const));
  }
  return "name" in value ? { type: value.name } : { other: String(value) };
}

/** The library keeps these classes to itself. */
const isNamed = (value: unknown, name: string): value is object =>
  typeof value === "object" && value !== null && value.constructor?.name === name;
