import type { Metadata } from "next";
import { holdsAnywhere } from "@/domain/access/scope";
import { requireScope } from "@/domain/access/session";
import { unreadClusters } from "@/domain/inventory/cluster/queries";
import { placeOf } from "@/domain/inventory/place";
import { FindingList } from "@/domain/posture/components/finding-list";
import { exemptionRuleInForce } from "@/domain/posture/exemption/queries";
import { findingCounts } from "@/domain/posture/finding/count/counts";
import { findingPage } from "@/domain/posture/finding/page/queries";
import { FINDING_FACETS, findingQuery } from "@/domain/posture/finding/schema";
import { forgetView, saveView } from "@/domain/views/actions";
import { listViews } from "@/domain/views/queries";
import type { QueryRecord } from "@/lib/http/list-query";
import { askedOf } from "../list";
import { drawFinding } from "./draw";

export const metadata: Metadata = { title: "Findings" };

export default async function FindingsPage({ searchParams }: { searchParams: Promise<QueryRecord> }) {
  const scope = await requireScope();
  const record = await searchParams;
  const { query, spelled } = askedOf("/findings", findingQuery, record);
  const open = typeof record.finding === "string" ? record.finding : null;
  const [page, counts, unread, saved, rule, node] = await Promise.all([
    findingPage(scope, query),
    findingCounts(scope, { ...query, facets: FINDING_FACETS }),
    unreadClusters(scope, query),
    listViews(scope, "/findings"),
    exemptionRuleInForce(scope),
    open === null ? null : drawFinding(open),
  ]);
  return (
    <FindingList
      initial={{ query: spelled, page, counts }}
      unread={{ place: placeOf(new URLSearchParams(spelled)), clusters: unread }}
      exempting={!holdsAnywhere(scope, "Security Admin") ? "no" : rule.approval ? "ask" : "exempt"}
      drawer={drawFinding}
      initialDrawer={open === null ? null : { id: open, node }}
      saved={saved}
      onSave={saveView}
      onForget={forgetView}
    />
  );
}
