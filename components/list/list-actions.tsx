"use client";

import { Button } from "../button";
import { Menu, MenuCheck, MenuItem, MenuLabel, MenuLine, MenuLink } from "../menu";
import { isShown } from "./data-table";
import type { ListRow, ListSpec } from "./spec";
import type { ListState } from "./state";

interface ListActionsProps<Row extends ListRow> {
  spec: ListSpec<Row>;
  state: ListState;
  query: string;
  change: (patch: Partial<ListState>, how?: "push" | "replace") => void;
}

/** Which columns, and the rows as a file: always the rows of the filter that is seen. */
export function ListActions<Row extends ListRow>({ spec, state, query, change }: ListActionsProps<Row>) {
  const optional = spec.columns.filter((column) => column.optional !== undefined);
  const shown = optional.filter((column) => isShown(column, state.columns)).map((column) => column.id);
  const set = (id: string, on: boolean) => {
    const next = optional.map((column) => column.id).filter((each) => (each === id ? on : shown.includes(each)));
    const usual = optional.filter((column) => column.optional === "on").map((column) => column.id);
    change({ columns: next.join() === usual.join() ? null : next }, "replace");
  };
  const file = (format: string) => `${spec.api}/export?${query === "" ? "" : `${query}&`}format=${format}`;
  return (
    <>
      {optional.length === 0 ? null : (
        <Menu
          trigger={
            <Button icon="columns" className="wide">
              Columns
            </Button>
          }
        >
          <MenuLabel>Columns</MenuLabel>
          {optional.map((column) => (
            <MenuCheck key={column.id} checked={shown.includes(column.id)} onChange={(on) => set(column.id, on)}>
              {column.head}
            </MenuCheck>
          ))}
          <MenuLine />
          <MenuItem onSelect={() => change({ columns: null }, "replace")}>The usual columns</MenuItem>
        </Menu>
      )}
      {spec.exports === true ? (
        <Menu trigger={<Button icon="download">Export</Button>}>
          <MenuLabel>All rows under this filter</MenuLabel>
          <MenuLink href={file("csv")} download>
            CSV
          </MenuLink>
          <MenuLink href={file("jsonl")} download>
            JSON Lines
          </MenuLink>
        </Menu>
      ) : null}
    </>
  );
}
