import type { Metadata } from "next";
import { requireScope } from "@/domain/access/session";
import { DeadLetterNotice } from "@/domain/accounts/components/dead-letters";
import { FirstRun } from "@/domain/accounts/components/first-run";
import { accountSights, listDeadLetters } from "@/domain/accounts/queries";
import { ScanList } from "@/domain/inventory/components/scan-list";
import { scanCounts, scanPage } from "@/domain/inventory/scan/queries";
import { SCAN_FACETS, scanQuery } from "@/domain/inventory/scan/schema";
import { forgetView, saveView } from "@/domain/views/actions";
import { listViews } from "@/domain/views/queries";
import type { QueryRecord } from "@/lib/http/list-query";
import { askedOf } from "../list";
import { drawScan } from "./draw";

export const metadata: Metadata = { title: "Scans" };

export default async function ScansPage({ searchParams }: { searchParams: Promise<QueryRecord> }) {
  const scope = await requireScope();
  const record = await searchParams;
  const { query, spelled } = askedOf("/scans", scanQuery, record);
  const open = typeof record.scan === "string" ? record.scan : null;
  const [page, counts, letters, accounts, saved, node] = await Promise.all([
    scanPage(scope, query),
    scanCounts(scope, { ...query, facets: SCAN_FACETS }),
    listDeadLetters(scope),
    accountSights(scope),
    listViews(scope, "/scans"),
    open === null ? null : drawScan(open),
  ]);
  if (accounts.length === 0) return <FirstRun scope={scope} />;
  return (
    <ScanList
      initial={{ query: spelled, page, counts }}
      notice={letters.length === 0 ? null : <DeadLetterNotice amount={letters.length} />}
      drawer={drawScan}
      initialDrawer={open === null ? null : { id: open, node }}
      saved={saved}
      onSave={saveView}
      onForget={forgetView}
    />
  );
}
