"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";

/** Escape closes the drawer; J and K walk the list; focus goes to the drawer when it opens and back to its row when it closes. */
export function DrawerKeys({
  close,
  next,
  previous,
  row,
}: {
  close: string;
  next: string | null;
  previous: string | null;
  row: string;
}) {
  const router = useRouter();
  const anchor = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    anchor.current?.focus({ preventScroll: true });
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return;
      const to = event.key === "Escape" ? close : event.key === "j" ? next : event.key === "k" ? previous : null;
      if (to === null) return;
      router.replace(to, { scroll: false });
      if (event.key === "Escape") document.getElementById(row)?.focus();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [router, close, next, previous, row]);
  return <span ref={anchor} tabIndex={-1} className="vh" />;
}
