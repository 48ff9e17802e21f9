"use client";

import { type ReactNode, useEffect, useState } from "react";

interface FoldProps {
  title: string;
  /** What a closed fold must not hide, in a word or two. */
  remark?: string;
  /** Opens it when this becomes true; a person opens and closes it as they like. */
  open?: boolean;
  children: ReactNode;
}

/** A part that is folded away until it is wanted. It opens without scripts too. */
export function Fold({ title, remark = "", open = false, children }: FoldProps) {
  const [shown, setShown] = useState(open);
  useEffect(() => {
    if (open) setShown(true);
  }, [open]);
  return (
    <details className="fold" open={shown} onToggle={(event) => setShown(event.currentTarget.open)}>
      <summary>
        {title}
        {remark === "" ? null : <span className="dim">{remark}</span>}
      </summary>
      {children}
    </details>
  );
}
