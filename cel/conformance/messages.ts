import {
  create,
  type DescExtension,
  type DescField,
  type DescMessage,
  equals,
  getExtension,
  hasExtension,
  isFieldSet,
  type Message as ProtoMessage,
  ScalarType,
} from "@bufbuild/protobuf";
import {
  isReflectMessage,
  type ReflectList,
  type ReflectMap,
  type ReflectMessage,
  reflect,
} from "@bufbuild/protobuf/reflect";
import {
  doubleOf,
  intOf,
  isDouble,
  isInt,
  isList,
  MAX_INT,
  MIN_INT,
  numeric,
  type Result,
  Uint,
  type Value,
} from "../value/boxed";
import { type Fault, fault, NO_OVERLOAD, OUT_OF_RANGE } from "../value/fault";
import { isMap, MapBuilder, mapEntries } from "../value/map";
import { Message, type MessageType } from "../value/message";
import { registry } from "./cases";
import { fromWellKnown, toWellKnown } from "./well-known";

const NO_SUCH_FIELD = fault("type", "The message has no such field.");

/** The suite's message types over @bufbuild/protobuf: the compiler asks for no more than MessageType. */
export const messages: ReadonlyMap<string, MessageType> = new Map(
  [...registry].flatMap((type) => (type.kind === "message" ? [[type.typeName, typeOf(type)]] : [])),
);

/** Enum values by their qualified names. */
export const constants: ReadonlyMap<string, Value> = new Map(
  [...registry].flatMap((type) =>
    type.kind === "enum" ? type.values.map((value) => [`${type.typeName}.${value.name}`, value.number] as const) : [],
  ),
);

/** A message as CEL sees it. */
export const fromProto = (message: ProtoMessage): Result =>
  fromWellKnown(message, (other) => {
    const type = messages.get(other.$typeName);
    return type === undefined ? NO_OVERLOAD : new Message(type, other);
  });

function typeOf(desc: DescMessage): MessageType {
  const fieldOf = (name: string): DescField | undefined => desc.fields.find((field) => field.name === name);
  const extensionOf = (name: string): DescExtension | undefined => {
    const extension = registry.getExtension(name);
    return extension?.extendee.typeName === desc.typeName ? extension : undefined;
  };
  return {
    name: desc.typeName,
    create(fields) {
      const made = reflect(desc, create(desc));
      for (const [name, value] of fields) {
        const field = fieldOf(name);
        const problem = field === undefined ? NO_SUCH_FIELD : assign(made, field, value);
        if (problem !== null) return problem;
      }
      return fromProto(made.message);
    },
    get(content, name) {
      const [field, extension] = [fieldOf(name), extensionOf(name)];
      if (field !== undefined) return read(reflect(desc, content as ProtoMessage), field);
      if (extension === undefined) return NO_SUCH_FIELD;
      const value: unknown = getExtension(content as ProtoMessage, extension);
      return Array.isArray(value) ? value.map((one) => plain(element(extension, one))) : element(extension, value);
    },
    has(content, name) {
      const [field, extension] = [fieldOf(name), extensionOf(name)];
      if (field !== undefined) return isFieldSet(content as ProtoMessage, field);
      return extension === undefined ? NO_SUCH_FIELD : hasExtension(content as ProtoMessage, extension);
    },
    zero: (content) => equals(desc, content as ProtoMessage, create(desc)),
    same: (a, b) => equals(desc, a as ProtoMessage, b as ProtoMessage, { registry, unpackAny: true, unknown: true }),
  };
}

const plain = (value: Result): Value => (typeof value === "symbol" ? null : value);

function read(message: ReflectMessage, field: DescField): Result {
  if (field.fieldKind === "list") {
    return [...(message.get(field) as ReflectList)].map((one) => plain(element(field, one)));
  }
  if (field.fieldKind === "map") {
    const builder = new MapBuilder();
    for (const [key, one] of message.get(field) as ReflectMap) {
      builder.add(plain(scalar(field.mapKey, key)), plain(element(field, one)));
    }
    return builder.done();
  }
  if (field.fieldKind !== "message" || message.isSet(field)) return element(field, message.get(field));
  // An unset wrapper is null, any other unset message is its default.
  return /^google\.protobuf\.(\w+Value|Value|Any)$/.test(field.message.typeName) &&
    field.message.typeName !== "google.protobuf.ListValue"
    ? null
    : fromProto(create(field.message));
}

function element(field: DescField | DescExtension, value: unknown): Result {
  const { message, scalar: kind } = kindOf(field);
  if (message !== undefined) return fromProto(isReflectMessage(value) ? value.message : (value as ProtoMessage));
  return kind === undefined ? Number(value) : scalar(kind, value);
}

/** What a field holds, or the elements of a list or map. */
function kindOf(field: DescField | DescExtension): {
  message: DescMessage | undefined;
  scalar: ScalarType | undefined;
} {
  const { message, scalar: kind }: { message?: DescMessage | undefined; scalar?: ScalarType | undefined } = field;
  return { message, scalar: kind };
}

function scalar(kind: ScalarType, value: unknown): Result {
  switch (kind) {
    case ScalarType.BOOL:
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return value as Value;
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return doubleOf(Number(value));
    case ScalarType.UINT32:
    case ScalarType.UINT64:
    case ScalarType.FIXED32:
    case ScalarType.FIXED64:
      return new Uint(BigInt(String(value)));
    default:
      return intOf(BigInt(String(value)));
  }
}

/** Sets a field; the fault when the value does not fit. Null leaves a message unset. */
function assign(message: ReflectMessage, field: DescField, value: Value): Fault | null {
  if (field.fieldKind === "list") {
    if (!isList(value)) return NO_OVERLOAD;
    for (const item of value) {
      const one = contentOf(field, item);
      if (typeof one === "symbol") return one;
      (message.get(field) as ReflectList).add(one);
    }
    return null;
  }
  if (field.fieldKind === "map") {
    if (!isMap(value)) return NO_OVERLOAD;
    for (const [key, item] of mapEntries(value)) {
      const [at, one] = [scalarOf(field.mapKey, key), contentOf(field, item)];
      if (typeof at === "symbol" || typeof one === "symbol") return typeof at === "symbol" ? at : (one as Fault);
      (message.get(field) as ReflectMap).set(at, one);
    }
    return null;
  }
  if (
    value === null &&
    field.fieldKind === "message" &&
    !/\.(Value|Any|Struct|ListValue)$/.test(field.message.typeName)
  )
    return null;
  if (value === null && field.fieldKind === "message" && /\.Any$/.test(field.message.typeName)) return null;
  const content = contentOf(field, value);
  if (typeof content === "symbol") return content;
  message.set(field, content);
  return null;
}

function contentOf(field: DescField, value: Value): unknown {
  const { message, scalar: kind } = kindOf(field);
  if (message === undefined) return kind === undefined ? scalarOf(ScalarType.INT32, value) : scalarOf(kind, value);
  const made = messageOf(message, value);
  return typeof made === "symbol" ? made : reflect(message, made);
}

function messageOf(desc: DescMessage, value: Value): ProtoMessage | Fault {
  if (value instanceof Message && value.$message.name === desc.typeName) return value.$content as ProtoMessage;
  const wellKnown = toWellKnown(desc.typeName, value);
  if (wellKnown !== null) return wellKnown;
  const field = desc.fields[0];
  if (!/^google\.protobuf\.\w+Value$/.test(desc.typeName) || field?.scalar === undefined) return NO_OVERLOAD;
  const content = scalarOf(field.scalar, value);
  return typeof content === "symbol" ? content : create(desc, { value: content } as never);
}

const RANGES: Partial<Record<ScalarType, readonly [bigint, bigint]>> = {
  [ScalarType.UINT32]: [0n, 0xffffffffn],
  [ScalarType.FIXED32]: [0n, 0xffffffffn],
  [ScalarType.UINT64]: [0n, 2n ** 64n],
  [ScalarType.FIXED64]: [0n, 2n ** 64n],
  [ScalarType.INT64]: [MIN_INT, MAX_INT],
  [ScalarType.SINT64]: [MIN_INT, MAX_INT],
  [ScalarType.SFIXED64]: [MIN_INT, MAX_INT],
};

function scalarOf(kind: ScalarType, value: Value): unknown {
  if (kind === ScalarType.BOOL) return typeof value === "boolean" ? value : NO_OVERLOAD;
  if (kind === ScalarType.STRING) return typeof value === "string" ? value : NO_OVERLOAD;
  if (kind === ScalarType.BYTES) return value instanceof Uint8Array ? value : NO_OVERLOAD;
  if (kind === ScalarType.FLOAT) return isDouble(value) ? Math.fround(Number(numeric(value))) : NO_OVERLOAD;
  if (kind === ScalarType.DOUBLE) return isDouble(value) ? Number(numeric(value)) : NO_OVERLOAD;
  const unsigned = [ScalarType.UINT32, ScalarType.FIXED32, ScalarType.UINT64, ScalarType.FIXED64].includes(kind);
  if (unsigned ? !(value instanceof Uint) : !isInt(value)) return NO_OVERLOAD;
  const [low, high] = RANGES[kind] ?? [-(2n ** 31n), 2n ** 31n - 1n];
  const number = BigInt(numeric(value) ?? 0);
  if (number < low || number > high) return OUT_OF_RANGE;
  return /64/.test(ScalarType[kind]) ? number : Number(number);
}
