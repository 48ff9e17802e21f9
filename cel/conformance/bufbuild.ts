import {
  type CelInput,
  celEnv,
  celUint,
  isCelError,
  isCelList,
  isCelMap,
  isCelType,
  isCelUint,
  parse,
  plan,
} from "@bufbuild/cel";
import { strings } from "@bufbuild/cel/ext";
import type { Value as ProtoValue } from "@bufbuild/cel-spec/cel/expr/value_pb.js";
import { isReflectMessage } from "@bufbuild/protobuf/reflect";
import { anyUnpack } from "@bufbuild/protobuf/wkt";
import { type Case, registry } from "./cases";
import { bytes, double, isProto, map, messageShape, type Shape } from "./shape";

/** What @bufbuild/cel gives for a case; throws for every error. */
export function runBufbuild({ test }: Case): Shape {
  const bindings: Record<string, CelInput> = {};
  for (const [name, { kind }] of Object.entries(test.bindings)) {
    if (kind.case === "value") bindings[name] = inputOf(kind.value);
  }
  const environment = celEnv({ namespace: test.container, registry, funcs: strings });
  const result: unknown = plan(environment, parse(test.expr))(bindings);
  if (isCelError(result)) throw new Error(result.message);
  return shapeOf(result);
}

function inputOf({ kind }: ProtoValue): CelInput {
  switch (kind.case) {
    case "uint64Value":
      return celUint(kind.value);
    case "listValue":
      return kind.value.values.map(inputOf);
    case "mapValue":
      return new Map(
        kind.value.entries.map(
          ({ key, value }) =>
            [key === undefined ? "" : inputOf(key), value === undefined ? null : inputOf(value)] as never,
        ),
      );
    case "objectValue":
      return anyUnpack(kind.value, registry) ?? null;
    case "enumValue":
      return BigInt(kind.value.value);
    case "int64Value":
    case "doubleValue":
    case "boolValue":
    case "stringValue":
    case "bytesValue":
      return kind.value;
    default:
      return null;
  }
}

function shapeOf(value: unknown): Shape {
  if (value === null) return { null: true };
  if (typeof value === "boolean") return { bool: value };
  if (typeof value === "string") return { string: value };
  if (typeof value === "bigint") return { int: String(value) };
  if (typeof value === "number") return double(value);
  if (value instanceof Uint8Array) return bytes(value);
  if (isCelUint(value)) return { uint: String(value.value) };
  if (isCelList(value)) return { list: [...value].map(shapeOf) };
  if (isCelMap(value)) return map([...value].map(([key, one]) => [shapeOf(key), shapeOf(one)] as const));
  if (isCelType(value)) return { type: value.name };
  if (isReflectMessage(value)) return messageShape(value.message, registry);
  return isProto(value) ? messageShape(value, registry) : { other: String(value) };
}
