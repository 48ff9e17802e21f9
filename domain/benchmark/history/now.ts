import type { BenchmarkItem } from "../report/schema";
import type { DayPoint } from "./queries";

/** The day of a moment in a time zone: `2026-11-21`. */
export const dayIn = (at: Date, zone: string): string => at.toLocaleDateString("en-CA", { timeZone: zone });

/**
 * Days of a benchmark up to where it stands now, so that a line ends where the figure beside it is: what is kept of today is a few
 * minutes old. `today` is the day in the organisation's time zone; `now` is with exemptions, as days are.
 */
export function upToNow(
  days: readonly DayPoint[],
  { score, coverage, clusters, tally }: Pick<BenchmarkItem, "score" | "coverage" | "clusters" | "tally">,
  today: string,
): DayPoint[] {
  const before = days.filter(({ day }) => day < today);
  return clusters === 0 ? [...days] : [...before, { day: today, score, coverage, clusters, tally }];
}
