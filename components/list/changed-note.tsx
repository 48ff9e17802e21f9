"use client";

import { useQuery } from "@tanstack/react-query";
import { Button } from "../button";
import { CHANGED_KEY } from "./use-list";

/** Says that the rows of a long list are older than the last change. It stands before the page, so that nothing in it moves. */
export function ChangedNote({ api, query, restart }: { api: string; query: string; restart: () => void }) {
  const changed = useQuery<boolean>({
    queryKey: [CHANGED_KEY, api, query],
    queryFn: () => false,
    enabled: false,
    initialData: false,
  });
  return (
    <div role="status">
      {changed.data ? (
        <p className="float">
          Something changed since these rows were read.{" "}
          <Button small onClick={restart}>
            Read them anew
          </Button>
        </p>
      ) : null}
    </div>
  );
}
