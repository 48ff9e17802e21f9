"use client";

import { keepPreviousData, useQueries } from "@tanstack/react-query";
import { Command } from "cmdk";
import { useRouter } from "next/navigation";
import { useDeferredValue, useState } from "react";
import { fetchPage } from "./list/fetch";
import { visible } from "./name";
import type { PaletteProps, PaletteSource } from "./palette";

const MOST = 6;

async function find(
  source: PaletteSource,
  text: string,
  signal: AbortSignal,
): Promise<{ id: string; title: string }[]> {
  const [api = "", fixed = ""] = source.address.split("?");
  const params = new URLSearchParams(fixed);
  params.set("q", text);
  const page = await fetchPage<Record<string, unknown>>(api, params.toString(), null, signal, MOST);
  return page.items.map((row) => ({ id: String(row[source.id]), title: String(row[source.title]) }));
}

/** The palette's list: pages by their names, rows of the API by their text, and searches of whole lists. */
export function PaletteCommands({ pages, sources, searches, onDone }: PaletteProps & { onDone: () => void }) {
  const router = useRouter();
  const [text, setText] = useState("");
  const asked = useDeferredValue(text.trim());
  const found = useQueries({
    queries: sources.map((source) => ({
      queryKey: ["palette", source.address, asked],
      queryFn: ({ signal }: { signal: AbortSignal }) => find(source, asked, signal),
      placeholderData: keepPreviousData,
      retry: false,
    })),
  });
  const go = (href: string) => {
    onDone();
    router.push(href);
  };
  const needle = asked.toLowerCase();
  const shown = pages.filter((page) => page.label.toLowerCase().includes(needle));
  const failed = found.some((answer) => answer.isError);
  return (
    <Command label="Go to" shouldFilter={false} className="palette" loop>
      <Command.Input
        value={text}
        onValueChange={setText}
        placeholder="Page, cluster, control, or text"
        maxLength={200}
        autoFocus
      />
      <Command.List>
        {found.some((answer) => answer.isFetching) ? <Command.Loading>Searching</Command.Loading> : null}
        <Command.Empty>Nothing by that name</Command.Empty>
        {shown.length === 0 ? null : (
          <Command.Group heading="Pages">
            {shown.map((page) => (
              <Command.Item key={page.href} value={`page ${page.href}`} onSelect={() => go(page.href)}>
                {page.label}
              </Command.Item>
            ))}
          </Command.Group>
        )}
        {sources.map((source, index) => {
          const rows = found[index]?.data ?? [];
          return rows.length === 0 ? null : (
            <Command.Group key={source.heading} heading={source.heading}>
              {rows.map((row) => (
                <Command.Item
                  key={row.id}
                  value={`${source.heading} ${row.id}`}
                  onSelect={() => go(`${source.href}${row.id}`)}
                >
                  <bdi className="el">{visible(row.title)}</bdi>
                </Command.Item>
              ))}
            </Command.Group>
          );
        })}
        {asked === "" ? null : (
          <Command.Group heading="Search">
            {searches.map((search) => (
              <Command.Item
                key={search.href}
                value={`search ${search.href}`}
                onSelect={() => go(`${search.href}?${new URLSearchParams({ q: asked })}`)}
              >
                <span className="el">
                  {search.label} with “<bdi>{visible(asked)}</bdi>”
                </span>
              </Command.Item>
            ))}
          </Command.Group>
        )}
      </Command.List>
      {failed ? <p className="note">Clusters and controls could not be searched; pages can be.</p> : null}
    </Command>
  );
}
