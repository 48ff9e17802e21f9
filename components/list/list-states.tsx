"use client";

import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import Link from "next/link";
import { Button } from "../button";
import { Problem } from "../problem";
import { ApiError } from "./fetch";
import type { ListRow, ListSpec } from "./spec";

interface ListStatesProps<Row extends ListRow> {
  spec: ListSpec<Row>;
  rows: UseInfiniteQueryResult<{ pages: { notes: string[] }[] }>;
  amount: number;
  filtered: boolean;
  /** Something could not be looked at, so "nothing" must not be said. */
  blind: boolean;
  clear: () => void;
}

const SKELETON = ["62%", "48%", "71%", "55%", "66%", "44%", "58%", "69%"];

/** Everything a list can be besides full: loading, failed, empty under a filter, empty. Each says what to do. */
export function ListStates<Row extends ListRow>({ spec, rows, amount, filtered, blind, clear }: ListStatesProps<Row>) {
  const notes = rows.data?.pages[0]?.notes ?? [];
  if (rows.isError && !rows.isFetchNextPageError)
    return <Failed error={rows.error} retry={rows.refetch} clear={clear} />;
  // Rows of the filter before are kept until the new ones come; that there were none says nothing of these.
  if (rows.isPending || (rows.isPlaceholderData && amount === 0))
    return (
      <div className="skeleton late" aria-busy="true">
        <span className="vh" role="status">
          Loading
        </span>
        {SKELETON.map((width) => (
          <span key={width} className="sk" style={{ width }} />
        ))}
      </div>
    );
  return (
    <>
      {notes.map((note) => (
        <p key={note} className="note list-note">
          {note}
        </p>
      ))}
      {rows.isFetchNextPageError ? (
        <Failed error={rows.error} retry={rows.fetchNextPage} clear={clear} words="No more rows could be read." />
      ) : null}
      {amount > 0 ? null : filtered ? (
        <div className="empty">
          <h2>No {spec.noun.one} matches this filter</h2>
          <p>
            {blind ? "What could not be looked at, above, may hold some. " : ""}
            <Button small onClick={clear}>
              Clear all filters
            </Button>
          </p>
        </div>
      ) : blind ? (
        <div className="empty">
          <h2>No {spec.noun.one} where it could be looked</h2>
          <p>What could not be looked at, above, may hold some.</p>
        </div>
      ) : (
        spec.empty
      )}
    </>
  );
}

function Failed({
  error,
  retry,
  clear,
  words = "The rows could not be read.",
}: {
  error: Error | null;
  retry: () => unknown;
  clear: () => void;
  words?: string;
}) {
  const status = error instanceof ApiError ? error.status : null;
  return (
    <Problem title={words}>
      {error instanceof ApiError ? error.message : "The server could not be reached."} Nothing was lost
      {error instanceof ApiError && error.requestId !== null ? `; request id ${error.requestId}` : ""}.{" "}
      {status === 401 ? (
        <Link className="btn sml" href="/sign-in">
          Sign in
        </Link>
      ) : status === 400 ? (
        <Button small onClick={clear}>
          Clear all filters
        </Button>
      ) : (
        <Button small onClick={() => retry()}>
          Try again
        </Button>
      )}
    </Problem>
  );
}
