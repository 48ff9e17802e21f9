import type { Metadata } from "next";
import { requireScope } from "@/domain/access/session";
import { FirstRun } from "@/domain/accounts/components/first-run";
import { accountSights } from "@/domain/accounts/queries";
import { ScoreList } from "@/domain/posture/components/score-list";
import { scoreCounts, scorePage } from "@/domain/posture/score/queries";
import { SCORE_FACETS, scoreQuery } from "@/domain/posture/score/schema";
import { forgetView, saveView } from "@/domain/views/actions";
import { listViews } from "@/domain/views/queries";
import type { QueryRecord } from "@/lib/http/list-query";
import { askedOf } from "../list";
import { drawScore } from "./draw";

export const metadata: Metadata = { title: "Score history" };

export default async function ScoreHistoryPage({ searchParams }: { searchParams: Promise<QueryRecord> }) {
  const scope = await requireScope();
  const record = await searchParams;
  const { query, spelled } = askedOf("/score-history", scoreQuery, record);
  const open = typeof record.point === "string" ? record.point : null;
  const [page, counts, accounts, saved, node] = await Promise.all([
    scorePage(scope, query),
    scoreCounts(scope, { ...query, facets: SCORE_FACETS }),
    accountSights(scope),
    listViews(scope, "/score-history"),
    open === null ? null : drawScore(open),
  ]);
  if (accounts.length === 0) return <FirstRun scope={scope} />;
  return (
    <ScoreList
      fleet={scope.accountIds === null}
      initial={{ query: spelled, page, counts }}
      drawer={drawScore}
      initialDrawer={open === null ? null : { id: open, node }}
      saved={saved}
      onSave={saveView}
      onForget={forgetView}
    />
  );
}
