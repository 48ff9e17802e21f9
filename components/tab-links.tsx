import Link from "next/link";

interface TabLink {
  href: string;
  label: string;
  current: boolean;
  amount?: string;
}

/** Parts of one page, each with its own address. */
export function TabLinks({ label, tabs }: { label: string; tabs: readonly TabLink[] }) {
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map((tab) => (
        <Link
          key={tab.href}
          href={tab.href}
          prefetch={false}
          scroll={false}
          {...(tab.current ? { "aria-current": "page" as const } : {})}
        >
          {tab.label}
          {tab.amount === undefined ? null : <span className="n">{tab.amount}</span>}
        </Link>
      ))}
    </nav>
  );
}
