import type { NormalizedSchema } from "@smithy/core/schema";

const scalarFits = (schema: NormalizedSchema, value: unknown): boolean => {
  if (schema.isTimestampSchema()) return value instanceof Date && !Number.isNaN(value.getTime());
  if (schema.isBooleanSchema()) return typeof value === "boolean";
  if (schema.isNumericSchema()) return typeof value === "number" && Number.isFinite(value);
  if (schema.isStringSchema()) return typeof value === "string";
  return false;
};

/** Members that the model requires: the SDK's schemas name them first and give their number last. */
function requiredMembers(schema: NormalizedSchema): string[] {
  const raw: unknown = schema.getSchema();
  if (!Array.isArray(raw)) return [];
  const [, , , , names, , required] = raw;
  return Array.isArray(names) && typeof required === "number" ? names.slice(0, required).map(String) : [];
}

/**
 * Checks an answer against the SDK's own schema before it is sent: an unknown member, a wrong primitive or a required member
 * that is missing is a bug of the simulator. Throws Error naming the path.
 */
export function conform(schema: NormalizedSchema, value: unknown, path = "$"): void {
  if (value === undefined || value === null) return;
  const broken = (message: string) => new Error(`the answer breaks the schema at ${path}: ${message}`);
  if (schema.isStructSchema()) {
    if (typeof value !== "object") throw broken("not a structure");
    const members = schema.getMemberSchemas();
    const missing = requiredMembers(schema).find((name) => Reflect.get(value, name) === undefined);
    if (missing !== undefined) throw broken(`${schema.getName()} lacks the required member ${missing}`);
    for (const [name, member] of Object.entries(value)) {
      const memberSchema = members[name];
      if (!memberSchema) throw broken(`${schema.getName()} has no member ${name}`);
      conform(memberSchema, member, `${path}.${name}`);
    }
    return;
  }
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) throw broken("not a list");
    value.forEach((item, index) => {
      conform(schema.getValueSchema(), item, `${path}[${index}]`);
    });
    return;
  }
  if (schema.isMapSchema()) {
    if (typeof value !== "object") throw broken("not a map");
    for (const [key, item] of Object.entries(value)) conform(schema.getValueSchema(), item, `${path}.${key}`);
    return;
  }
  if (!scalarFits(schema, value)) throw broken(`${typeof value} does not fit ${schema.getName()}`);
}
