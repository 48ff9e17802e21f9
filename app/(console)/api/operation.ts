import { z } from "zod";

/** What the reference page shows of an OpenAPI document. The document is ours; it is parsed so that the page knows what it has. */
const schemaShape = z.looseObject({
  $ref: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  format: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  default: z.unknown().optional(),
  description: z.string().optional(),
});
const parameterShape = z.looseObject({
  name: z.string(),
  in: z.string(),
  required: z.boolean().optional(),
  description: z.string().optional(),
  schema: schemaShape.optional(),
});
const operationShape = z.looseObject({
  operationId: z.string(),
  tags: z.array(z.string()),
  summary: z.string(),
  description: z.string(),
  parameters: z.array(parameterShape).default([]),
  requestBody: z.looseObject({ content: z.record(z.string(), z.unknown()) }).optional(),
  responses: z.record(
    z.string(),
    z.looseObject({ description: z.string(), content: z.record(z.string(), z.unknown()).optional() }),
  ),
});
export const documentShape = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), operationShape)),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()).default({}) }),
});
export type Operation = z.infer<typeof operationShape> & { method: string; path: string };
type Parameter = z.infer<typeof parameterShape>;

/** Operations by their first tag, in the document's order. */
export function operationsByTag(document: z.infer<typeof documentShape>): Map<string, Operation[]> {
  const byTag = new Map<string, Operation[]>();
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(methods)) {
      const tag = operation.tags[0] ?? "Other";
      byTag.set(tag, [...(byTag.get(tag) ?? []), { ...operation, method: method.toUpperCase(), path }]);
    }
  return byTag;
}

/** A parameter's type in words: `critical, high`, `array of uuid`, `integer`. */
export function typeOf({ schema }: Pick<Parameter, "schema">): string {
  const items = schema !== undefined && "items" in schema ? schemaShape.safeParse(schema.items).data : undefined;
  const shown = items ?? schema;
  const words = shown?.enum?.map(String).join(", ") ?? shown?.format ?? String(shown?.type ?? "string");
  const usual = schema?.default === undefined ? "" : `, else ${String(schema.default)}`;
  return `${items === undefined ? "" : "any of: "}${words}${usual}`;
}
