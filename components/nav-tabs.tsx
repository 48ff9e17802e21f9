"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";

/** Tabs that are pages of their own; the open one is marked by its address. */
export function NavTabs({ label, tabs }: { label: string; tabs: readonly { href: string; label: string }[] }) {
  const path = usePathname();
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map((tab) => (
        <Link
          key={tab.href}
          href={tab.href}
          prefetch={false}
          {...(path === tab.href ? { "aria-current": "page" as const } : {})}
        >
          {tab.label}
        </Link>
      ))}
    </nav>
  );
}
