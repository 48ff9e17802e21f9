import Link from "next/link";
import type { ReactNode } from "react";
import { visible } from "./name";

interface SectionProps {
  title: string;
  remark?: ReactNode;
  more?: { href: string; label: string };
  className?: string;
  children: ReactNode;
}

/** A strong hairline, a head, one quiet remark, at most one link. Never a box. */
export function Section({ title, remark, more, className = "", children }: SectionProps) {
  return (
    <section className={`sec ${className}`.trim()} aria-label={title}>
      <header>
        <h2>{title}</h2>
        {remark === undefined ? null : <span className="dim">{remark}</span>}
        {more === undefined ? null : (
          <Link className="to lnk" href={more.href} prefetch={false}>
            {more.label}
          </Link>
        )}
      </header>
      {children}
    </section>
  );
}

/** The head of a page: title, one line below, actions at the right. */
export function PageHead({
  title,
  sub,
  crumbs,
  children,
}: {
  title: string;
  sub?: ReactNode;
  crumbs?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <div className="head">
      <div className="grow">
        {crumbs === undefined ? null : <p className="crumb">{crumbs}</p>}
        <h1 className="wrap">
          <bdi>{visible(title)}</bdi>
        </h1>
        {sub === undefined ? null : <p className="sub">{sub}</p>}
      </div>
      {children === undefined ? null : <div className="btns">{children}</div>}
    </div>
  );
}
