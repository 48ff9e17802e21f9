"use client";

import { useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { CHANGED_KEY, isShort, LIST_KEY } from "./list/use-list";
import { Mark } from "./marks";

const QUIET_MS = 1500;
/** While scans run something changes all the time; a page need not be asked for more often than this. */
const APART_MS = 5000;
const AGAIN_MS = 10_000;

type State = "connecting" | "live" | "lost" | "signed-out";
const MARKS = { connecting: "running", live: "complete", lost: "stale", "signed-out": "failed" } as const;

/**
 * Keeps the page true: refetches it when the server says that something changed, and after every reconnect. A page that nobody sees does
 * not listen: over plain HTTP a browser has six connections to a server, and a seventh tab would wait for ever.
 */
export function Live({ timeZone }: { timeZone: string }) {
  const router = useRouter();
  const client = useQueryClient();
  const [state, setState] = useState<State>("connecting");
  const [updated, setUpdated] = useState<string | null>(null);
  const opened = useRef(false);
  useEffect(() => {
    let source: EventSource | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let again: ReturnType<typeof setTimeout> | undefined;
    let last = 0;
    const refetch = () => {
      last = Date.now();
      router.refresh();
      void client.invalidateQueries({ predicate: isShort });
      // A list of many pages keeps its rows and says that they are older, instead of moving under the reader.
      for (const query of client.getQueryCache().findAll({ queryKey: [LIST_KEY], type: "active" }))
        if (!isShort(query)) client.setQueryData([CHANGED_KEY, ...query.queryKey.slice(1)], true);
      setUpdated(new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", timeZone }).format(new Date()));
    };
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(refetch, Math.max(QUIET_MS, last + APART_MS - Date.now()));
    };
    /** An event source does not tell why it was refused. What is on the page stays: somebody may be writing. */
    const askWhy = async () => {
      const answer = await fetch("/api/v1").catch(() => null);
      if (answer?.status === 401) setState("signed-out");
    };
    const listen = () => {
      source = new EventSource("/api/v1/events");
      source.onopen = () => {
        setState("live");
        if (opened.current) soon();
        opened.current = true;
      };
      source.onerror = () => {
        setState((before) => (before === "signed-out" ? before : "lost"));
        if (source?.readyState !== EventSource.CLOSED) return;
        // Refused, after which a browser does not try again by itself.
        again = setTimeout(listen, AGAIN_MS);
        void askWhy();
      };
      source.addEventListener("changed", soon);
    };
    const stop = () => {
      clearTimeout(timer);
      clearTimeout(again);
      source?.close();
      source = null;
    };
    const follow = () => {
      if (!document.hidden) return source === null ? listen() : undefined;
      stop();
      setState("connecting");
    };
    document.addEventListener("visibilitychange", follow);
    follow();
    return () => {
      document.removeEventListener("visibilitychange", follow);
      stop();
    };
  }, [router, client, timeZone]);
  return (
    <div className="live">
      <Mark name={MARKS[state]} />
      {state === "signed-out" ? (
        <span>
          Signed out: <Link href="/sign-in">sign in</Link>
        </span>
      ) : (
        <span>
          {state === "live"
            ? updated === null
              ? "Live"
              : `Live, updated ${updated}`
            : state === "lost"
              ? "Reconnecting"
              : "Connecting"}
        </span>
      )}
    </div>
  );
}
