"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import type { ReactNode } from "react";
import { withParameters } from "@/components/address";
import { plural } from "@/components/format";
import { ApiError, fetchCounts, fetchPage } from "@/components/list/fetch";
import { Name } from "@/components/name";
import { Partial } from "@/components/problem";
import type { UnreadClusters } from "../cluster/schema";
import { MOST_NAMED, placeOf, UNREAD_SCANS } from "../place";
import { type AccountSight, type Assessed, unseenUnder } from "../sight";
import { UnseenAccounts } from "./unseen-accounts";

const CLUSTERS = "/api/v1/clusters";
/** What the server read for the address that the page was asked with. */
export interface InitialUnread {
  /** As `placeOf` spells it. */
  place: string;
  clusters: UnreadClusters;
  /** All that the reader may see: a filter may choose other ones later. */
  accounts: readonly AccountSight[];
  /** Of everything, which a list without a filter speaks of. */
  assessed: Assessed;
}

async function readUnread(filter: string, signal: AbortSignal): Promise<UnreadClusters> {
  const [page, counts] = await Promise.all([
    fetchPage<{ id: string; name: string }>(CLUSTERS, filter, null, signal, MOST_NAMED),
    fetchCounts(CLUSTERS, filter, ["scan"], null, signal),
  ]);
  return { amount: counts.total, named: page.items.map(({ id, name }) => ({ id, name })) };
}

/** Why it is not known: what the server says of the address, else that it says nothing. */
export const whyUnknown = (error: Error): string =>
  error instanceof ApiError ? error.message : "The server could not be reached.";

/**
 * What could not be looked at where a list looks, by its address now: the notice above the rows, and whether "nothing" must not be
 * said. `what`: what may be missing.
 */
export function useUnread(initial: InitialUnread, what: string): { notice: ReactNode; blind: boolean } {
  const params = useSearchParams();
  const place = placeOf(params);
  const filter = withParameters(place, { scan: UNREAD_SCANS.join(",") });
  const unread = useQuery({
    queryKey: ["unread", place],
    queryFn: ({ signal }) => readUnread(filter.slice(1), signal),
    ...(place === initial.place ? { initialData: initial.clusters } : {}),
  });
  return {
    blind: unread.data?.amount !== 0 || unread.isError || unseenUnder(params, initial.accounts).length > 0,
    notice: (
      <>
        <UnseenAccounts accounts={initial.accounts} />
        {unread.isError ? (
          <Partial>Whether every cluster here could be read is not known. {whyUnknown(unread.error)}</Partial>
        ) : unread.data === undefined || unread.data.amount === 0 ? null : (
          <UnreadNotice clusters={unread.data} what={what} filter={filter} everywhere={place === ""} />
        )}
      </>
    ),
  };
}

function UnreadNotice({
  clusters: { amount, named },
  what,
  filter,
  everywhere,
}: {
  clusters: UnreadClusters;
  what: string;
  filter: string;
  everywhere: boolean;
}) {
  const rest = amount - named.length;
  return (
    <Partial
      action={
        <Link className="lnk" href={`/clusters${filter}`} prefetch={false}>
          Why and how to repair
        </Link>
      }
    >
      {plural(amount, "cluster")} {everywhere ? "" : "under this filter "}could not be read completely, so {what} there
      may be missing or not re-checked:{" "}
      {named.map((cluster, index) => (
        <span key={cluster.id}>
          {index === 0 ? "" : ", "}
          <Link href={`/clusters/${cluster.id}`} prefetch={false} className="lnk">
            <Name text={cluster.name} />
          </Link>
        </span>
      ))}
      {rest > 0 ? ` and ${plural(rest, "other")}` : ""}.
    </Partial>
  );
}
