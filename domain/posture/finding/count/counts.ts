import type { AccountScope } from "@/domain/access/scope";
import { clustersOf, type Directory, type Places, passes, placesOf } from "@/domain/inventory/cluster/directory";
import { clusterDirectory } from "@/domain/inventory/cluster/queries";
import type { Counts } from "@/lib/http/answer";
import { Facet } from "@/lib/http/facet";
import { controlCatalogue } from "../../queries";
import { SCORE_GROUPS } from "../../schema";
import { severityOf } from "../row";
import { FINDING_FACETS, type FindingFacet, type FindingFilter } from "../schema";
import { isShort, SHORT_NOTE } from "../text";
import { amountOf, restricted, type Source, type Sums, sourceOf } from "./plan";
import {
  type Content,
  countOneByOne,
  MOST_COUNTED,
  type NameFacet,
  sumsByCluster,
  sumsByContent,
  sumsByName,
} from "./queries";

type Rollup = Exclude<Source, "findings">;
const ROLLUPS = ["severity", "control", "namespace"] as const;
const BY_CLUSTER: ReadonlySet<FindingFacet> = new Set(["account", "distribution", "cluster"]);
const BY_NAME: ReadonlySet<FindingFacet> = new Set<NameFacet>(["namespace", "owner"]);

/** The counts of one answer while they are gathered. */
class Tally {
  total = 0;
  exact = true;
  readonly capped = new Set<string>();
  readonly facets = new Map<FindingFacet, Facet>();

  constructor(
    readonly scope: AccountScope,
    readonly filter: FindingFilter,
    readonly directory: Directory,
    wanted: readonly FindingFacet[],
  ) {
    for (const facet of wanted) this.facets.set(facet, new Facet());
  }

  add(facet: FindingFacet, value: string, sums: Sums): void {
    this.facets.get(facet)?.add(value, amountOf(sums, this.filter.state));
  }

  addStates(sums: Sums): void {
    const facet = this.facets.get("state");
    facet?.add("open", sums.open);
    facet?.add("not-rechecked", sums.unchecked);
    facet?.add("resolved", sums.resolved);
  }

  /** Where the roll-up adds up what passes. That by severity is short enough for a row per cluster. */
  places(from: Rollup): Places {
    const everything = this.scope.accountIds === null;
    if (from !== "severity") return placesOf(this.directory, this.filter, everything);
    return { accounts: [], clusters: clustersOf(this.directory, this.filter, everything) };
  }
}

const wordOf = (content: Content, facet: FindingFacet): string =>
  String(
    facet === "severity"
      ? severityOf(content.severity)
      : facet === "group"
        ? content.scoreGroup
        : facet === "control"
          ? content.controlId
          : facet === "kind"
            ? content.kind
            : content.again,
  );

/** Whether a roll-up's row passes what the filter says of content; SQL has already looked at names. */
function holds(from: Rollup, filter: FindingFilter, content: Content, but?: FindingFacet): boolean {
  const any = (facet: FindingFacet, chosen: readonly string[]) =>
    facet === but || chosen.length === 0 || chosen.includes(wordOf(content, facet));
  if (!any("severity", filter.severity)) return false;
  return (
    from !== "control" ||
    (any("group", filter.group) &&
      any("control", filter.control) &&
      any("kind", filter.kind) &&
      any("reopened", filter.reopened === null ? [] : [String(filter.reopened)]))
  );
}

async function byContent(tally: Tally, from: Rollup, facets: readonly FindingFacet[], total: boolean) {
  const { filter } = tally;
  for (const row of await sumsByContent(from, filter, tally.places(from))) {
    for (const facet of facets) {
      if (!holds(from, filter, row, facet)) continue;
      if (facet === "state") tally.addStates(row);
      else tally.add(facet, wordOf(row, facet), row);
    }
    if (total && holds(from, filter, row)) tally.total += amountOf(row, filter.state);
  }
}

async function byCluster(tally: Tally, from: Rollup, facets: readonly FindingFacet[]) {
  const { filter, directory } = tally;
  for (const [id, open, unchecked, resolved] of await sumsByCluster(from, filter)) {
    const entry = directory.get(id);
    if (entry === undefined) continue; // outside the scope
    for (const facet of facets) {
      const value = facet === "cluster" ? id : facet === "account" ? entry.accountId : entry.distribution;
      if (passes(filter, id, entry, facet)) tally.add(facet, value, { open, unchecked, resolved });
    }
  }
}

async function byName(tally: Tally, facets: readonly NameFacet[], but?: NameFacet) {
  for (const { facet, name, ...sums } of await sumsByName(facets, tally.filter, tally.places("namespace"), but))
    tally.add(facet, name, sums);
}

async function oneByOne(tally: Tally, facets: readonly FindingFacet[], but: FindingFacet | undefined, total: boolean) {
  const { all, values } = await countOneByOne(tally.scope, tally.filter, facets, but);
  for (const { facet, value, amount } of values) addOne(tally, facet, value, amount);
  if (all > MOST_COUNTED) for (const one of facets) tally.capped.add(one);
  if (!total) return;
  tally.total = Math.min(all, MOST_COUNTED);
  tally.exact = all <= MOST_COUNTED;
}

function addOne(tally: Tally, facet: FindingFacet, value: string, amount: number): void {
  const into = tally.facets.get(facet);
  if (facet === "severity") into?.add(severityOf(Number(value)), amount);
  else if (facet === "distribution") into?.add(tally.directory.get(value)?.distribution ?? "aks", amount);
  else if (facet === "state") {
    into?.add(value.startsWith("open") ? "open" : "resolved", amount);
    if (value === "open+") into?.add("not-rechecked", amount);
  } else into?.add(value, amount);
}

/** How many findings match, and by facet. Exact from roll-ups; counted one by one, up to a limit, where no roll-up knows the filter. */
export async function findingCounts(
  scope: AccountScope,
  filter: FindingFilter & { facets?: readonly FindingFacet[]; within?: string | null },
): Promise<Counts> {
  const wanted = filter.facets === undefined || filter.facets.length === 0 ? FINDING_FACETS : filter.facets;
  const [controls, directory] = await Promise.all([controlCatalogue(), clusterDirectory(scope)]);
  const tally = new Tally(scope, filter, directory, wanted);
  const chosen = restricted(filter);
  const at = new Map<Source, FindingFacet[]>();
  for (const facet of wanted) at.set(sourceOf(filter, facet), [...(at.get(sourceOf(filter, facet)) ?? []), facet]);
  const totalFrom = sourceOf(filter);
  const work: Promise<void>[] = [];
  for (const from of ROLLUPS) {
    const facets = at.get(from) ?? [];
    const ofClusters = facets.filter((facet) => BY_CLUSTER.has(facet));
    const ofContent = facets.filter((facet) => !BY_CLUSTER.has(facet) && !BY_NAME.has(facet));
    if (ofClusters.length > 0) work.push(byCluster(tally, from, ofClusters));
    if (ofContent.length > 0 || totalFrom === from) work.push(byContent(tally, from, ofContent, totalFrom === from));
    const ofNames = facets.filter((facet) => facet === "namespace" || facet === "owner");
    const unnamed = ofNames.filter((facet) => !chosen.has(facet));
    if (unnamed.length > 0) work.push(byName(tally, unnamed));
    for (const facet of ofNames) if (chosen.has(facet)) work.push(byName(tally, [facet], facet));
  }
  const single = at.get("findings") ?? [];
  const free = single.filter((facet) => !chosen.has(facet));
  if (free.length > 0 || totalFrom === "findings")
    work.push(oneByOne(tally, free, undefined, totalFrom === "findings"));
  for (const facet of single) if (chosen.has(facet)) work.push(oneByOne(tally, [facet], facet, false));
  await Promise.all(work);

  const labels: Partial<Record<FindingFacet, (value: string) => string>> = {
    control: (value) => controls.get(value)?.title ?? value,
    group: (value) =>
      Object.hasOwn(SCORE_GROUPS, value) ? SCORE_GROUPS[value as keyof typeof SCORE_GROUPS].title : value,
    cluster: (value) => directory.get(value)?.name ?? value,
    account: (value) => [...directory.values()].find((entry) => entry.accountId === value)?.accountName ?? value,
  };
  const facets: Counts["facets"] = {};
  const more: string[] = [];
  for (const [name, facet] of tally.facets) {
    const selected = name === "reopened" ? [] : (filter[name] as readonly string[]);
    const shown = facet.values(labels[name] ?? ((value) => value), selected, filter.within ?? null);
    facets[name] = shown.values;
    if (shown.more) more.push(name);
  }
  return {
    total: tally.total,
    exact: tally.exact,
    facets,
    capped: [...tally.capped],
    more,
    asOf: new Date().toISOString(),
    notes: isShort(filter.q) ? [SHORT_NOTE] : [],
  };
}
