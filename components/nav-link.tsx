"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { withParameters } from "./address";
import { useCarried } from "./carried";
import { count } from "./format";

/** A link of the navigation that knows whether its page is open. */
export function NavLink({
  href,
  label,
  amount,
  opens,
}: {
  href: string;
  label: string;
  amount?: number | undefined;
  /** How the page is opened from here, where it is not as it comes. */
  opens?: Readonly<Record<string, string>> | undefined;
}) {
  const path = usePathname();
  const { hrefOf } = useCarried();
  const to = hrefOf(href);
  const current = href === "/" ? path === "/" : path === href || path.startsWith(`${href}/`);
  return (
    <Link
      href={withParameters(to, opens ?? {})}
      prefetch={false}
      {...(current ? { "aria-current": "page" as const } : {})}
    >
      {label}
      {/* The amount is of all accounts: beside a link to one of them it would be wrong. */}
      {amount === undefined || to !== href ? null : <span className="n">{count(amount)}</span>}
    </Link>
  );
}
