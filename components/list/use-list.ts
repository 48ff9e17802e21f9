"use client";

import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { usePathname, useSearchParams } from "next/navigation";
import { useCallback, useMemo } from "react";
import { fetchCounts, fetchPage, type ListCounts, type ListPage } from "./fetch";
import { type ListRow, type ListSpec, shapeOf } from "./spec";
import { type ListState, readState, rowsQuery, writeState } from "./state";

/** What the server already read for the address that the page was asked with. */
export interface InitialList<Row extends ListRow> {
  /** As `rowsQuery` spells it. */
  query: string;
  page: ListPage<Row>;
  counts: ListCounts;
}

/** The state of a list in its address. Changes go into the browser's history without asking the server for the page. */
export function useListState<Row extends ListRow>(
  spec: ListSpec<Row>,
): {
  state: ListState;
  query: string;
  change: (patch: Partial<ListState>, how?: "push" | "replace") => void;
  hrefOf: (patch: Partial<ListState>) => string;
} {
  const params = useSearchParams();
  const path = usePathname();
  const shape = useMemo(() => shapeOf(spec), [spec]);
  const state = useMemo(() => readState(new URLSearchParams(params), shape), [params, shape]);
  const hrefOf = useCallback(
    (patch: Partial<ListState>) => {
      const text = writeState({ ...state, ...patch }, shape);
      return text === "" ? path : `${path}?${text}`;
    },
    [state, shape, path],
  );
  const change = useCallback(
    (patch: Partial<ListState>, how: "push" | "replace" = "push") => {
      const address = hrefOf(patch);
      if (how === "push") window.history.pushState(null, "", address);
      else window.history.replaceState(null, "", address);
    },
    [hrefOf],
  );
  return { state, query: rowsQuery(state), change, hrefOf };
}

const MOST_REFETCHED = 3;
export const LIST_KEY = "list";
export const COUNTS_KEY = "counts";
/** Set while a list that is too long to be refetched is older than the last change that was announced. */
export const CHANGED_KEY = "changed";

/** True for a query that the event stream may refetch at once; a long list would ask for each of its pages. */
export const isShort = (query: { queryKey: readonly unknown[]; state: { data: unknown } }): boolean => {
  if (query.queryKey[0] !== LIST_KEY) return true;
  const data = query.state.data as { pages?: unknown[] } | undefined;
  return (data?.pages?.length ?? 0) <= MOST_REFETCHED;
};

/** Rows and counts under `query`: the server's first answer, then page by page from the API. */
export function useListData<Row extends ListRow>(spec: ListSpec<Row>, query: string, initial: InitialList<Row> | null) {
  const first = initial !== null && initial.query === query ? initial : null;
  const rows = useInfiniteQuery({
    queryKey: [LIST_KEY, spec.api, query],
    queryFn: ({ pageParam, signal }) => fetchPage<Row>(spec.api, query, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    structuralSharing: false, // comparing a hundred thousand rows with each page costs more than drawing thirty
    ...(first === null
      ? {}
      : {
          initialData: { pages: [first.page], pageParams: [null] },
          initialDataUpdatedAt: Date.parse(first.page.asOf),
        }),
  });
  const facets = useMemo(() => spec.facets.filter((facet) => facet.single !== true).map((facet) => facet.id), [spec]);
  const filter = useMemo(() => {
    const params = new URLSearchParams(query);
    params.delete("sort");
    return params.toString();
  }, [query]);
  const counts = useQuery({
    queryKey: [COUNTS_KEY, spec.api, filter],
    queryFn: ({ signal }) => fetchCounts(spec.api, filter, facets, null, signal),
    placeholderData: keepPreviousData,
    ...(first === null ? {} : { initialData: first.counts, initialDataUpdatedAt: Date.parse(first.page.asOf) }),
  });
  const items = useMemo(() => rows.data?.pages.flatMap((page) => page.items) ?? [], [rows.data]);
  return { rows, counts, items };
}
