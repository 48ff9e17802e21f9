import { plural } from "@/components/format";
import { visible } from "@/components/name";
import type { Gap, GapCode } from "../schema";

const SHORT: Readonly<Record<GapCode, string>> = {
  denied: "may not be read",
  unauthenticated: "sign-in was refused",
  not_found: "is not there",
  throttled: "the cloud asked to slow down",
  timeout: "did not answer in time",
  unreachable: "cannot be reached",
  malformed: "answered something unreadable",
  truncated: "answer was cut off",
  too_large: "is too large",
  unsupported: "is not supported there",
  server_error: "failed on the other side",
  error: "could not be read",
};

/** Where several share a verb. */
const SHORT_OF_SEVERAL: Readonly<Partial<Record<GapCode, string>>> = {
  not_found: "are not there",
  too_large: "are too large",
  unsupported: "are not supported there",
};
const MOST_NAMED = 4;

/** All gaps in a few words: what failed alike stands together, by name up to four. Empty without any. */
export function gapsWords(gaps: readonly Pick<Gap, "code" | "what">[]): string {
  const byCode = new Map<GapCode, Set<string>>();
  for (const { code, what } of gaps) byCode.set(code, (byCode.get(code) ?? new Set()).add(visible(what)));
  return [...byCode]
    .map(([code, all]) => {
      const named = [...all].slice(0, MOST_NAMED);
      const rest = all.size - named.length;
      const last = rest > 0 ? plural(rest, "other") : named.length > 1 ? named.pop() : undefined;
      const words = (all.size > 1 ? SHORT_OF_SEVERAL[code] : undefined) ?? SHORT[code];
      return `${named.join(", ")}${last === undefined ? "" : ` and ${last}`} ${words}`;
    })
    .join("; ");
}

/** A gap in a few words for a list; the server's own words stand in the detail. */
export const gapWords = (gap: Pick<Gap, "code" | "what">): string => `${visible(gap.what)} ${SHORT[gap.code]}`;
