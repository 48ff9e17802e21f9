import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fromProto3JSON, toProto3JSON } from "proto3-json-serializer";
import protobuf from "protobufjs";

/** Proto JSON: what REST carries, and the form both transports share inside the simulator. */
export type ProtoJson = Record<string, unknown>;

export const SERVICE = "google.container.v1.ClusterManager";

const folder = dirname(createRequire(import.meta.url).resolve("@google-cloud/container/package.json"));
const root = protobuf.Root.fromJSON(JSON.parse(readFileSync(join(folder, "build/protos/protos.json"), "utf8")));
root.resolveAll();
// The service answers these in v1, too; only v1beta1 declares them.
root
  .lookupEnum("google.container.v1.BinaryAuthorization.EvaluationMode")
  .add("POLICY_BINDINGS", 5)
  .add("POLICY_BINDINGS_AND_PROJECT_SINGLETON_POLICY_ENFORCE", 6);

/** The methods of the service by name, as the official package ships them. */
export const methods = new Map<string, protobuf.Method>();
for (const method of root.lookupService(SERVICE).methodsArray) {
  method.resolve();
  methods.set(method.name, method);
}

const typeOf = (method: protobuf.Method, side: "request" | "response"): protobuf.Type => {
  const type = side === "request" ? method.resolvedRequestType : method.resolvedResponseType;
  if (type === null) throw new Error(`${method.name} has no ${side} type`);
  return type;
};

const asObject = (value: unknown): ProtoJson =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as ProtoJson) : {};

/** Throws on a field or an enum value that the message does not declare: an answer of ours that no real server could give. */
function assertDeclared(type: protobuf.Type, value: unknown, path: string): void {
  if (type.fullName.startsWith(".google.protobuf.")) return;
  for (const [name, content] of Object.entries(asObject(value))) {
    const field = type.fields[name]?.resolve();
    if (field === undefined) throw new Error(`${path}.${name} is not a field of ${type.fullName}`);
    const resolved = field.resolvedType;
    if (resolved === null || field.map) continue;
    for (const one of field.repeated && Array.isArray(content) ? content : [content]) {
      if (resolved instanceof protobuf.Type) assertDeclared(resolved, one, `${path}.${name}`);
      else if (typeof one !== "string" || !Object.hasOwn(resolved.values, one)) {
        throw new Error(`${path}.${name} = ${String(one)} is not a value of ${resolved.fullName}`);
      }
    }
  }
}

/** Parses a REST request. Throws on names the request does not have. */
export function requestFromJson(method: protobuf.Method, json: ProtoJson): ProtoJson {
  const type = typeOf(method, "request");
  assertDeclared(type, json, type.name);
  const message = fromProto3JSON(type, json as Parameters<typeof fromProto3JSON>[1]);
  return message === null ? {} : asObject(toProto3JSON(message));
}

export function requestFromBinary(method: protobuf.Method, bytes: Uint8Array): ProtoJson {
  return asObject(toProto3JSON(typeOf(method, "request").decode(bytes)));
}

/** Checks an answer against the shipped definition and encodes it. Throws when it is not one the service could give. */
export function encodeAnswer(method: protobuf.Method, answer: ProtoJson): { binary: Uint8Array; json: string } {
  const type = typeOf(method, "response");
  assertDeclared(type, answer, type.name);
  const message = fromProto3JSON(type, answer as Parameters<typeof fromProto3JSON>[1]);
  if (message === null) throw new Error(`${type.name}: empty answer`);
  // The REST client asks for `enum-encoding=int`.
  return { binary: type.encode(message).finish(), json: JSON.stringify(toProto3JSON(message, { numericEnums: true })) };
}
