"use client";

import { useEffect, useLayoutEffect, useRef } from "react";

/** True while keys belong to something else: a field, a menu, a dialog. */
export function keysAreTaken(event: KeyboardEvent): boolean {
  const target = event.target;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return true;
  if (!(target instanceof HTMLElement)) return false;
  return (
    (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && target.getAttribute("type") !== "checkbox") ||
    target.isContentEditable ||
    target.closest("[role=dialog],[role=menu]") !== null
  );
}

/** Calls `handle` for keys pressed anywhere on the page that nothing else has claimed. */
export function usePageKeys(handle: (event: KeyboardEvent) => void): void {
  const latest = useRef(handle);
  // With what is drawn, not after it: the next key may come before effects do.
  useLayoutEffect(() => {
    latest.current = handle;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!keysAreTaken(event)) latest.current(event);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}
