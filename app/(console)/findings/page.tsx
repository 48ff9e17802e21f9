import type { Metadata } from "next";
import { holdsAnywhere } from "@/domain/access/scope";
import { requireScope } from "@/domain/access/session";
import { FirstRun } from "@/domain/accounts/components/first-run";
import { FindingList } from "@/domain/posture/components/finding-list";
import { exemptionReasons, exemptionRuleInForce } from "@/domain/posture/exemption/queries";
import { findingCounts } from "@/domain/posture/finding/count/counts";
import { findingPage } from "@/domain/posture/finding/page/queries";
import { FINDING_FACETS, findingQuery } from "@/domain/posture/finding/schema";
import { forgetView, saveView } from "@/domain/views/actions";
import { listViews } from "@/domain/views/queries";
import type { QueryRecord } from "@/lib/http/list-query";
import { askedOf } from "../list";
import { readUnread } from "../unread";
import { drawFinding } from "./draw";

export const metadata: Metadata = { title: "Findings" };

export default async function FindingsPage({ searchParams }: { searchParams: Promise<QueryRecord> }) {
  const scope = await requireScope();
  const record = await searchParams;
  const { query, spelled } = askedOf("/findings", findingQuery, record);
  const open = typeof record.finding === "string" ? record.finding : null;
  const [page, counts, unread, saved, rule, exemptions, node] = await Promise.all([
    findingPage(scope, query),
    findingCounts(scope, { ...query, facets: FINDING_FACETS }),
    readUnread(scope, query, spelled),
    listViews(scope, "/findings"),
    exemptionRuleInForce(scope),
    exemptionReasons(scope, query.exemption),
    open === null ? null : drawFinding(open),
  ]);
  if (unread.accounts.length === 0) return <FirstRun scope={scope} />;
  return (
    <FindingList
      initial={{ query: spelled, page, counts }}
      unread={unread}
      exempting={!holdsAnywhere(scope, "Security Admin") ? "no" : rule.approval ? "ask" : "exempt"}
      exemptions={exemptions}
      drawer={drawFinding}
      initialDrawer={open === null ? null : { id: open, node }}
      saved={saved}
      onSave={saveView}
      onForget={forgetView}
    />
  );
}
