import type { Value as ProtoValue } from "@bufbuild/cel-spec/cel/expr/value_pb.js";
import type { Message as ProtoMessage } from "@bufbuild/protobuf";
import { anyUnpack } from "@bufbuild/protobuf/wkt";
import { assemble } from "../emit/assemble";
import { guarded } from "../frame";
import { STANDARD } from "../library/standard";
import { parse } from "../syntax/parse";
import {
  Double,
  Duration,
  doubleOf,
  intOf,
  isInt,
  isList,
  numeric,
  Optional,
  Timestamp,
  Type,
  Uint,
  type Value,
} from "../value/boxed";
import { isMap, MapBuilder, mapEntries } from "../value/map";
import { Message } from "../value/message";
import { type Case, registry } from "./cases";
import { constants, fromProto, messages } from "./messages";
import { bytes, double, isProto, map, messageShape, type Shape } from "./shape";

const LIMITS = { characters: 20_000, nodes: 5000, depth: 250 };

/** What our compiler gives for a case; throws for every error. */
export function runOurs({ test }: Case): Shape {
  const bindings: Record<string, unknown> = {};
  for (const [name, { kind }] of Object.entries(test.bindings)) {
    if (kind.case === "value") bindings[name] = valueOfProto(kind.value);
  }
  const names = new Set([...test.typeEnv.map((one) => one.name), ...Object.keys(bindings)]);
  const node = parse(test.expr, LIMITS);
  const environment = { library: STANDARD, messages, constants, container: test.container, names, late: true };
  const result = guarded(assemble(test.expr, node, environment).evaluate(), bindings);
  if (typeof result === "symbol") throw new Error(result.description);
  return shapeOf(result);
}

function valueOfProto({ kind }: ProtoValue): Value {
  switch (kind.case) {
    case "int64Value":
      return plain(intOf(kind.value));
    case "uint64Value":
      return new Uint(kind.value);
    case "doubleValue":
      return doubleOf(kind.value);
    case "boolValue":
    case "stringValue":
    case "bytesValue":
      return kind.value;
    case "typeValue":
      return new Type(kind.value);
    case "listValue":
      return kind.value.values.map(valueOfProto);
    case "mapValue": {
      const builder = new MapBuilder();
      for (const { key, value } of kind.value.entries) {
        if (key !== undefined && value !== undefined) builder.add(valueOfProto(key), valueOfProto(value));
      }
      return builder.done();
    }
    case "objectValue": {
      const message = anyUnpack(kind.value, registry);
      return message === undefined ? null : plain(fromProto(message));
    }
    case "enumValue":
      return kind.value.value;
    default:
      return null;
  }
}

function plain(value: Value | symbol): Value {
  if (typeof value === "symbol") throw new Error(value.description);
  return value;
}

function shapeOf(value: Value): Shape {
  if (value === null) return { null: true };
  if (typeof value === "boolean") return { bool: value };
  if (typeof value === "string") return { string: value };
  if (isInt(value)) return { int: String(value) };
  if (value instanceof Uint) return { uint: String(value.$uint) };
  if (typeof value === "number" || value instanceof Double) return double(Number(numeric(value)));
  if (value instanceof Uint8Array) return bytes(value);
  if (isList(value)) return { list: value.map(shapeOf) };
  if (isMap(value)) return map(mapEntries(value).map(([key, one]) => [shapeOf(key), shapeOf(one)] as const));
  if (value instanceof Timestamp) return { timestamp: String(value.$instant) };
  if (value instanceof Duration) return { duration: String(value.$span) };
  if (value instanceof Type) return { type: value.$type };
  if (value instanceof Optional) return { optional: value.$value === undefined ? null : shapeOf(value.$value) };
  const content: unknown = value instanceof Message ? value.$content : undefined;
  return isProto(content) ? messageShape(content as ProtoMessage, registry) : { other: String(value) };
}
