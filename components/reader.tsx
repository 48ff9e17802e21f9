"use client";

import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { age, exact, moment } from "./format";

interface Reader {
  zone: string;
  now: Date;
}
const Context = createContext<Reader>({ zone: "UTC", now: new Date(0) });
const TICK_MS = 30_000;

/** The reader's time zone and clock for what is drawn in the browser. `now` begins as the server's, so that both draw the same. */
export function ReaderClock({ zone, now, children }: { zone: string; now: number; children: ReactNode }) {
  const [current, setCurrent] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => setCurrent(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  const value = useMemo(() => ({ zone, now: new Date(Math.max(current, now)) }), [zone, current, now]);
  return <Context value={value}>{children}</Context>;
}

export const useReader = (): Reader => useContext(Context);

/** As `When`, for leaves: the age of a moment that ticks on, or its date; absolute with zone on hover. */
export function Ago({ at, date = false, suffix = "" }: { at: string; date?: boolean; suffix?: string }) {
  const { zone, now } = useReader();
  const moved = new Date(at);
  return (
    <time dateTime={at} title={exact(moved, zone)}>
      {date ? moment(moved, zone) : `${age(moved, now)}${suffix}`}
    </time>
  );
}
