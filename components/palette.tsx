"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { Dialog } from "./dialog";
import { Icon } from "./icon";
import { usePageKeys } from "./list/keys";
import { usePaletteKey } from "./palette-key";

export interface PaletteItem {
  href: string;
  label: string;
}
/** A list of the API that the palette searches by text. */
export interface PaletteSource {
  heading: string;
  /** Address with its fixed parameters; `q` and `size` are added. */
  address: string;
  /** Fields of a row: what is shown, and what is put after `href`. */
  title: string;
  id: string;
  href: string;
}
/** Values of a facet that are places of their own: a whole value typed leads to lists of it. */
export interface PaletteFacet {
  noun: string;
  /** The list that counts them. */
  api: string;
  facet: string;
  /** What a value may be: nothing else is asked for. */
  pattern: string;
  /** Pages that take the value as the parameter of the facet's name. */
  pages: readonly PaletteItem[];
}
export interface PaletteProps {
  pages: readonly PaletteItem[];
  sources: readonly PaletteSource[];
  /** Asked for a whole value. */
  facets: readonly PaletteFacet[];
  /** What is known of no text of a shape, and why. */
  unknown: readonly { pattern: string; words: string }[];
  /** Pages that take a text search as `q`. */
  searches: readonly PaletteItem[];
}

const Commands = dynamic(() => import("./palette-commands").then((module) => module.PaletteCommands), { ssr: false });

const KEYS: readonly [keys: string, what: string][] = [
  ["Ctrl K", "Go to a page, a cluster, a control, a namespace, or search"],
  ["/", "Search this page's list"],
  ["J, K or arrows", "Walk the list"],
  ["Enter", "Open the row beside the list"],
  ["X", "Select the row; with Shift on its box, a range"],
  ["Esc", "Close what is open"],
  ["?", "These keys"],
];

/** The way to everywhere, by Ctrl-K, and the keys of the console, by `?`. Its code is loaded when it is first opened. */
export function Palette(props: PaletteProps) {
  const [open, setOpen] = useState(false);
  const [help, setHelp] = useState(false);
  usePaletteKey(() => setOpen((now) => !now));
  usePageKeys((event) => {
    if (event.key === "?") setHelp(true);
    else if (event.key === "/") {
      const search = document.querySelector<HTMLInputElement>("main .search input");
      if (search === null) setOpen(true);
      else search.focus();
    } else return;
    event.preventDefault();
  });
  return (
    <>
      <button type="button" className="jump" onClick={() => setOpen(true)} aria-keyshortcuts="Control+K">
        <Icon name="search" />
        Search
        <kbd>Ctrl K</kbd>
      </button>
      <Dialog open={open} onOpenChange={setOpen} title="Go to" bare>
        <Commands {...props} onDone={() => setOpen(false)} />
      </Dialog>
      <Dialog open={help} onOpenChange={setHelp} title="Keys">
        <dl className="keys">
          {KEYS.map(([keys, what]) => (
            <div key={keys}>
              <dt>
                <kbd>{keys}</kbd>
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
      </Dialog>
    </>
  );
}
