"use client";

import { useEffect, useState } from "react";
import { Gate } from "@/components/gate";

const UNTOLD =
  "Scans go on in the background and nothing was lost. Try again; if it stays so, see the log of the web process.";
const WHY: Readonly<Record<string, string>> = {
  "database unreachable":
    "Seawall does not reach its database. Nothing was lost. Start PostgreSQL, or see that DATABASE_URL is right; then try again.",
};

/** What `/healthz` says of the cause; a server that does not answer is one too. */
async function cause(): Promise<string> {
  try {
    const said: unknown = await (await fetch("/healthz", { cache: "no-store" })).json();
    const status = typeof said === "object" && said !== null && "status" in said ? String(said.status) : "";
    return WHY[status] ?? UNTOLD;
  } catch {
    return "Seawall's web process does not answer. Start it anew; then try again.";
  }
}

/** Stands in for a whole page, its frame included, which could not be made. The digest is the request's id in the web process's log. */
export default function PageError({ error }: { error: Error & { digest?: string } }) {
  const [why, setWhy] = useState("");
  useEffect(() => {
    let wanted = true;
    void cause().then((told) => {
      if (wanted) setWhy(told);
    });
    return () => {
      wanted = false;
    };
  }, []);
  return (
    <Gate title="This page could not be read" sub={why}>
      {error.digest === undefined ? null : <p className="sm mut">Request id {error.digest}.</p>}
      <button type="button" className="btn" onClick={() => window.location.reload()}>
        Try again
      </button>
    </Gate>
  );
}
