import { z } from "zod";
import { CLOUD_FORMS } from "./cloud-form";
import type { Connectable } from "./schema";

export interface Choice {
  value: string;
  label: string;
}
interface Base {
  /** As in the settings, with a dot into what is nested: `endpoints.sts`. */
  name: string;
  label: string;
  hint: string;
  /** Where in the form it stands: `endpoints` and `limits` are folded. */
  section: "main" | "endpoints" | "limits";
  required: boolean;
}
/** One line, or with `long` a text of several. Left empty it is `fallback`, which its control shows. */
export interface TextField extends Base {
  kind: "text" | "number";
  long: boolean;
  initial: string;
  fallback: string;
  /** Whether the settings hold `fallback` when nothing was entered; else the connector finds it when it calls. */
  isDefault: boolean;
  /** It is what the account is known by, and never changes. */
  fixed: boolean;
}
export interface ChoiceField extends Base {
  kind: "choice";
  choices: readonly Choice[];
  initial: string;
}
/** Any number of values, of which some are known. */
export interface ListField extends Base {
  kind: "list";
  known: readonly Choice[];
  /** A regular expression of one value. */
  pattern: string;
  initial: readonly string[];
}
/** Any number of rows, each with the same fields and a credential of its own. */
export interface RowsField extends Base {
  kind: "rows";
  columns: readonly TextField[];
  /** By the columns' names. */
  initial: readonly Readonly<Record<string, string>>[];
}
export type FormField = TextField | ChoiceField | ListField | RowsField;

const SHORT: Readonly<Record<string, string>> = { id: "id", arn: "ARN" };

/** roleArn → Role ARN */
export function words(name: string): string {
  const text = name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(" ")
    .map((word) => SHORT[word] ?? word)
    .join(" ");
  return `${text[0]?.toUpperCase() ?? ""}${text.slice(1)}`;
}

/** JSON Schema of a setting, with what the connectors' schemas say of it by `meta`. */
const propertySchema = z.object({
  title: z.string().optional(),
  description: z.string().optional(),
  type: z.string().optional(),
  enum: z.array(z.string()).optional(),
  default: z.unknown().optional(),
  pattern: z.string().optional(),
  section: z.enum(["main", "endpoints", "limits"]).default("main"),
  fallback: z.string().default(""),
  long: z.boolean().default(false),
  words: z.record(z.string(), z.string()).default({}),
  known: z.array(z.tuple([z.string(), z.string()])).default([]),
  required: z.array(z.string()).default([]),
  get properties() {
    return z.record(z.string(), propertySchema).default({});
  },
  get items() {
    return propertySchema.optional();
  },
});
type Property = z.output<typeof propertySchema>;

const textOf = (value: unknown): string => (value === undefined || value === null ? "" : String(value));

/** One setting's field, or those of an object of settings. */
function fieldOf(name: string, property: Property, required: boolean, section: Base["section"]): FormField[] {
  const base = { name, required, section, label: property.title ?? words(name), hint: property.description ?? "" };
  if (property.enum !== undefined) {
    const choices = property.enum.map((value) => ({ value, label: property.words[value] ?? value }));
    return [{ ...base, kind: "choice", choices, initial: textOf(property.default) }];
  }
  if (property.type === "object")
    return Object.entries(property.properties).flatMap(([inner, each]) =>
      fieldOf(`${name}.${inner}`, each, property.required.includes(inner), section),
    );
  const { items } = property;
  if (items !== undefined && items.type === "object") {
    const columns = Object.entries(items.properties)
      .flatMap(([inner, each]) => fieldOf(inner, each, items.required.includes(inner), section))
      .filter((each): each is TextField => each.kind === "text");
    return [{ ...base, kind: "rows", columns, initial: [] }];
  }
  if (items !== undefined) {
    const known = items.known.map(([value, place]) => ({ value, label: place }));
    return [{ ...base, kind: "list", known, pattern: items.pattern ?? "", initial: [] }];
  }
  const kind = property.type === "integer" || property.type === "number" ? "number" : "text";
  const isDefault = property.default !== undefined;
  const fallback = isDefault ? textOf(property.default) : property.fallback;
  return [{ ...base, kind, fallback, isDefault, long: property.long, initial: "", fixed: false }];
}

/** The fields of a cloud's settings, made of its connectors' schema: required ones first, long ones last. */
export function fieldsOf(cloud: Connectable): FormField[] {
  const shape = propertySchema.parse(
    z.toJSONSchema(CLOUD_FORMS[cloud].schema, { io: "input", unrepresentable: "any" }),
  );
  const rank = (field: FormField): number => (field.required ? 0 : field.kind === "text" && field.long ? 2 : 1);
  return Object.entries(shape.properties)
    .flatMap(([name, property]) => fieldOf(name, property, shape.required.includes(name), property.section))
    .sort((a, b) => rank(a) - rank(b));
}

const recordSchema = z.record(z.string(), z.unknown()).catch({});

/** A setting's value by its field's name. */
function valueAt(settings: Readonly<Record<string, unknown>>, name: string): unknown {
  const [first = "", second] = name.split(".");
  const value = Object.hasOwn(settings, first) ? settings[first] : undefined;
  return second === undefined ? value : recordSchema.parse(value)[second];
}

/** A cloud's fields with an account's own settings in them. What is the default anyway is left empty. */
export function filledFields(cloud: Connectable, settings: Readonly<Record<string, unknown>>): FormField[] {
  return fieldsOf(cloud).map((field): FormField => {
    const value = valueAt(settings, field.name);
    if (field.kind === "list") return { ...field, initial: Array.isArray(value) ? value.map(textOf) : [] };
    if (field.kind === "rows") {
      const rows = z.array(recordSchema).catch([]).parse(value);
      const initial = rows.map((row) => Object.fromEntries(field.columns.map(({ name }) => [name, textOf(row[name])])));
      return { ...field, initial };
    }
    const text = textOf(value);
    if (field.kind === "choice") return { ...field, initial: text === "" ? field.initial : text };
    const fixed = field.name === CLOUD_FORMS[cloud].idField;
    return { ...field, fixed, initial: field.isDefault && text === field.fallback ? "" : text };
  });
}
