import type { AccountScope } from "@/domain/access/scope";
import type { Counts, Page } from "@/lib/http/answer";
import { decodeCursor, encodeCursor } from "@/lib/http/cursor";
import { type ExportRows, rowsOf } from "@/lib/http/export";
import { Facet } from "@/lib/http/facet";
import { hundredths } from "@/lib/hundredths";
import { holdsWords } from "@/lib/words";
import { controlCatalogue } from "../queries";
import { type Control, SCORE_GROUP_IDS, SCORE_GROUPS, SEVERITY_RANK } from "../schema";
import { potentialIncrease, scoreOf, type Totals, weightOf } from "../score";
import { soleByAccount, sumsByControl, totalsByAccount } from "./queries";
import {
  EFFORTS,
  RECOMMENDATION_FACETS,
  type RecommendationDetail,
  type RecommendationFacet,
  type RecommendationFilter,
  type RecommendationItem,
  type RecommendationQuery,
  type RecommendationState,
} from "./schema";

type Sort = RecommendationQuery["sort"];

/** Points that the weighted mean of the account scores gains, by control. Increases need not add up. */
function gainsOf(
  byAccount: ReadonlyMap<string, Totals>,
  sole: readonly { accountId: string; controlId: string; resources: number }[],
  controls: ReadonlyMap<string, Control>,
): Map<string, number> {
  const weights = new Map([...byAccount].map(([id, totals]) => [id, scoreOf(totals) === null ? 0 : weightOf(totals)]));
  const all = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  const gains = new Map<string, number>();
  for (const { accountId, controlId, resources } of sole) {
    const [control, totals] = [controls.get(controlId), byAccount.get(accountId)];
    if (control === undefined || control.maturity !== "stable" || totals === undefined || all === 0) continue;
    const gain = (potentialIncrease(totals, control.scoreGroup, resources) * (weights.get(accountId) ?? 0)) / all;
    gains.set(controlId, (gains.get(controlId) ?? 0) + gain);
  }
  return gains;
}

type Amounts = Pick<RecommendationItem, "unhealthy" | "notEvaluated" | "exempted" | "healthy">;
const stateOf = (item: Amounts): RecommendationState =>
  item.unhealthy > 0
    ? "unhealthy"
    : item.notEvaluated > 0
      ? "not-evaluated"
      : item.exempted > 0
        ? "exempted"
        : item.healthy > 0
          ? "healthy"
          : "not-applicable";

/** The states that a list has an item under: what could not be judged is no less unknown where the same control fails elsewhere. */
const statesOf = (item: RecommendationItem): RecommendationState[] =>
  item.state === "unhealthy" && item.notEvaluated > 0 ? ["unhealthy", "not-evaluated"] : [item.state];

/** Every control with what it says of the clusters that the filter counts, unsorted. A few hundred at most, so the rest is done in memory. */
async function everyRecommendation(scope: AccountScope, filter: RecommendationFilter): Promise<RecommendationItem[]> {
  const [controls, sums, totals, sole] = await Promise.all([
    controlCatalogue(),
    sumsByControl(scope, filter),
    totalsByAccount(scope, filter),
    soleByAccount(scope, filter),
  ]);
  const bySums = new Map(sums.map(({ controlId, ...counts }) => [controlId, counts]));
  const gains = gainsOf(totals, sole, controls);
  const none = { healthy: 0, unhealthy: 0, exempted: 0, notEvaluated: 0, notApplicable: 0, clusters: 0 };
  return [...controls.values()].map((control) => {
    const counts = bySums.get(control.id) ?? none;
    return {
      id: control.id,
      name: control.name,
      title: control.title,
      group: control.scoreGroup,
      severity: control.severity,
      maturity: control.maturity,
      effort: control.remediation.effort,
      state: stateOf(counts),
      ...counts,
      increase: hundredths(gains.get(control.id) ?? 0),
    };
  });
}

/** Whether an item passes; `but` leaves a facet's own condition out. */
function passes(item: RecommendationItem, filter: RecommendationFilter, but?: RecommendationFacet): boolean {
  const any = (facet: RecommendationFacet, chosen: readonly string[]) =>
    facet === but || chosen.length === 0 || chosen.includes(item[facet]);
  const states: readonly string[] = filter.state.length === 0 ? ["unhealthy"] : filter.state;
  return (
    (but === "state" || statesOf(item).some((state) => states.includes(state))) &&
    any("severity", filter.severity) &&
    any("group", filter.group) &&
    any("effort", filter.effort) &&
    any("maturity", filter.maturity) &&
    holdsWords(`${item.id} ${item.name} ${item.title}`, filter.q ?? "")
  );
}

const RANKS: Record<string, (item: RecommendationItem) => number | string> = {
  // The catalogue's order: most points first.
  group: (item) => SCORE_GROUP_IDS.indexOf(item.group),
  // As it is printed: what differs by less goes by severity.
  increase: (item) => Math.round(item.increase * 10),
  severity: (item) => SEVERITY_RANK[item.severity],
  unhealthy: (item) => item.unhealthy,
  title: (item) => item.title.toLowerCase(),
  id: (item) => item.id,
  effort: (item) => EFFORTS.indexOf(item.effort),
};

/** By the sort; equals (in a group or of a severity: by increase first) by severity, then by how many are unhealthy, then by id, whichever way it goes. */
function ordered(items: readonly RecommendationItem[], sort: Sort): RecommendationItem[] {
  const down = sort.startsWith("-");
  const rank = RANKS[down ? sort.slice(1) : sort] ?? (() => 0);
  return [...items].sort((a, b) => {
    const [x, y] = [rank(a), rank(b)];
    const way = x < y ? -1 : x > y ? 1 : 0;
    return (
      (down ? -way : way) ||
      (sort === "group" || sort === "-severity" ? Math.round(b.increase * 10) - Math.round(a.increase * 10) : 0) ||
      SEVERITY_RANK[b.severity] - SEVERITY_RANK[a.severity] ||
      b.unhealthy - a.unhealthy ||
      (a.id < b.id ? -1 : 1)
    );
  });
}

const matching = (
  items: readonly RecommendationItem[],
  query: RecommendationFilter & { sort: Sort },
): RecommendationItem[] =>
  ordered(
    items.filter((item) => passes(item, query)),
    query.sort,
  );

/** Cursors hold a UUID; a control's id is put into a fixed one. */
const cursorId = (controlId: string): string =>
  `00000000-0000-7000-8000-${controlId.replace(/\D/g, "").padStart(12, "0")}`;

function pageOf(all: readonly RecommendationItem[], query: RecommendationQuery): Page<RecommendationItem> {
  const items = matching(all, query);
  const place = decodeCursor(query.cursor, query.sort);
  const from = place === null ? 0 : items.findIndex((item) => cursorId(item.id) === place.id) + 1;
  const page = items.slice(from, from + query.size);
  const last = page.at(-1);
  const next =
    last !== undefined && from + query.size < items.length
      ? encodeCursor({ sort: query.sort, value: last.id, id: cursorId(last.id) })
      : null;
  return { items: page, next, asOf: new Date().toISOString(), notes: [] };
}

type Counted = RecommendationFilter & { facets?: readonly RecommendationFacet[]; within?: string | null };

function countsOf(items: readonly RecommendationItem[], filter: Counted): Counts {
  const wanted = filter.facets === undefined || filter.facets.length === 0 ? RECOMMENDATION_FACETS : filter.facets;
  const facets: Counts["facets"] = {};
  for (const name of wanted) {
    const facet = new Facet();
    for (const item of items)
      if (passes(item, filter, name))
        for (const value of name === "state" ? statesOf(item) : [item[name]]) facet.add(value, 1);
    const label = (value: string): string =>
      name === "group" ? (SCORE_GROUPS[value as keyof typeof SCORE_GROUPS]?.title ?? value) : value;
    facets[name] = facet.values(label, filter[name], filter.within ?? null).values;
  }
  const total = items.filter((item) => passes(item, filter)).length;
  return { total, exact: true, facets, capped: [], more: [], asOf: new Date().toISOString(), notes: [] };
}

/** One page of recommendations; it begins behind the control that the cursor names, wherever that stands by now. Throws CursorError. */
export const recommendationPage = async (
  scope: AccountScope,
  query: RecommendationQuery,
): Promise<Page<RecommendationItem>> => pageOf(await everyRecommendation(scope, query), query);

/** How many recommendations match, and by facet. Always exact. */
export const recommendationCounts = async (scope: AccountScope, filter: Counted): Promise<Counts> =>
  countsOf(await everyRecommendation(scope, filter), filter);

/** A page and all counts of the same moment, which are one reading. Throws CursorError. */
export async function recommendationPageAndCounts(
  scope: AccountScope,
  query: RecommendationQuery,
): Promise<{ page: Page<RecommendationItem>; counts: Counts }> {
  const items = await everyRecommendation(scope, query);
  return { page: pageOf(items, query), counts: countsOf(items, query) };
}

/** All recommendations of a filter, for a file. */
export async function exportRecommendations(
  scope: AccountScope,
  query: RecommendationFilter & { sort: Sort },
): Promise<ExportRows<RecommendationItem>> {
  return rowsOf(matching(await everyRecommendation(scope, query), query), new Date());
}

/** One recommendation with its control's text; null when there is no such control. */
export async function readRecommendation(
  scope: AccountScope,
  id: string,
  filter: Pick<RecommendationFilter, "account" | "distribution" | "cluster">,
): Promise<RecommendationDetail | null> {
  const control = (await controlCatalogue()).get(id);
  if (control === undefined) return null;
  const open = { ...filter, state: [], severity: [], group: [], effort: [], maturity: [], q: null };
  const item = (await everyRecommendation(scope, open)).find((one) => one.id === id);
  if (item === undefined) return null;
  const { rationale, message, violates, forEach, appliesTo, remediation, references, aliases } = control;
  return {
    ...item,
    ...{ rationale, message, violates, remediation, references, aliases },
    forEach: forEach ?? null,
    appliesTo: appliesTo.resources,
  };
}
