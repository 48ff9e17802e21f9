import "server-only";
import type { AccountScope } from "@/domain/access/scope";
import { accountSights } from "@/domain/accounts/queries";
import { assessedIn, unreadClusters } from "@/domain/inventory/cluster/queries";
import type { ClusterFilter } from "@/domain/inventory/cluster/schema";
import type { InitialUnread } from "@/domain/inventory/components/unread";
import { placeOf } from "@/domain/inventory/place";

/** What could not be looked at where a list looks, for a list's first screen. `spelled`: its query as the browser spells it. */
export async function readUnread(
  scope: AccountScope,
  query: Pick<ClusterFilter, "account" | "distribution" | "cluster">,
  spelled: string,
): Promise<InitialUnread> {
  const [clusters, accounts, assessed] = await Promise.all([
    unreadClusters(scope, query),
    accountSights(scope),
    assessedIn(scope),
  ]);
  return { place: placeOf(new URLSearchParams(spelled)), clusters, accounts, assessed };
}
