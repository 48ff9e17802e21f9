import { z } from "zod";
import { SCORE_GROUP_IDS, SEVERITIES } from "../schema";

/** What the URL may ask of the list of findings; page and API share it. A value that does not parse counts as not given. */
const one = z.union([z.string(), z.array(z.string())]).optional();
const many = one.transform((value) =>
  (value === undefined ? [] : Array.isArray(value) ? value : value.split(","))
    .filter((text) => text !== "")
    .slice(0, 50),
);
const text = one.transform((value) => (Array.isArray(value) ? value[0] : value)?.slice(0, 200) || null);
const listOf = <T extends string>(words: readonly T[]) =>
  many.transform((values) => values.filter((value): value is T => (words as readonly string[]).includes(value)));

export const FINDING_STATES = ["open", "not-rechecked", "resolved"] as const;
export type FindingState = (typeof FINDING_STATES)[number];

export const findingFilterSchema = z.object({
  severity: listOf(SEVERITIES),
  state: listOf(FINDING_STATES),
  group: listOf(SCORE_GROUP_IDS),
  control: text.transform((value) => (value !== null && /^SW-\d{4}$/.test(value) ? value : null)),
  cluster: text.transform((value) => (z.uuid().safeParse(value).success ? value : null)),
  namespace: text,
  q: text,
  /** Keyset: milliseconds of firstSeenAt and id of the last row shown. */
  after: text.transform((value) => {
    const match = /^(\d{1,15})_([0-9a-f-]{36})$/.exec(value ?? "");
    return match === null ? null : { at: new Date(Number(match[1])), id: String(match[2]) };
  }),
  finding: text.transform((value) => (z.uuid().safeParse(value).success ? value : null)),
});
export type FindingFilter = z.infer<typeof findingFilterSchema>;

/** The address of the list with `change` applied; null removes. Any change but of the open finding returns to the first page. */
export function findingsHref(
  filter: FindingFilter,
  change: Partial<Record<keyof FindingFilter, string | null>>,
): string {
  const kept: Record<string, string | null> = {
    severity: filter.severity.join(",") || null,
    state: filter.state.join(",") || null,
    group: filter.group.join(",") || null,
    control: filter.control,
    cluster: filter.cluster,
    namespace: filter.namespace,
    q: filter.q,
    after: filter.after === null || !("finding" in change) ? null : `${filter.after.at.getTime()}_${filter.after.id}`,
    ...change,
  };
  const query = new URLSearchParams(
    Object.entries(kept).flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
  );
  return query.size === 0 ? "/findings" : `/findings?${query}`;
}

/** `values` with `value` added, or removed when it is there; null when nothing is left. */
export const toggled = (values: readonly string[], value: string): string | null =>
  (values.includes(value) ? values.filter((each) => each !== value) : [...values, value]).join(",") || null;
