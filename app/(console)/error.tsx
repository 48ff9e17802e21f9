"use client";

import { Mark } from "@/components/marks";

/** What failed and what did not. The digest is the request's id in the web process's log. */
export default function ConsoleError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <div className="first" role="alert">
      <h1>
        <Mark name="failed" /> This page could not be read
      </h1>
      <p>
        Scans go on in the background and nothing was lost.{" "}
        {error.digest === undefined ? "" : `Request id ${error.digest}.`}
      </p>
      <button type="button" className="btn" onClick={reset}>
        Try again
      </button>
    </div>
  );
}
