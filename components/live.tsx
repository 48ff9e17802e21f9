"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { Mark } from "./marks";

const QUIET_MS = 1500;

/** Keeps the page true: refetches it when the server says that something changed, and after every reconnect. */
export function Live({ timeZone }: { timeZone: string }) {
  const router = useRouter();
  const [state, setState] = useState<"connecting" | "live" | "lost">("connecting");
  const [updated, setUpdated] = useState<string | null>(null);
  const opened = useRef(false);
  useEffect(() => {
    const source = new EventSource("/api/v1/events");
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        router.refresh();
        setUpdated(new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", timeZone }).format(new Date()));
      }, QUIET_MS);
    };
    source.onopen = () => {
      setState("live");
      if (opened.current) refresh();
      opened.current = true;
    };
    source.onerror = () => setState("lost");
    source.addEventListener("changed", refresh);
    return () => {
      clearTimeout(timer);
      source.close();
    };
  }, [router, timeZone]);
  return (
    <div className="live">
      <Mark name={state === "live" ? "complete" : state === "lost" ? "stale" : "running"} />
      <span>
        {state === "live"
          ? updated === null
            ? "Live"
            : `Live, updated ${updated}`
          : state === "lost"
            ? "Reconnecting"
            : "Connecting"}
      </span>
    </div>
  );
}
