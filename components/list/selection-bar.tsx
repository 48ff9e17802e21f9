"use client";

import type { RowSelectionState } from "@tanstack/react-table";
import { Button } from "../button";
import { plural } from "../format";
import { say } from "../status";
import type { ListRow, ListSpec } from "./spec";

interface SelectionBarProps<Row extends ListRow> {
  spec: ListSpec<Row>;
  items: readonly Row[];
  selected: RowSelectionState;
  clear: () => void;
}

/** What is selected, and what can be done with it. */
export function SelectionBar<Row extends ListRow>({ spec, items, selected, clear }: SelectionBarProps<Row>) {
  if (Object.keys(selected).length === 0) return null;
  const chosen = items.filter((row) => selected[spec.rowId(row)] === true);
  if (chosen.length === 0) return null;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(chosen.map(spec.rowLabel).join("\n"));
      say(`Copied ${plural(chosen.length, "line")}`);
    } catch {
      say("The browser does not let this page copy");
    }
  };
  return (
    <section className="float" aria-label="Selection">
      <b style={{ fontWeight: 600 }}>{plural(chosen.length, spec.noun.one, spec.noun.many)} selected</b>
      <Button small icon="copy" onClick={copy}>
        Copy as text
      </Button>
      {spec.selection?.(chosen)}
      <Button small variant="ghost" onClick={clear}>
        Clear
      </Button>
    </section>
  );
}
