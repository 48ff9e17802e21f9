"use client";

import { useSyncExternalStore } from "react";

const SHOWN_MS = 4000;
let words = "";
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();
const tell = () => {
  for (const listener of listeners) listener();
};
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Says one line at the foot of the page for some seconds, aloud too. For what was done; problems stay where they arose. */
export function say(line: string): void {
  clearTimeout(timer);
  words = line;
  tell();
  timer = setTimeout(() => {
    words = "";
    tell();
  }, SHOWN_MS);
}

/** Where `say` is heard; once, in the layout. */
export function StatusLine() {
  const line = useSyncExternalStore(
    subscribe,
    () => words,
    () => "",
  );
  return (
    <div className="status" role="status" data-shown={line !== ""}>
      {line}
    </div>
  );
}
