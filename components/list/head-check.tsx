import type { RowSelectionState } from "@tanstack/react-table";
import type { Dispatch, SetStateAction } from "react";
import { count } from "../format";
import type { ListRow, ListSpec } from "./spec";

interface HeadCheckProps<Row extends ListRow> {
  spec: ListSpec<Row>;
  items: readonly Row[];
  /** Whether there are rows that are not loaded. */
  more: boolean;
  selected: RowSelectionState;
  onSelect: Dispatch<SetStateAction<RowSelectionState>>;
}

/** The box above the rows' boxes: it selects every row that is loaded, or, where all are, none. */
export function HeadCheck<Row extends ListRow>({ spec, items, more, selected, onSelect }: HeadCheckProps<Row>) {
  const chosen = items.filter((row) => selected[spec.rowId(row)] === true).length;
  const all = chosen === items.length;
  return (
    <input
      type="checkbox"
      className="ck"
      aria-label={`Select all ${count(items.length)} ${spec.noun.many}${more ? " loaded so far" : ""}`}
      checked={all}
      ref={(box) => {
        if (box !== null) box.indeterminate = chosen > 0 && !all;
      }}
      onChange={() => onSelect(all ? {} : Object.fromEntries(items.map((row) => [spec.rowId(row), true])))}
    />
  );
}
