"use client";

import { useState } from "react";
import { Icon } from "./icon";

/** Copies `text` and says what it copied. */
export function CopyButton({ text, what = "Copy" }: { text: string; what?: string }) {
  const [said, setSaid] = useState(what);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
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
