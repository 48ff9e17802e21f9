import { z } from "zod";
import { CONTROL_PLANE_KINDS } from "@/domain/inventory/control-plane";
import { LISTED_KINDS, managedClusterSchema } from "@/domain/inventory/schema";
import { fieldsOf } from "@/domain/posture/component-field";
import { APPLIES_TO } from "@/domain/posture/schema";
import { FLAGS, flagAsked } from "./flag";

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
/**
 * What may be shown beside a manual requirement: facts of the cloud about a cluster, how many objects of a kind there are, and flags
 * of the control plane's static pods (`flags.KubeApiServer.audit-policy-file`).
 */
export const KNOWN_FACTS: readonly string[] = [
  ...pathsOf(managedClusterSchema),
  ...LISTED_KINDS.map(({ kind }) => `${LISTED}${kind}`),
  ...APPLIES_TO.filter((word) => CONTROL_PLANE_KINDS.includes(word)).flatMap((word) =>
    fieldsOf(word).map((flag) => `${FLAGS}${word}.${flag}`),
  ),
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

/** A process of a control plane as it was read from its pod: `flags` is absent where they are not known. */
export interface Component {
  kind: string;
  flags?: unknown;
}

/** What is known of a cluster: what its cloud tells, how many objects of each kind were listed, and the processes that were seen. */
export interface Told {
  managed: Readonly<Record<string, unknown>>;
  listed: Readonly<Record<string, number>>;
  components: readonly Component[];
}

/** A fact's value as text; null when the cloud did not tell it, the kind was not listed, or the flags could not be read. */
export function factText(fact: string, { managed, listed, components }: Told): string | null {
  const asked = flagAsked(fact);
  if (asked !== null) {
    const all = components.filter(({ kind }) => kind === asked.kind).map(({ flags }) => flags);
    const known = all.filter((flags) => typeof flags === "object" && flags !== null);
    if (known.length < all.length || known.length === 0) return null;
    // One that hangs on a variable is told as it is written.
    return textOf(
      known.map((flags) => follow(flags, [asked.flag, "written"]) ?? follow(flags, [asked.flag]) ?? "not set"),
    );
  }
  if (fact.startsWith(LISTED)) {
    const amount = listed[fact.slice(LISTED.length)];
    return amount === undefined ? null : String(amount);
  }
  const value = follow(managed, fact.split("."));
  return value === undefined ? null : textOf(value);
}
