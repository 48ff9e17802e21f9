import type { Metadata } from "next";
import { requireScope } from "@/domain/access/session";
import { FirstRun } from "@/domain/accounts/components/first-run";
import { accountSights } from "@/domain/accounts/queries";
import { clusterCounts, clusterPage } from "@/domain/inventory/cluster/queries";
import { CLUSTER_FACETS, clusterQuery } from "@/domain/inventory/cluster/schema";
import { ClusterList } from "@/domain/inventory/components/cluster-list";
import { forgetView, saveView } from "@/domain/views/actions";
import { listViews } from "@/domain/views/queries";
import type { QueryRecord } from "@/lib/http/list-query";
import { askedOf } from "../list";

export const metadata: Metadata = { title: "Clusters" };

export default async function ClustersPage({ searchParams }: { searchParams: Promise<QueryRecord> }) {
  const scope = await requireScope();
  const { query, spelled } = askedOf("/clusters", clusterQuery, await searchParams);
  const [page, counts, accounts, saved] = await Promise.all([
    clusterPage(scope, query),
    clusterCounts(scope, { ...query, facets: CLUSTER_FACETS }),
    accountSights(scope),
    listViews(scope, "/clusters"),
  ]);
  if (accounts.length === 0) return <FirstRun scope={scope} />;
  return (
    <ClusterList
      initial={{ query: spelled, page, counts }}
      accounts={accounts}
      saved={saved}
      onSave={saveView}
      onForget={forgetView}
    />
  );
}
