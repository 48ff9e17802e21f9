import type { Metadata } from "next";
import { requireScope } from "@/domain/access/session";
import { FirstRun } from "@/domain/accounts/components/first-run";
import { navigationCounts } from "@/domain/accounts/queries";
import { coverageNotice } from "@/domain/inventory/components/coverage-notice";
import { listClusters } from "@/domain/inventory/queries";
import { RecommendationList } from "@/domain/posture/components/recommendation-list";
import { recommendationPageAndCounts } from "@/domain/posture/recommendation/list";
import { recommendationQuery } from "@/domain/posture/recommendation/schema";
import { forgetView, saveView } from "@/domain/views/actions";
import { listViews } from "@/domain/views/queries";
import type { QueryRecord } from "@/lib/http/list-query";
import { askedOf } from "../list";

export const metadata: Metadata = { title: "Recommendations" };

export default async function RecommendationsPage({ searchParams }: { searchParams: Promise<QueryRecord> }) {
  const scope = await requireScope();
  const { query, spelled } = askedOf("/recommendations", recommendationQuery, await searchParams);
  const [{ page, counts }, known, clusters, saved] = await Promise.all([
    recommendationPageAndCounts(scope, query),
    navigationCounts(scope),
    listClusters(scope),
    listViews(scope, "/recommendations"),
  ]);
  if (known.accounts === 0) return <FirstRun scope={scope} />;
  return (
    <RecommendationList
      initial={{ query: spelled, page, counts }}
      notice={coverageNotice(clusters, "unhealthy resources")}
      names={Object.fromEntries([
        ...clusters
          .filter(({ accountId }) => query.account.includes(accountId))
          .map((one) => [one.accountId, one.accountName]),
        ...clusters.filter(({ id }) => query.cluster.includes(id)).map(({ id, name }) => [id, name]),
      ])}
      saved={saved}
      onSave={saveView}
      onForget={forgetView}
    />
  );
}
