"use client";

import { type ReactNode, useId, useState } from "react";

/** A part that waits behind a button where the screen is narrow (720 px and less), and simply stands there on any other. */
export function NarrowFold({ label, children }: { label: string; children: ReactNode }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <div className="nfold" data-open={open}>
      <button
        type="button"
        className="btn narrow"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen((now) => !now)}
      >
        {open ? "Show less" : label}
      </button>
      <div id={id}>{children}</div>
    </div>
  );
}
