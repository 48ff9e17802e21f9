import type { ReactNode } from "react";
import { Brand } from "@/components/brand";
import { CarriedFilter } from "@/components/carried";
import { Icon } from "@/components/icon";
import { Live } from "@/components/live";
import { visible } from "@/components/name";
import { NavLink } from "@/components/nav-link";
import { Palette } from "@/components/palette";
import { PaletteButton } from "@/components/palette-button";
import { QueryCache } from "@/components/query";
import { ReaderClock } from "@/components/reader";
import { ReaderZone } from "@/components/reader-zone";
import { StatusLine } from "@/components/status";
import { ThemeSwitch } from "@/components/theme-switch";
import { signOut } from "@/domain/access/actions";
import { strongestRole } from "@/domain/access/scope";
import { requireScope } from "@/domain/access/session";
import { AccountSwitch } from "@/domain/accounts/components/account-switch";
import { navigationCounts } from "@/domain/accounts/queries";
import { readerZone } from "../zone";
import { sectionsFor } from "./settings/sections";

const SOURCES = [
  { heading: "Clusters", address: "/api/v1/clusters", title: "name", id: "id", href: "/clusters/" },
  {
    heading: "Controls",
    address: "/api/v1/recommendations?state=unhealthy,healthy,exempted,not-evaluated,not-applicable",
    title: "title",
    id: "id",
    href: "/recommendations/",
  },
] as const;
const FACETS = [
  {
    noun: "namespace",
    api: "/api/v1/inventory",
    facet: "namespace",
    pattern: "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$",
    pages: [
      { href: "/findings", label: "Findings" },
      { href: "/inventory", label: "Inventory" },
    ],
  },
] as const;
const UNKNOWN = [
  {
    pattern: "^(CVE-\\d|GHSA-)",
    words:
      "Images are not scanned for vulnerabilities, so nothing is known of this one, neither that it is here nor that it is not.",
  },
];
const SEARCHES = [
  { href: "/findings", label: "Findings" },
  { href: "/inventory", label: "Workloads, pods and images" },
] as const;

/** Pages that take `account` as a filter. */
const BY_ACCOUNT = [
  ...["/", "/findings", "/recommendations", "/recommendations/", "/clusters", "/inventory", "/scans", "/score-history"],
  ...["/compliance", "/compliance/", "/exemptions", "/accounts"],
];

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const scope = await requireScope();
  const [counts, zone] = await Promise.all([navigationCounts(scope), readerZone()]);
  const initials = scope.actor
    .split(/\s+/)
    .map((word) => word[0] ?? "")
    .join("")
    .slice(0, 2)
    .toUpperCase();
  const items = [
    [
      { href: "/", label: "Overview" },
      { href: "/findings", label: "Findings", amount: counts.findings },
      { href: "/recommendations", label: "Recommendations", amount: counts.recommendations },
      { href: "/compliance", label: "Compliance" },
      { href: "/exemptions", label: "Exemptions" },
      { href: "/score-history", label: "Score history" },
    ],
    [
      { href: "/clusters", label: "Clusters", amount: counts.clusters },
      { href: "/inventory", label: "Inventory", opens: { type: "workload", part: "own" } },
      { href: "/scans", label: "Scans" },
    ],
    [
      { href: "/accounts", label: "Accounts", amount: counts.accounts },
      { href: "/settings", label: "Settings" },
    ],
  ];
  const lists = items.map((group) => (
    <ul key={group[0]?.href}>
      {group.map((item) => (
        <li key={item.href}>
          <NavLink {...item} />
        </li>
      ))}
    </ul>
  ));
  return (
    <QueryCache>
      <ReaderClock zone={zone} now={Date.now()}>
        <a className="skip" href="#main">
          Skip to content
        </a>
        <ReaderZone known={zone} />
        <CarriedFilter name="account" pages={BY_ACCOUNT}>
          <div className="shell">
            <nav className="side" aria-label="Main">
              <div className="in">
                <Brand />
                <AccountSwitch amount={counts.accounts} />
                <Palette
                  pages={[...items.flat(), ...sectionsFor(scope)]}
                  sources={SOURCES}
                  facets={FACETS}
                  unknown={UNKNOWN}
                  searches={SEARCHES}
                />
                {lists}
                <div className="foot">
                  {scope.grants.length === 0 ? null : <Live timeZone={zone} />}
                  <div className="who">
                    <span className="av" aria-hidden="true">
                      {initials}
                    </span>
                    <bdi className="name" title={scope.actor}>
                      {visible(scope.actor)}
                    </bdi>
                    <span className="role">{strongestRole(scope) ?? "No role"}</span>
                    <form action={signOut}>
                      <button type="submit" className="ib" aria-label="Sign out">
                        <Icon name="out" />
                      </button>
                    </form>
                    <ThemeSwitch />
                  </div>
                </div>
              </div>
            </nav>
            <div>
              <header className="top">
                <Brand bare />
                <AccountSwitch amount={counts.accounts} />
                <span className="spacer" />
                <PaletteButton />
                <ThemeSwitch />
                <details className="menu">
                  <summary className="ib" aria-label="Menu">
                    <Icon name="menu" />
                  </summary>
                  <nav className="sheet" aria-label="Menu">
                    {lists}
                    <form action={signOut} className="acts">
                      <button type="submit" className="btn">
                        Sign out
                      </button>
                    </form>
                  </nav>
                </details>
              </header>
              <main id="main">{children}</main>
            </div>
          </div>
        </CarriedFilter>
        <StatusLine />
      </ReaderClock>
    </QueryCache>
  );
}
