import type { Metadata } from "next";
import { requireScope } from "@/domain/access/session";
import { FirstRun } from "@/domain/accounts/components/first-run";
import { clusterDirectory } from "@/domain/inventory/cluster/queries";
import { RecommendationList } from "@/domain/posture/components/recommendation-list";
import { recommendationPageAndCounts } from "@/domain/posture/recommendation/list";
import { recommendationQuery } from "@/domain/posture/recommendation/schema";
import { forgetView, saveView } from "@/domain/views/actions";
import { listViews } from "@/domain/views/queries";
import type { QueryRecord } from "@/lib/http/list-query";
import { askedOf } from "../list";
import { readUnread } from "../unread";

export const metadata: Metadata = { title: "Recommendations" };

export default async function RecommendationsPage({ searchParams }: { searchParams: Promise<QueryRecord> }) {
  const scope = await requireScope();
  const { query, spelled } = askedOf("/recommendations", recommendationQuery, await searchParams);
  const [{ page, counts }, unread, directory, saved] = await Promise.all([
    recommendationPageAndCounts(scope, query),
    readUnread(scope, query, spelled),
    query.account.length + query.cluster.length === 0 ? new Map() : clusterDirectory(scope),
    listViews(scope, "/recommendations"),
  ]);
  if (unread.accounts.length === 0) return <FirstRun scope={scope} />;
  return (
    <RecommendationList
      initial={{ query: spelled, page, counts }}
      unread={unread}
      names={Object.fromEntries(
        [...directory].flatMap(([id, { name, accountId, accountName }]) => [
          ...(query.account.includes(accountId) ? [[accountId, accountName]] : []),
          ...(query.cluster.includes(id) ? [[id, name]] : []),
        ]),
      )}
      saved={saved}
      onSave={saveView}
      onForget={forgetView}
    />
  );
}
