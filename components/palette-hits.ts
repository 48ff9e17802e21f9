import { useQueries } from "@tanstack/react-query";
import { withParameters } from "./address";
import { fetchCounts, fetchPage } from "./list/fetch";
import type { PaletteProps, PaletteSource } from "./palette";

/** Rows of a list that are looked through for the one that was typed whole; fewer are shown. */
const LOOKED_AT = 20;
const SHOWN = 6;

/** One way that the palette offers. */
export interface Hit {
  href: string;
  title: string;
  /** What it leads to, where the title does not say it. */
  remark?: string;
}
interface Row {
  id: string;
  title: string;
}

async function find(source: PaletteSource, text: string, signal: AbortSignal): Promise<Row[]> {
  const [api = "", fixed = ""] = source.address.split("?");
  const params = new URLSearchParams(fixed);
  params.set("q", text);
  const page = await fetchPage<Record<string, unknown>>(api, params.toString(), null, signal, LOOKED_AT);
  return page.items.map((row) => ({ id: String(row[source.id]), title: String(row[source.title]) }));
}

const isWhole = (text: string, row: Row): boolean =>
  [row.id, row.title].some((word) => word.toLowerCase() === text.toLowerCase());

/** Rows of the API by their text, and what was typed whole: a name, an id, or a value of a facet. */
export function useHits({ sources, facets }: Pick<PaletteProps, "sources" | "facets">, text: string) {
  const found = useQueries({
    queries: sources.map((source) => ({
      queryKey: ["palette", source.address, text],
      queryFn: ({ signal }: { signal: AbortSignal }) => find(source, text, signal),
      placeholderData: (before: Row[] | undefined) => before,
      retry: false,
    })),
  });
  const valued = useQueries({
    queries: facets.map(({ api, facet, pattern }) => ({
      queryKey: ["palette", api, facet, text],
      queryFn: async ({ signal }: { signal: AbortSignal }) =>
        (await fetchCounts(api, "", [facet], text, signal)).facets[facet] ?? [],
      enabled: new RegExp(pattern).test(text),
      retry: false,
    })),
  });
  const groups = sources.map((source, index) => ({
    heading: source.heading,
    rows: (found[index]?.data ?? []).map((row) => ({ ...row, href: `${source.href}${row.id}` })),
  }));
  const whole: Hit[] =
    text === ""
      ? []
      : [
          ...groups.flatMap(({ heading, rows }) =>
            rows
              .filter((row) => isWhole(text, row))
              .map(({ href, title, id }) => ({
                href,
                title,
                remark: title.toLowerCase() === text.toLowerCase() ? heading : id,
              })),
          ),
          ...facets.flatMap(({ noun, facet, pages }, index) =>
            (valued[index]?.data ?? [])
              .filter(({ value, count }) => value === text && count > 0)
              .flatMap(({ value }) =>
                pages.map(({ href, label }) => ({
                  href: withParameters(href, { [facet]: value }),
                  title: label,
                  remark: `${noun} ${value}`,
                })),
              ),
          ),
        ];
  const taken = new Set(whole.map(({ href }) => href));
  return {
    whole,
    groups: groups.map(({ heading, rows }) => ({
      heading,
      rows: rows.filter(({ href }) => !taken.has(href)).slice(0, SHOWN),
    })),
    isFetching: [...found, ...valued].some((answer) => answer.isFetching),
    failed: [...found, ...valued].some((answer) => answer.isError),
  };
}
