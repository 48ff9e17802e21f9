"use client";

import { useSyncExternalStore } from "react";

const QUERY = "(max-width: 720px)";
const subscribe = (listener: () => void) => {
  const media = matchMedia(QUERY);
  media.addEventListener("change", listener);
  return () => media.removeEventListener("change", listener);
};

/** True where a row has no room for columns. The server draws for the wide screen. */
export const useNarrow = (): boolean =>
  useSyncExternalStore(
    subscribe,
    () => matchMedia(QUERY).matches,
    () => false,
  );
