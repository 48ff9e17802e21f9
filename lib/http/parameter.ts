import { z } from "zod";
import { uuid } from "@/lib/uuid";

/** Parameters of a query string as Zod schemas. Safe in the browser: pages, API and exports parse with the very same ones. */
const given = z.union([z.string(), z.array(z.string())]).optional();
const first = given.transform((value) => (Array.isArray(value) ? value[0] : value) || null);
const split = given.transform((value) => {
  const texts = value === undefined ? [] : (Array.isArray(value) ? value : [value]).flatMap((text) => text.split(","));
  return [...new Set(texts.map((text) => text.trim()).filter((text) => text !== ""))];
});

const MOST_VALUES = 200;
/** Longest text that may be searched for or named, in UTF-16 units; a Kubernetes name has 253. */
const LONGEST_TEXT = 300;

type Shown = Record<string, unknown>;
/** What the reference shows of a parameter. zod-openapi types these more narrowly than it reads them, and only where it is imported. */
type Reference = { description: string };
function listed(description: string, items: Shown): Reference {
  const reference = {
    description: `${description} Several values: comma-separated or repeated.`,
    override: { type: "array", items, maxItems: MOST_VALUES, anyOf: undefined },
    param: { style: "form", explode: false },
  };
  return reference;
}
function single(description: string, shown: Shown): Reference {
  const reference = { description, override: { ...shown, anyOf: undefined } };
  return reference;
}

/** NUL cannot be stored, so it can match nothing; PostgreSQL would refuse the whole query. */
const plain = z
  .string()
  .max(LONGEST_TEXT)
  .regex(/^[^\0]*$/, "must not hold a NUL");

/** Any of these words; none given means all. */
export const manyOf = <const T extends readonly [string, ...string[]]>(words: T, description: string) =>
  split.pipe(z.array(z.enum(words)).max(MOST_VALUES)).meta(listed(description, { type: "string", enum: [...words] }));

/** Any of these ids (UUIDs). */
export const manyIds = (description: string) =>
  split.pipe(z.array(uuid()).max(MOST_VALUES)).meta(listed(description, { type: "string", format: "uuid" }));

/** Any of these texts, compared whole. */
export const manyTexts = (description: string, pattern?: RegExp) =>
  split
    .pipe(z.array(pattern === undefined ? plain : plain.regex(pattern)).max(MOST_VALUES))
    .meta(
      listed(description, { type: "string", maxLength: LONGEST_TEXT, ...(pattern && { pattern: pattern.source }) }),
    );

/** One word, or null. */
export const oneOf = <const T extends readonly [string, ...string[]]>(words: T, description: string) =>
  first.pipe(z.enum(words).nullable()).meta(single(description, { type: "string", enum: [...words] }));

/** A text to look for, trimmed; null when none is given. */
export const text = (description: string) =>
  first
    .transform((value) => value?.trim() || null)
    .pipe(plain.nullable())
    .meta(single(description, { type: "string", maxLength: LONGEST_TEXT }));

export const id = (description: string) =>
  first.pipe(uuid().nullable()).meta(single(description, { type: "string", format: "uuid" }));

/** `true`, `false` or null. */
export const flag = (description: string) =>
  first
    .pipe(z.enum(["true", "false"]).nullable())
    .transform((value) => (value === null ? null : value === "true"))
    .meta(single(description, { type: "boolean" }));

/** A moment in ISO 8601 with its zone; null when none is given. Answers it in UTC. */
export const moment = (description: string) =>
  first
    .pipe(z.iso.datetime({ offset: true }).nullable())
    .transform((value) => (value === null ? null : new Date(value).toISOString()))
    .meta(single(description, { type: "string", format: "date-time" }));

/** Column and direction of a list; `-` before the column is descending. */
export const sortOf = <const T extends readonly [string, ...string[]]>(
  columns: T,
  usual: T[number] | `-${T[number]}`,
) => {
  const words = columns.flatMap((column) => [column, `-${column}`]) as [T[number] | `-${T[number]}`];
  return first
    .transform((value) => value ?? usual)
    .pipe(z.enum(words))
    .meta(single("Column to sort by; `-` before it is descending.", { type: "string", enum: words, default: usual }));
};

/** Where the page begins, as an earlier answer's `next` said. Opaque to clients. */
export const cursor = first
  .pipe(
    z
      .string()
      .max(3000)
      .regex(/^[\w-]+$/)
      .nullable(),
  )
  .meta(single("`next` of the page before; leave it out for the first page.", { type: "string", maxLength: 3000 }));

/** Most rows of one page. */
export const MOST_ROWS = 500;
const USUAL_ROWS = 50;
export const size = first
  .transform((value) => (value === null ? USUAL_ROWS : /^\d{1,4}$/.test(value) ? Number(value) : Number.NaN))
  .pipe(z.number().int().min(1).max(MOST_ROWS))
  .meta(single("Rows of a page.", { type: "integer", minimum: 1, maximum: MOST_ROWS, default: USUAL_ROWS }));

/** What counts may be asked for besides the filter: some facets only, and a text that narrows their values. */
export const countsParameters = <const T extends readonly [string, ...string[]]>(facets: T) => ({
  facets: manyOf(facets, "Facets to count; all when none is given."),
  within: text("Only values of these facets whose name holds this text."),
});
