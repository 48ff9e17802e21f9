import type { Metadata } from "next";
import { requireScope } from "@/domain/access/session";
import { FirstRun } from "@/domain/accounts/components/first-run";
import { ItemList } from "@/domain/inventory/components/item-list";
import { itemCounts } from "@/domain/inventory/item/count/counts";
import { itemPage } from "@/domain/inventory/item/queries";
import { ITEM_FACETS, itemQuery } from "@/domain/inventory/item/schema";
import { forgetView, saveView } from "@/domain/views/actions";
import { listViews } from "@/domain/views/queries";
import type { QueryRecord } from "@/lib/http/list-query";
import { askedOf } from "../list";
import { readUnread } from "../unread";

export const metadata: Metadata = { title: "Inventory" };

export default async function InventoryPage({ searchParams }: { searchParams: Promise<QueryRecord> }) {
  const scope = await requireScope();
  const { query, spelled } = askedOf("/inventory", itemQuery, await searchParams);
  const [page, counts, unread, saved] = await Promise.all([
    itemPage(scope, query),
    itemCounts(scope, { ...query, facets: ITEM_FACETS }),
    readUnread(scope, query, spelled),
    listViews(scope, "/inventory"),
  ]);
  if (unread.accounts.length === 0) return <FirstRun scope={scope} />;
  return (
    <ItemList
      initial={{ query: spelled, page, counts }}
      unread={unread}
      saved={saved}
      onSave={saveView}
      onForget={forgetView}
    />
  );
}
