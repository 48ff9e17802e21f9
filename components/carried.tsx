"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from "react";

interface Carried {
  /** What the address says; what the last page that follows it said, where this page does not. */
  values: readonly string[];
  /** Whether this page shows what the filter says. */
  follows: boolean;
  /** An address of the console with the filter in it, where its page follows it. */
  hrefOf: (href: string) => string;
}

const None: Carried = { values: [], follows: false, hrefOf: (href) => href };
const Context = createContext<Carried>(None);

interface Props {
  /** The filter's name in addresses. */
  name: string;
  /** Paths of the pages that follow it; of one with a slash at its end, those below. */
  pages: readonly string[];
  children: ReactNode;
}

/** A filter of the address that the navigation takes along: from list to list, over pages in between that have no use for it. */
export function CarriedFilter({ name, pages, children }: Props) {
  const path = usePathname();
  const said = useSearchParams().get(name) ?? "";
  const [last, setLast] = useState("");
  const isFollowing = useCallback(
    (at: string) => pages.some((page) => at === page || (page.length > 1 && page.endsWith("/") && at.startsWith(page))),
    [pages],
  );
  const follows = isFollowing(path);
  useEffect(() => {
    if (follows) setLast(said);
  }, [follows, said]);
  const value = follows ? said : last;
  const carried = useMemo(
    (): Carried => ({
      values: value.split(",").filter((each) => each !== ""),
      follows,
      hrefOf: (href) =>
        value !== "" && isFollowing(href) ? `${href}?${new URLSearchParams({ [name]: value })}` : href,
    }),
    [value, follows, isFollowing, name],
  );
  return <Context.Provider value={carried}>{children}</Context.Provider>;
}

export const useCarried = (): Carried => useContext(Context);
