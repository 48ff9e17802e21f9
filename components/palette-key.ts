"use client";

import { useEffect, useRef } from "react";

const ASKED = "palette-asked";
/** Opens the palette from anywhere else on the page. */
export const askForPalette = (): void => void dispatchEvent(new Event(ASKED));

/** Calls `act` on Ctrl-K or ⌘-K, in fields too: it is the one key that works everywhere. */
export function usePaletteKey(act: () => void): void {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey)
        return;
      event.preventDefault();
      latest.current();
    };
    const onAsk = () => latest.current();
    addEventListener("keydown", onKey);
    addEventListener(ASKED, onAsk);
    return () => {
      removeEventListener("keydown", onKey);
      removeEventListener(ASKED, onAsk);
    };
  }, []);
}
