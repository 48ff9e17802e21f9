"use client";

import { useSyncExternalStore } from "react";

const never = () => () => {};

/** False on the server and while the browser takes over what it drew; true from then on. */
export const useDrawn = (): boolean =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
