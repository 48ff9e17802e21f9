"use client";

import { usePathname } from "next/navigation";
import { type ReactNode, useEffect, useRef } from "react";

/** Where it has more than is in sight: the style sheet fades that edge. */
function tellEdges(nav: HTMLElement): void {
  const rest = nav.scrollWidth - nav.clientWidth - nav.scrollLeft;
  nav.dataset.before = String(nav.scrollLeft > 1);
  nav.dataset.after = String(rest > 1);
}

/** The navigation of a part of the console: a column, or on a narrow screen a strip that scrolls to the page that is open. */
export function Subnav({ label, children }: { label: string; children: ReactNode }) {
  const box = useRef<HTMLElement>(null);
  const path = usePathname();
  useEffect(() => {
    const nav = box.current;
    if (nav === null) return;
    const current = nav.querySelector("[aria-current]");
    if (current !== null) {
      const [entry, frame] = [current.getBoundingClientRect(), nav.getBoundingClientRect()];
      nav.scrollLeft += entry.left + entry.width / 2 - (frame.left + frame.width / 2);
    }
    const tell = () => tellEdges(nav);
    tell();
    nav.addEventListener("scroll", tell, { passive: true });
    const observer = new ResizeObserver(tell);
    observer.observe(nav);
    return () => {
      nav.removeEventListener("scroll", tell);
      observer.disconnect();
    };
  }, [path]); // another page is another entry to bring into sight
  return (
    <nav ref={box} aria-label={label} className="subnav">
      {children}
    </nav>
  );
}
