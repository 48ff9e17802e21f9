import { create, fromJson, type JsonValue, type Message as ProtoMessage, toJson } from "@bufbuild/protobuf";
import {
  type Any,
  anyPack,
  anyUnpack,
  BoolValueSchema,
  BytesValueSchema,
  DoubleValueSchema,
  DurationSchema,
  Int64ValueSchema,
  ListValueSchema,
  StringValueSchema,
  StructSchema,
  TimestampSchema,
  UInt64ValueSchema,
  ValueSchema,
} from "@bufbuild/protobuf/wkt";
import {
  Double,
  Duration,
  doubleOf,
  durationOf,
  isDouble,
  isInt,
  isList,
  numeric,
  type Result,
  Timestamp,
  timestampOf,
  Uint,
  type Value,
} from "../value/boxed";
import { BAD_ARGUMENT, type Fault, NO_OVERLOAD } from "../value/fault";
import { split, textOfDuration, textOfTimestamp } from "../value/instant";
import { isMap, mapEntries } from "../value/map";
import { Message } from "../value/message";
import { registry } from "./cases";

const PREFIX = "google.protobuf.";

/** Protobuf's well-known types are CEL's own values, and only dress up as messages in fields. */
export function fromWellKnown(message: ProtoMessage, others: (message: ProtoMessage) => Result): Result {
  const content = message as ProtoMessage & { value?: Value; seconds?: bigint; nanos?: number };
  const ns = (content.seconds ?? 0n) * 1_000_000_000n + BigInt(content.nanos ?? 0);
  switch (message.$typeName.startsWith(PREFIX) ? message.$typeName.slice(PREFIX.length) : "") {
    case "Timestamp":
      return timestampOf(ns);
    case "Duration":
      return durationOf(ns);
    case "Any": {
      const inner = anyUnpack(message as Any, registry);
      return inner === undefined ? BAD_ARGUMENT : fromWellKnown(inner, others);
    }
    case "Value":
      return isUnsetValue(message) ? null : fromJsonValue(toJson(ValueSchema, message as never));
    case "Struct":
      return fromJsonValue(toJson(StructSchema, message as never));
    case "ListValue":
      return fromJsonValue(toJson(ListValueSchema, message as never));
    case "BoolValue":
    case "StringValue":
    case "BytesValue":
      return content.value ?? null;
    case "DoubleValue":
    case "FloatValue":
      return doubleOf(Number(content.value));
    case "Int32Value":
    case "Int64Value":
      return intFrom(content.value);
    case "UInt32Value":
    case "UInt64Value":
      return new Uint(BigInt(String(content.value ?? 0)));
    default:
      return others(message);
  }
}

const isUnsetValue = (message: ProtoMessage): boolean =>
  (message as { kind?: { case?: string } }).kind?.case === undefined;

function intFrom(value: unknown): number | bigint {
  const number = BigInt(String(value ?? 0));
  return Number.isSafeInteger(Number(number)) ? Number(number) : number;
}

/** Numbers of a JSON value are doubles to CEL. */
function fromJsonValue(json: JsonValue): Value {
  if (typeof json === "number") return doubleOf(json);
  if (typeof json !== "object" || json === null) return json;
  if (Array.isArray(json)) return json.map(fromJsonValue);
  return Object.assign(
    Object.create(null),
    Object.fromEntries(Object.entries(json).map(([key, one]) => [key, fromJsonValue(one)])),
  );
}

/** A value as JSON; undefined for what JSON can't hold. 64-bit ints that a double can't hold become text. */
export function toJsonValue(value: Value): JsonValue | undefined {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (isInt(value)) return typeof value === "number" ? value : String(value);
  if (value instanceof Uint) return value.$uint <= 9007199254740991n ? Number(value.$uint) : String(value.$uint);
  if (isDouble(value)) return value instanceof Double ? value.$double : value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (value instanceof Timestamp) return textOfTimestamp(value);
  if (value instanceof Duration) return textOfDuration(value);
  if (isList(value)) {
    const items = value.map(toJsonValue);
    return items.includes(undefined) ? undefined : (items as JsonValue[]);
  }
  if (value instanceof Message)
    return toJson(registry.getMessage(value.$message.name) as never, value.$content as never, { registry });
  if (!isMap(value)) return undefined;
  const entries = mapEntries(value).map(([key, one]) => [key, toJsonValue(one)] as const);
  if (entries.some(([key, one]) => typeof key !== "string" || one === undefined)) return undefined;
  return Object.fromEntries(entries) as JsonValue;
}

/** The message of a well-known type for a value; null for other types. */
export function toWellKnown(type: string, value: Value): ProtoMessage | Fault | null {
  switch (type.startsWith(PREFIX) ? type.slice(PREFIX.length) : "") {
    case "Timestamp": {
      if (!(value instanceof Timestamp)) return NO_OVERLOAD;
      return create(TimestampSchema, split(value.$instant));
    }
    case "Duration":
      if (!(value instanceof Duration)) return NO_OVERLOAD;
      return create(DurationSchema, {
        seconds: value.$span / 1_000_000_000n,
        nanos: Number(value.$span % 1_000_000_000n),
      });
    case "Value": {
      const json = toJsonValue(value);
      return json === undefined ? BAD_ARGUMENT : fromJson(ValueSchema, json);
    }
    case "Struct": {
      const json = isMap(value) ? toJsonValue(value) : undefined;
      return json === undefined ? NO_OVERLOAD : fromJson(StructSchema, json);
    }
    case "ListValue": {
      const json = isList(value) ? toJsonValue(value) : undefined;
      return json === undefined ? NO_OVERLOAD : fromJson(ListValueSchema, json);
    }
    case "Any":
      return toAny(value);
    default:
      return null;
  }
}

function toAny(value: Value): ProtoMessage | Fault {
  if (value instanceof Message)
    return anyPack(registry.getMessage(value.$message.name) as never, value.$content as never);
  if (typeof value === "boolean") return anyPack(BoolValueSchema, create(BoolValueSchema, { value }));
  if (typeof value === "string") return anyPack(StringValueSchema, create(StringValueSchema, { value }));
  if (value instanceof Uint8Array)
    return anyPack(BytesValueSchema, create(BytesValueSchema, { value: new Uint8Array(value) }));
  if (isInt(value)) return anyPack(Int64ValueSchema, create(Int64ValueSchema, { value: BigInt(value) }));
  if (value instanceof Uint) return anyPack(UInt64ValueSchema, create(UInt64ValueSchema, { value: value.$uint }));
  if (isDouble(value)) return anyPack(DoubleValueSchema, create(DoubleValueSchema, { value: Number(numeric(value)) }));
  const type =
    value instanceof Timestamp
      ? "Timestamp"
      : value instanceof Duration
        ? "Duration"
        : isList(value)
          ? "ListValue"
          : isMap(value)
            ? "Struct"
            : "Value";
  const inner = toWellKnown(PREFIX + type, value);
  if (inner === null || typeof inner === "symbol") return inner ?? BAD_ARGUMENT;
  return anyPack(registry.getMessage(PREFIX + type) as never, inner as never);
}
