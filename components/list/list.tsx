"use client";

import { useQueryClient } from "@tanstack/react-query";
import type { RowSelectionState } from "@tanstack/react-table";
import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { count } from "../format";
import { PageHead } from "../section";
import { ChangedNote } from "./changed-note";
import { DataTable } from "./data-table";
import { Drawer } from "./drawer";
import { Facets } from "./facets";
import { FilterBar } from "./filter-bar";
import { focusRow } from "./focus-row";
import { usePageKeys } from "./keys";
import { ListActions } from "./list-actions";
import { ListStates } from "./list-states";
import { ListToggle } from "./list-toggle";
import { SelectionBar } from "./selection-bar";
import { clearedOf, isToggled, type ListRow, type ListSpec } from "./spec";
import { CHANGED_KEY, type InitialList, LIST_KEY, useListData, useListState } from "./use-list";
import { type SavedView, Views } from "./views";

export interface DataListProps<Row extends ListRow> {
  spec: ListSpec<Row>;
  title: string;
  initial: InitialList<Row> | null;
  /** What could not be looked at, with what to do: shown above the rows. */
  notice?: ReactNode;
  /** Something could not be looked at, so "nothing" must not be said. */
  blind?: boolean;
  /** Draws the open row, on the server. */
  drawer?: (id: string) => Promise<ReactNode>;
  initialDrawer?: { id: string; node: ReactNode } | null;
  saved?: readonly SavedView[];
  onSave?: (path: string, name: string, query: string) => Promise<{ problem?: string }>;
  onForget?: (id: string) => Promise<{ problem?: string }>;
}

/** A page that is one long list: filters, views, table, drawer. Its whole state is its address. */
export function DataList<Row extends ListRow>(props: DataListProps<Row>) {
  const { spec, title, initial, notice } = props;
  const { state, query, change, hrefOf } = useListState(spec);
  const { rows, counts, items } = useListData(spec, query, initial);
  const client = useQueryClient();
  const [active, setActive] = useState<string | null>(null);
  const [selected, setSelected] = useState<RowSelectionState>({});
  const search = useRef<HTMLInputElement>(null);
  const back = useRef<string | null>(null);
  const cleared = clearedOf(spec, state.filters);
  const filtered = Object.keys(state.filters).length > Object.keys(cleared).length || state.q !== "";
  const total = counts.data?.total ?? null;
  const drawerOpen = props.drawer !== undefined && state.open !== null;
  useEffect(() => setSelected({}), [query]);

  const open = useCallback(
    (id: string) => {
      setActive(id);
      change({ open: id }, state.open === null ? "push" : "replace");
    },
    [change, state.open],
  );
  const close = useCallback(() => {
    back.current = state.open;
    change({ open: null });
  }, [change, state.open]);
  // Not when it is asked for: the drawer goes, and the table takes its room back, in a later frame.
  useEffect(() => {
    if (drawerOpen || back.current === null) return;
    focusRow(back.current);
    back.current = null;
  }, [drawerOpen]);
  const at = items.findIndex((row) => spec.rowId(row) === (state.open ?? active));
  const step = (by: 1 | -1) => {
    const row = items[at < 0 ? 0 : Math.min(items.length - 1, Math.max(0, at + by))];
    if (row === undefined) return;
    const id = spec.rowId(row);
    if (drawerOpen) return open(id);
    setActive(id);
    focusRow(id);
  };
  usePageKeys((event) => {
    const key = event.key;
    if (key === "j" || key === "ArrowDown") step(1);
    else if (key === "k" || key === "ArrowUp") step(-1);
    else if (key === "Escape" && drawerOpen) close();
    else if (key === "x" && (state.open ?? active) !== null) {
      const id = state.open ?? active ?? "";
      setSelected(({ [id]: on, ...rest }) => (on === true ? rest : { ...rest, [id]: true }));
    } else if (
      key === "Enter" &&
      active !== null &&
      spec.open !== undefined &&
      document.activeElement === document.body
    )
      open(active);
    else return;
    event.preventDefault();
  });
  const fetchMore = useCallback(() => {
    if (!rows.isFetching && !rows.isFetchNextPageError) void rows.fetchNextPage();
  }, [rows.isFetching, rows.isFetchNextPageError, rows.fetchNextPage]);
  /** From the top again: a list of many pages is not asked for page by page. */
  const restart = () => {
    window.scrollTo({ top: 0 });
    client.setQueryData([CHANGED_KEY, spec.api, query], false);
    void client.resetQueries({ queryKey: [LIST_KEY, spec.api, query] });
  };
  const hrefOfRow = (row: Row): string => spec.rowHref?.(row) ?? hrefOf({ open: spec.rowId(row) });

  const list = (
    <div className={drawerOpen ? "fl" : ""}>
      <PageHead
        title={title}
        sub={
          total === null || counts.isPlaceholderData ? (
            counts.isError ? (
              "The number could not be read"
            ) : (
              "Counting"
            )
          ) : (
            <>
              {counts.data?.exact === false ? "At least " : ""}
              {count(total)} {total === 1 ? spec.noun.one : spec.noun.many}
              {filtered ? " under this filter" : ""}, {state.sort === null ? spec.order : "in your order"}
              {isToggled(spec, state.filters) ? `; ${spec.toggle?.said}` : ""}
            </>
          )
        }
      >
        {spec.toggle === undefined ? null : (
          <ListToggle toggle={spec.toggle} state={state} hrefOf={hrefOf} change={change} />
        )}
        <ListActions spec={spec} state={state} query={query} change={change} />
      </PageHead>
      <Views
        spec={spec}
        filtered={filtered || state.sort !== null || state.columns !== null}
        address={hrefOf({ open: null })}
        saved={props.saved ?? []}
        {...(props.onSave === undefined ? {} : { onSave: props.onSave })}
        {...(props.onForget === undefined ? {} : { onForget: props.onForget })}
      />
      <FilterBar spec={spec} state={state} counts={counts.data} change={change} search={search} />
      <div className={spec.facets.length === 0 ? "" : "fgrid"} data-stale={counts.isPlaceholderData}>
        {spec.facets.length === 0 ? null : <Facets spec={spec} state={state} counts={counts.data} change={change} />}
        <div className={spec.facets.length === 0 ? "" : "fmain"}>
          {notice}
          <ListStates
            spec={spec}
            rows={rows}
            amount={items.length}
            filtered={filtered}
            blind={props.blind ?? false}
            clear={() => change({ filters: cleared, q: "" })}
          />
          {items.length === 0 ? null : (
            <DataTable
              spec={spec}
              items={items}
              total={total}
              sort={state.sort}
              onSort={(sort) => change({ sort })}
              columns={state.columns}
              openId={drawerOpen ? state.open : null}
              activeId={active}
              onOpen={open}
              hrefOf={hrefOfRow}
              selected={selected}
              onSelect={setSelected}
              more={rows.hasNextPage}
              fetchMore={fetchMore}
              stale={rows.isPlaceholderData}
            />
          )}
        </div>
      </div>
      <div className="floats">
        {items.length === 0 ? null : <ChangedNote api={spec.api} query={query} restart={restart} />}
        <SelectionBar spec={spec} items={items} selected={selected} clear={() => setSelected({})} />
      </div>
    </div>
  );
  if (props.drawer === undefined) return list;
  return (
    <div className={drawerOpen ? "withdrawer" : ""}>
      {list}
      {drawerOpen && state.open !== null ? (
        <Drawer
          id={state.open}
          draw={props.drawer}
          initial={props.initialDrawer ?? null}
          noun={spec.noun.one}
          position={at < 0 ? null : { at, total: total ?? items.length }}
          onStep={step}
          onClose={close}
        />
      ) : null}
    </div>
  );
}
