import { stateSql } from "../condition";
import { FINDING_FACETS, type FindingFacet, type FindingFilter, type FindingState } from "../schema";

/** Which table can count: a roll-up that knows every dimension asked about, or the findings themselves. */
export type Source = "severity" | "control" | "namespace" | "findings";

const EVERYWHERE: readonly FindingFacet[] = ["state", "account", "distribution", "cluster", "severity"];
const KNOWS: readonly (readonly [Source, ReadonlySet<FindingFacet>])[] = [
  ["severity", new Set(EVERYWHERE)],
  ["control", new Set([...EVERYWHERE, "control", "group", "kind", "reopened"])],
  ["namespace", new Set([...EVERYWHERE, "namespace", "owner"])],
];

/** Facets that the filter restricts; that none is given restricts the state, to open. */
export function restricted(filter: FindingFilter): Set<FindingFacet> {
  return new Set(
    FINDING_FACETS.filter((facet) => {
      if (facet === "state") return stateSql(filter.state) !== null;
      return facet === "reopened" ? filter.reopened !== null : (filter[facet] as readonly unknown[]).length > 0;
    }),
  );
}

/** Conditions that no roll-up knows: text, times and exemptions. */
const isFree = (filter: FindingFilter): boolean =>
  filter.exemption.length > 0 ||
  [
    filter.q,
    filter.exempted,
    filter.firstSeenAfter,
    filter.firstSeenBefore,
    filter.lastSeenAfter,
    filter.lastSeenBefore,
  ].some((value) => value !== null);

/** Where to count a facet (its own condition left out), or, without one, the total. The smallest table that can. */
export function sourceOf(filter: FindingFilter, facet?: FindingFacet): Source {
  if (isFree(filter)) return "findings";
  const needed = restricted(filter);
  if (facet !== undefined) needed.add(facet);
  return KNOWS.find(([, known]) => [...needed].every((one) => known.has(one)))?.[0] ?? "findings";
}

/** Sums of a roll-up. `unchecked` are part of `open`. */
export interface Sums {
  open: number;
  unchecked: number;
  resolved: number;
}

/** How many of these sums the chosen states mean. */
export function amountOf(sums: Sums, states: readonly FindingState[]): number {
  const open =
    states.length === 0 || states.includes("open") ? sums.open : states.includes("not-rechecked") ? sums.unchecked : 0;
  return open + (states.includes("resolved") ? sums.resolved : 0);
}
