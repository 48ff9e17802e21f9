"use client";

import { useEffect, useState } from "react";

const UNTOLD =
  "Scans go on in the background and nothing was lost. Try again; if it stays so, see the log of the web process.";
const WHY: Readonly<Record<string, string>> = {
  "database unreachable":
    "Seawall's database does not answer. Nothing was lost. See that PostgreSQL runs and does not hang, and that DATABASE_URL is right; then try again.",
};

/** What `/healthz` says of the cause of a page that could not be read; a server that does not answer is one too. Never rejects. */
export async function causeOf(): Promise<string> {
  try {
    const said: unknown = await (await fetch("/healthz", { cache: "no-store" })).json();
    const status = typeof said === "object" && said !== null && "status" in said ? String(said.status) : "";
    return WHY[status] ?? UNTOLD;
  } catch {
    return "Seawall's web process does not answer. Start it anew; then try again.";
  }
}

/** The cause in words with what to do next; empty until it is known. */
export function useCause(): string {
  const [why, setWhy] = useState("");
  useEffect(() => {
    let wanted = true;
    void causeOf().then((told) => {
      if (wanted) setWhy(told);
    });
    return () => {
      wanted = false;
    };
  }, []);
  return why;
}
