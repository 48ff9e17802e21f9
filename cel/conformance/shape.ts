import type { Value as ProtoValue } from "@bufbuild/cel-spec/cel/expr/value_pb.js";
import { isMessage, type Message as ProtoMessage, type Registry, toJson } from "@bufbuild/protobuf";
import { type Any, anyUnpack } from "@bufbuild/protobuf/wkt";

/** A value of any engine in one form that can be compared as text. */
export type Shape = Readonly<Record<string, unknown>>;

export const double = (value: number): Shape => ({ double: Object.is(value, -0) ? "0" : String(value) });
export const bytes = (value: Uint8Array): Shape => ({ bytes: Buffer.from(value).toString("hex") });
export const map = (entries: readonly (readonly [Shape, Shape])[]): Shape => ({
  map: entries.map(([key, value]) => JSON.stringify([key, value])).sort(),
});
const nanos = (value: { seconds: bigint; nanos: number }): string =>
  String(value.seconds * 1_000_000_000n + BigInt(value.nanos));

/** A protobuf message: the well-known types as CEL sees them, all others by their JSON. */
export function messageShape(message: ProtoMessage, registry: Registry): Shape {
  switch (message.$typeName) {
    case "google.protobuf.Timestamp":
      return { timestamp: nanos(message as never) };
    case "google.protobuf.Duration":
      return { duration: nanos(message as never) };
    case "google.protobuf.Any": {
      const inner = anyUnpack(message as Any, registry);
      return inner === undefined ? { message: "unknown Any" } : messageShape(inner, registry);
    }
  }
  const descriptor = registry.getMessage(message.$typeName);
  if (descriptor === undefined) return { message: message.$typeName };
  const json = toJson(descriptor, message, { registry });
  return { message: message.$typeName, json: JSON.stringify(sorted(json)) };
}

function sorted(json: unknown): unknown {
  if (typeof json !== "object" || json === null) return json;
  if (Array.isArray(json)) return json.map(sorted);
  return Object.fromEntries(
    Object.entries(json)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => [key, sorted(value)]),
  );
}

/** What a case of the suite expects. */
export function expectedShape(value: ProtoValue, registry: Registry): Shape {
  const { kind } = value;
  switch (kind.case) {
    case "nullValue":
      return { null: true };
    case "boolValue":
      return { bool: kind.value };
    case "int64Value":
      return { int: String(kind.value) };
    case "uint64Value":
      return { uint: String(kind.value) };
    case "doubleValue":
      return double(kind.value);
    case "stringValue":
      return { string: kind.value };
    case "bytesValue":
      return bytes(kind.value);
    case "typeValue":
      return { type: kind.value };
    case "enumValue":
      return { enum: kind.value.type, int: String(kind.value.value) };
    case "listValue":
      return { list: kind.value.values.map((one) => expectedShape(one, registry)) };
    case "mapValue":
      return map(
        kind.value.entries.flatMap(({ key, value: one }) =>
          key === undefined || one === undefined
            ? []
            : [[expectedShape(key, registry), expectedShape(one, registry)] as const],
        ),
      );
    case "objectValue": {
      const message = anyUnpack(kind.value, registry);
      return message === undefined ? { message: "unknown" } : messageShape(message, registry);
    }
    default:
      return { unknown: true };
  }
}

export const isProto = (value: unknown): value is ProtoMessage => isMessage(value);
