import type { AccountScope } from "@/domain/access/scope";
import type { Counts } from "@/lib/http/answer";
import { Facet } from "@/lib/http/facet";
import { clustersOf, type Directory, passes } from "../../cluster/directory";
import { clusterDirectory } from "../../cluster/queries";
import { SYSTEM_NAMESPACES } from "../../system-namespace";
import { ITEM_FACETS, type ItemFacet, type ItemFilter, type ItemPart } from "../schema";
import { type Cell, countFromRollup, countKinds, countOneByOne, foldKinds, MOST_COUNTED } from "./queries";

const partOf = (namespace: string): ItemPart => (SYSTEM_NAMESPACES.has(namespace) ? "system" : "own");
const partOfCell = (cell: Cell): Cell => ({ ...cell, value: partOf(cell.value) });
const isOfParts = (namespace: string, parts: readonly ItemPart[]): boolean =>
  parts.length === 0 || parts.includes(partOf(namespace));

/** The value that a cell counts for under a facet; null when its cluster does not pass the rest of the filter. */
function valueOfCell(facet: ItemFacet, cell: Cell, directory: Directory, filter: ItemFilter): string | null {
  if (cell.clusterId === null) return cell.value;
  const entry = directory.get(cell.clusterId);
  if (entry === undefined || !passes(filter, cell.clusterId, entry, facet)) return null;
  return facet === "cluster" ? cell.clusterId : facet === "account" ? entry.accountId : entry.distribution;
}

/** How many items match, and by facet. Exact from roll-ups; counted one by one, up to a limit, for text, workloads and digests. */
export async function itemCounts(
  scope: AccountScope,
  filter: ItemFilter & { facets?: readonly ItemFacet[]; within?: string | null },
): Promise<Counts> {
  const wanted = filter.facets === undefined || filter.facets.length === 0 ? ITEM_FACETS : filter.facets;
  const directory = await clusterDirectory(scope);
  const clusters = clustersOf(directory, filter, scope.accountIds === null);
  const tally = new Map(wanted.map((facet) => [facet, new Facet()]));
  const capped: string[] = [];
  let total = 0;
  let exact = true;
  const add = (facet: ItemFacet, cells: readonly Cell[]): void => {
    for (const cell of cells) {
      const value = valueOfCell(facet, cell, directory, filter);
      if (value !== null) tally.get(facet)?.add(value, cell.amount);
    }
  };
  if (filter.q === null && filter.workload.length === 0 && filter.digest.length === 0) {
    const kinds = filter.part.length > 0 && filter.namespace.length === 0 ? countKinds(filter.part) : null;
    // Read once for both facets of namespaces; a choice of parts is looked at here.
    const named =
      filter.namespace.length === 0 && wanted.some((facet) => facet === "namespace" || facet === "part")
        ? countFromRollup("namespace", { ...filter, part: [] }, clusters)
        : null;
    const ask = async (facet: ItemFacet | "total"): Promise<Cell[]> => {
      if (named !== null && facet === "part") return (await named).map(partOfCell);
      if (named !== null && facet === "namespace")
        return (await named).filter((cell) => isOfParts(cell.value, filter.part));
      if (kinds !== null && facet !== "part" && facet !== "namespace")
        return foldKinds(await kinds, facet, filter, clusters);
      return countFromRollup(facet, filter, clusters);
    };
    const [sum, ...each] = await Promise.all([ask("total"), ...wanted.map(ask)]);
    total = sum.reduce((all, { amount }) => all + amount, 0);
    for (const [at, facet] of wanted.entries()) add(facet, each[at] ?? []);
  } else {
    const free = wanted.filter((facet) => filter[facet].length === 0);
    const own = wanted.filter((facet) => filter[facet].length > 0);
    const run = async (facets: readonly ItemFacet[], but?: ItemFacet): Promise<number> => {
      const cells = await countOneByOne(scope, filter, ["total", ...facets], but);
      const all = cells.filter((cell) => cell.facet === "total").reduce((sum, cell) => sum + cell.amount, 0);
      for (const facet of facets) {
        add(
          facet,
          cells.filter((cell) => cell.facet === facet),
        );
        if (all > MOST_COUNTED) capped.push(facet);
      }
      return all;
    };
    const [all] = await Promise.all([run(free), ...own.map((facet) => run([facet], facet))]);
    exact = all <= MOST_COUNTED;
    total = Math.min(all, MOST_COUNTED);
  }
  const labels: Partial<Record<ItemFacet, (value: string) => string>> = {
    cluster: (value) => directory.get(value)?.name ?? value,
    account: (value) => [...directory.values()].find((entry) => entry.accountId === value)?.accountName ?? value,
  };
  const facets: Counts["facets"] = {};
  const more: string[] = [];
  for (const [name, facet] of tally) {
    const shown = facet.values(labels[name] ?? ((value) => value), filter[name], filter.within ?? null);
    facets[name] = shown.values;
    if (shown.more) more.push(name);
  }
  return { total, exact, facets, capped, more, asOf: new Date().toISOString(), notes: [] };
}
