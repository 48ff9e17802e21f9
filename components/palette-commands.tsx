"use client";

import { Command } from "cmdk";
import { useRouter } from "next/navigation";
import { type KeyboardEvent, useDeferredValue, useEffect, useRef, useState } from "react";
import { holdsWords } from "@/lib/words";
import { visible } from "./name";
import type { PaletteProps } from "./palette";
import { useHits } from "./palette-hits";

/** Keys by which a person chooses another row than the first. */
const movesChoice = ({ key, ctrlKey }: KeyboardEvent): boolean =>
  ["ArrowDown", "ArrowUp", "Home", "End"].includes(key) || (ctrlKey && ["n", "p", "j", "k"].includes(key));

/** The palette's list: what was typed whole, pages by their names, rows of the API by their text, and searches of whole lists. */
export function PaletteCommands({
  pages,
  sources,
  facets,
  unknown,
  searches,
  onDone,
}: PaletteProps & { onDone: () => void }) {
  const router = useRouter();
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState("");
  const asked = useDeferredValue(text.trim());
  const { whole, groups, isFetching, failed } = useHits({ sources, facets }, asked);
  const go = (href: string) => {
    onDone();
    router.push(href);
  };
  const shown = pages.filter((page) => holdsWords(page.label, asked));
  const first = [
    ...whole.map(({ href }) => `whole ${href}`),
    ...shown.map(({ href }) => `page ${href}`),
    ...groups.flatMap(({ heading, rows }) => rows.map(({ id }) => `${heading} ${id}`)),
  ][0];
  const moved = useRef(false);
  // Rows come after a search was offered, and Enter shall not take that one unless somebody chose it.
  useEffect(() => {
    if (first !== undefined && !moved.current) setChosen(first);
  }, [first]);
  const nothing = unknown.find(({ pattern }) => new RegExp(pattern, "i").test(asked));
  return (
    <Command
      label="Go to"
      shouldFilter={false}
      className="palette"
      loop
      value={chosen}
      onValueChange={setChosen}
      onKeyDown={(event) => {
        if (movesChoice(event)) moved.current = true;
      }}
      onPointerMove={() => {
        moved.current = true;
      }}
    >
      <Command.Input
        value={text}
        onValueChange={(given) => {
          moved.current = false;
          setText(given);
        }}
        placeholder="Page, cluster, control, namespace, or text"
        maxLength={200}
        autoFocus
      />
      <Command.List>
        {isFetching ? <Command.Loading>Searching</Command.Loading> : null}
        <Command.Empty>Nothing by that name</Command.Empty>
        {whole.length === 0 ? null : (
          <Command.Group heading="By that name">
            {whole.map((hit) => (
              <Command.Item key={hit.href} value={`whole ${hit.href}`} onSelect={() => go(hit.href)}>
                <bdi className="el">{visible(hit.title)}</bdi>
                {hit.remark === undefined ? null : <span className="dim sm el">{visible(hit.remark)}</span>}
              </Command.Item>
            ))}
          </Command.Group>
        )}
        {shown.length === 0 ? null : (
          <Command.Group heading="Pages">
            {shown.map((page) => (
              <Command.Item key={page.href} value={`page ${page.href}`} onSelect={() => go(page.href)}>
                {page.label}
              </Command.Item>
            ))}
          </Command.Group>
        )}
        {groups.map(({ heading, rows }) =>
          rows.length === 0 ? null : (
            <Command.Group key={heading} heading={heading}>
              {rows.map((row) => (
                <Command.Item key={row.id} value={`${heading} ${row.id}`} onSelect={() => go(row.href)}>
                  <bdi className="el">{visible(row.title)}</bdi>
                </Command.Item>
              ))}
            </Command.Group>
          ),
        )}
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
      {nothing === undefined ? null : <p className="note">{nothing.words}</p>}
      {failed ? <p className="note">Clusters, controls and namespaces could not be searched; pages can be.</p> : null}
    </Command>
  );
}
