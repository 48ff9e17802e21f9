"use client";

import { Icon } from "./icon";

/** Switches light and dark and remembers it for a year; without a choice the system's preference holds. */
export function ThemeSwitch() {
  const flip = () => {
    const root = document.documentElement;
    const dark =
      root.dataset.theme === undefined
        ? matchMedia("(prefers-color-scheme: dark)").matches
        : root.dataset.theme === "dark";
    root.dataset.theme = dark ? "light" : "dark";
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser; this value is no secret.
    document.cookie = `seawall-theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax`;
  };
  return (
    <button type="button" className="ib" aria-label="Switch theme" onClick={flip}>
      <Icon name="theme" />
    </button>
  );
}
