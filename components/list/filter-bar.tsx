"use client";

import { type RefObject, useEffect, useRef, useState } from "react";
import { Button } from "../button";
import { Dialog } from "../dialog";
import { Icon } from "../icon";
import { Chips } from "./chips";
import { Facets } from "./facets";
import type { ListCounts } from "./fetch";
import { clearedOf, type ListRow, type ListSpec } from "./spec";
import type { ListState } from "./state";

const TYPED_MS = 250;

interface FilterBarProps<Row extends ListRow> {
  spec: ListSpec<Row>;
  state: ListState;
  counts: ListCounts | undefined;
  change: (patch: Partial<ListState>, how?: "push" | "replace") => void;
  search: RefObject<HTMLInputElement | null>;
}

/** Search, chips, and where the facets have no room at the side, the button that opens them as a sheet. */
export function FilterBar<Row extends ListRow>({ spec, state, counts, change, search }: FilterBarProps<Row>) {
  const [text, setText] = useState(state.q);
  const [sheet, setSheet] = useState(false);
  const sent = useRef(state.q);
  const before = useRef<EventTarget | null>(null);
  // The address changed by something else than typing: show what it says.
  useEffect(() => {
    if (state.q === sent.current) return;
    sent.current = state.q;
    setText(state.q);
  }, [state.q]);
  useEffect(() => {
    if (text.trim() === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = text.trim();
      change({ q: text.trim() }, "replace");
    }, TYPED_MS);
    return () => clearTimeout(timer);
  }, [text, change]);
  const chosen = Object.keys(state.filters).length - Object.keys(clearedOf(spec, state.filters)).length;
  return (
    <div className="filters">
      {spec.search === undefined ? null : (
        <div className="search">
          <Icon name="search" />
          <input
            ref={search}
            type="search"
            value={text}
            onChange={(event) => setText(event.target.value)}
            onFocus={(event) => {
              before.current = event.relatedTarget;
            }}
            onKeyDown={(event) => {
              if (event.key !== "Escape") return;
              event.currentTarget.blur();
              if (before.current instanceof HTMLElement) before.current.focus();
            }}
            aria-label={`Search ${spec.noun.many}`}
            placeholder={spec.search}
            maxLength={200}
            spellCheck={false}
            autoComplete="off"
          />
          <kbd>/</kbd>
        </div>
      )}
      {spec.facets.length === 0 ? null : (
        <span className="sheet-button">
          <Dialog
            open={sheet}
            onOpenChange={setSheet}
            title="Filters"
            trigger={<Button icon="filter">Filters{chosen === 0 ? "" : `: ${chosen}`}</Button>}
          >
            <Facets spec={spec} state={state} counts={counts} change={change} onApplied={() => setSheet(false)} />
          </Dialog>
        </span>
      )}
      <Chips spec={spec} state={state} counts={counts} change={change} />
    </div>
  );
}
