"use client";

import { Gate } from "@/components/gate";
import { useCause } from "./cause";

/** Stands in for a whole page, its frame included, which could not be made. The digest is the request's id in the web process's log. */
export default function PageError({ error }: { error: Error & { digest?: string } }) {
  return (
    <Gate title="This page could not be read" sub={useCause()}>
      {error.digest === undefined ? null : <p className="sm mut">Request id {error.digest}.</p>}
      <button type="button" className="btn" onClick={() => window.location.reload()}>
        Try again
      </button>
    </Gate>
  );
}
