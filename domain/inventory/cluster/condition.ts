import type { AccountScope } from "@/domain/access/scope";
import type { SortColumn } from "@/lib/http/keyset";
import { containing, Where } from "@/lib/http/where";
import { wordsOf } from "@/lib/words";
import { type Exemptions, scoreColumn } from "../exemptions";
import type { CLUSTER_SORTS, ClusterFacet, ClusterFilter } from "./schema";

/** Over "Cluster" c with the sums o of its open findings. Clusters are few: what has no index is sorted. What is unknown comes lowest. */
export const sortColumns = (exemptions: Exemptions): Readonly<Record<(typeof CLUSTER_SORTS)[number], SortColumn>> => ({
  name: { sql: "c.name", type: "text" },
  score: { sql: `coalesce(c.${scoreColumn(exemptions)}, -1)`, type: "float8" },
  open: { sql: "coalesce(o.open, 0)", type: "int" },
  urgent: { sql: "coalesce(o.urgent, 0)", type: "int" },
  workloads: { sql: "c.workloads", type: "int" },
  nodes: { sql: "c.nodes", type: "int" },
  lastScan: { sql: `coalesce(c."lastScanAt", '-infinity')`, type: "timestamptz" },
  version: { sql: "coalesce(c.version, '')", type: "text" },
});

/** SQL of each facet's value. */
export const FACET_VALUES: Readonly<Record<ClusterFacet, string>> = {
  distribution: "c.distribution",
  account: `c."accountId"::text`,
  provider: "a.provider",
  region: "coalesce(c.region, '')",
  version: `coalesce(substring(c.version FROM '\\d+\\.\\d+'), '')`,
  scan: `coalesce(c."lastScanStatus", 'none')`,
};

/** The one translation of a filter to SQL, over "Cluster" c and "Account" a. `but` leaves a facet's own condition out. */
export function clusterWhere(scope: AccountScope, filter: ClusterFilter, but?: ClusterFacet): Where {
  const where = new Where().and(`c."goneAt" IS NULL`);
  if (scope.accountIds !== null) where.and(`c."accountId" = ANY(${where.bind(scope.accountIds)}::uuid[])`);
  for (const facet of ["distribution", "account", "provider", "region", "version", "scan"] as const)
    if (facet !== but) where.any(FACET_VALUES[facet], filter[facet], "text");
  where.any("c.id", filter.cluster, "uuid");
  for (const word of wordsOf(filter.q ?? "")) where.and(`lower(c.name) LIKE ${where.bind(containing(word))}`);
  return where;
}
