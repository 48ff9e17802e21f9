import { z } from "zod";
import { LISTED_KINDS, managedClusterSchema } from "@/domain/inventory/schema";

/** Paths below a Zod object, a list's elements included: `nodePools.osImage`. */
function pathsOf(schema: z.ZodType, prefix = ""): string[] {
  let inner: z.ZodType = schema;
  for (;;) {
    if (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault || inner instanceof z.ZodNullable)
      inner = inner.unwrap() as z.ZodType; // these wrap nothing but schemas
    else if (inner instanceof z.ZodArray) inner = inner.element as z.ZodType;
    else break;
  }
  const own = prefix === "" ? [] : [prefix];
  if (!(inner instanceof z.ZodObject)) return own;
  const below = Object.entries(inner.shape as Record<string, z.ZodType>);
  return [...own, ...below.flatMap(([name, field]) => pathsOf(field, prefix === "" ? name : `${prefix}.${name}`))];
}

const LISTED = "listed.";
/** What may be shown beside a manual requirement: facts of the cloud about a cluster, and how many objects of a kind there are. */
export const KNOWN_FACTS: readonly string[] = [
  ...pathsOf(managedClusterSchema),
  ...LISTED_KINDS.map(({ kind }) => `${LISTED}${kind}`),
];
const known = new Set(KNOWN_FACTS);
export const isFact = (name: string): boolean => known.has(name);

const MOST_TEXT = 300;
/** Text of a value as a person reads it; lists with commas, cut where they are long. */
function textOf(value: unknown): string {
  const text = Array.isArray(value)
    ? value.length === 0
      ? "none"
      : [...new Set(value.map(textOf))].join(", ")
    : typeof value === "boolean"
      ? value
        ? "yes"
        : "no"
      : typeof value === "object" && value !== null
        ? Object.entries(value)
            .map(([key, each]) => `${key} ${textOf(each)}`)
            .join(" ")
        : String(value);
  return text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…` : text;
}

/** Follows a path; through a list it gives the values of all elements that have one. */
function follow(value: unknown, path: readonly string[]): unknown {
  const [name, ...rest] = path;
  if (name === undefined || value === undefined || value === null) return value ?? undefined;
  if (Array.isArray(value)) {
    const all = value.map((each) => follow(each, path)).filter((each) => each !== undefined);
    return all.length === 0 ? undefined : all;
  }
  if (typeof value !== "object" || !Object.hasOwn(value, name)) return undefined;
  return follow((value as Record<string, unknown>)[name], rest);
}

/** A fact's value as text; null when the cloud did not tell it or the kind was not listed. */
export function factText(
  fact: string,
  managed: Readonly<Record<string, unknown>>,
  listed: Readonly<Record<string, number>>,
): string | null {
  if (fact.startsWith(LISTED)) {
    const amount = listed[fact.slice(LISTED.length)];
    return amount === undefined ? null : String(amount);
  }
  const value = follow(managed, fact.split("."));
  return value === undefined ? null : textOf(value);
}
