"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { startTransition } from "react";
import { Mark } from "@/components/marks";
import { useCause } from "../cause";

/** What failed and what did not. The digest is the request's id in the web process's log. */
export default function ConsoleError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const why = useCause();
  const router = useRouter();
  const client = useQueryClient();
  const again = () => {
    // What the page failed on may be what was read for it: both are read anew.
    client.clear();
    startTransition(() => {
      router.refresh();
      reset();
    });
  };
  return (
    <div className="first" role="alert">
      <h1>
        <Mark name="failed" /> This page could not be read
      </h1>
      <p>
        {why} {error.digest === undefined ? "" : `Request id ${error.digest}.`}
      </p>
      <button type="button" className="btn" onClick={again}>
        Try again
      </button>
    </div>
  );
}
