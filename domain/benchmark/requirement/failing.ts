import { type FindingQuery, findingQuery } from "@/domain/posture/finding/schema";
import { searchOf } from "@/lib/http/list-query";
import type { Place } from "../place";

/**
 * The findings that make requirements of these controls fail at a place, the worst first. What an exemption holds for makes none fail,
 * unless one looks as if there were none. `distributions`: empty for all.
 */
export const failingQuery = (
  place: Place,
  distributions: readonly string[],
  controls: readonly string[],
): FindingQuery =>
  findingQuery.parse({
    control: [...controls],
    distribution: [...distributions],
    ...(place.scope === "fleet" ? {} : { [place.scope]: [place.id] }),
    ...(place.exemptions === "without" ? {} : { exempted: "false" }),
  });

/** Where findings are listed. */
export const findingsHref = (query: FindingQuery): string => `/findings?${searchOf(findingQuery, query)}`;
