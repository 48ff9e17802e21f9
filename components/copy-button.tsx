"use client";

import { type MouseEvent, useState } from "react";
import { Icon } from "./icon";

/** Copies `text`, or without one what stands in the same box of code (so that it need not travel twice), and says that it did. */
export function CopyButton({ text, what = "Copy" }: { text?: string; what?: string }) {
  const [said, setSaid] = useState(what);
  const copy = async ({ currentTarget }: MouseEvent<HTMLButtonElement>) => {
    const shown = text ?? currentTarget.closest(".code")?.querySelector("pre")?.textContent ?? "";
    try {
      await navigator.clipboard.writeText(shown);
      setSaid("Copied");
    } catch {
      setSaid("Select and copy it yourself"); // the browser refuses outside https or without permission
    }
    setTimeout(() => setSaid(what), 2000);
  };
  return (
    <button type="button" className="btn ghost sml" onClick={copy}>
      <Icon name="copy" />
      <span aria-live="polite">{said}</span>
    </button>
  );
}
