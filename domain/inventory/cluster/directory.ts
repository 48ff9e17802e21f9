import type { Distribution } from "../schema";

/** What lists need to know of every cluster: to name it, and to count it under its account and distribution. */
export interface DirectoryEntry {
  name: string;
  accountId: string;
  accountName: string;
  distribution: Distribution;
}
/** All clusters that a scope sees by id, gone ones included: their resolved findings still count. */
export type Directory = ReadonlyMap<string, DirectoryEntry>;

/** The filters that choose clusters. */
export interface ClusterSide {
  account: readonly string[];
  distribution: readonly Distribution[];
  cluster: readonly string[];
}

/** Whether a cluster passes; `but` leaves one filter out. */
export function passes(filter: ClusterSide, id: string, entry: DirectoryEntry, but?: string): boolean {
  return (
    (but === "account" || filter.account.length === 0 || filter.account.includes(entry.accountId)) &&
    (but === "distribution" || filter.distribution.length === 0 || filter.distribution.includes(entry.distribution)) &&
    (but === "cluster" || filter.cluster.length === 0 || filter.cluster.includes(id))
  );
}

/** Ids of the clusters that pass; null when all of an unlimited scope do, so that a query needs no condition. */
export function clustersOf(directory: Directory, filter: ClusterSide, everything: boolean): string[] | null {
  const open = filter.account.length === 0 && filter.distribution.length === 0 && filter.cluster.length === 0;
  if (everything && open) return null;
  return [...directory].flatMap(([id, entry]) => (passes(filter, id, entry) ? [id] : []));
}

/** Where to add up: accounts whose clusters all pass, and clusters that pass of the other accounts; null stands for all of either. */
export interface Places {
  accounts: readonly string[] | null;
  clusters: readonly string[] | null;
}

/** The clusters that pass, in as few words as possible: sums of an account are shorter than those of its clusters. */
export function placesOf(directory: Directory, filter: ClusterSide, everything: boolean): Places {
  const passing = clustersOf(directory, filter, everything);
  if (passing === null) return { accounts: null, clusters: [] };
  const left = new Map<string, number>();
  for (const { accountId } of directory.values()) left.set(accountId, (left.get(accountId) ?? 0) + 1);
  const accountOf = (id: string): string => directory.get(id)?.accountId ?? "";
  for (const id of passing) left.set(accountOf(id), (left.get(accountOf(id)) ?? 0) - 1);
  return {
    accounts: [...left].flatMap(([id, missing]) => (missing === 0 ? [id] : [])),
    clusters: passing.filter((id) => left.get(accountOf(id)) !== 0),
  };
}
