import Link from "next/link";
import type { ReactNode } from "react";
import { Icon } from "./icon";

/** A column's head in a table that the server renders. With `sort` it is a link; the figure column says `num`. */
export function TableHead({
  children,
  num = false,
  hidden = false,
  className = "",
  sort,
}: {
  children: ReactNode;
  num?: boolean;
  /** For assistive technology only, e.g. a column of buttons. */
  hidden?: boolean;
  className?: string;
  sort?: { href: string; direction: "ascending" | "descending" | null };
}) {
  const classes = `${num ? "num " : ""}${className}`.trim();
  return (
    <th
      scope="col"
      {...(classes === "" ? {} : { className: classes })}
      {...(sort?.direction ? { "aria-sort": sort.direction } : {})}
    >
      {hidden ? (
        <span className="vh">{children}</span>
      ) : sort === undefined ? (
        children
      ) : (
        <Link className="sort" href={sort.href} prefetch={false} scroll={false}>
          {children}
          {sort.direction === null ? null : <Icon small name={sort.direction === "ascending" ? "up" : "down"} />}
        </Link>
      )}
    </th>
  );
}
