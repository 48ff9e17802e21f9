import type { ReactNode } from "react";
import { type ListShape, type ListState, readState, rowsQuery, writeState } from "./state";

/** A row of the API: plain JSON. */
export type ListRow = Record<string, unknown>;

/** Where a cell goes when a row has no room for columns (720 px and less). */
type Narrow = "title" | "figure" | "rest" | "hidden";

export type RowLink = (content: ReactNode, title?: string) => ReactNode;

export interface ListColumn<Row extends ListRow> {
  id: string;
  head: string;
  /** For assistive technology only. */
  quiet?: boolean;
  /** `link` makes its content the row's own link; the title column calls it once. */
  cell: (row: Row, link: RowLink) => ReactNode;
  num?: boolean;
  /** CSS width on a wide screen; what is left goes to columns without one. */
  width?: string;
  /** The API's name of the column, when it can sort by it; `first` is the direction of the first press. */
  sort?: { by: string; first: "ascending" | "descending" };
  /** May be switched off; `off`: is off until switched on. */
  optional?: "on" | "off";
  narrow?: Narrow;
  /** Left out while a drawer takes the room. */
  roomy?: boolean;
}

export interface ListFacet {
  id: string;
  label: string;
  /** Order and words of a closed set of values; without it the counts' own labels and order hold. */
  options?: readonly { value: string; label: string; mark?: ReactNode }[];
  /** How many values are listed before "more". */
  shown?: number;
  /** Has no counts; `options` are all there is, one at a time. */
  single?: boolean;
}

export interface BuiltInView {
  name: string;
  query: string;
}

/** All that one list is made of. The parts that hold functions keep it in the browser. */
export interface ListSpec<Row extends ListRow> {
  /** The page's path. */
  path: string;
  /** The API's list. */
  api: string;
  noun: { one: string; many: string };
  columns: readonly ListColumn<Row>[];
  facets: readonly ListFacet[];
  /** Further parameters of the filter that have no facet of their own; `names`: what their values are called. */
  parameters?: readonly { id: string; label: string; names?: Readonly<Record<string, string>> }[];
  /** A parameter that a button puts into the address and takes out, and that selects no rows; `off` and `on`: the button's words; `said`: what the list then says of itself. */
  toggle?: { id: string; value: string; off: string; on: string; said: string };
  /** What the search box searches; none: the list has no text search. */
  search?: string;
  /** The list's own order, in words. */
  order: string;
  rowId: (row: Row) => string;
  /** The row in one line, for assistive technology and for what is copied. */
  rowLabel: (row: Row) => string;
  /** Rows that open a page of their own. */
  rowHref?: (row: Row) => string;
  /** In this order, which is the list's own, rows stand below a line that says what the next ones share. */
  headings?: { sort: string; of: (row: Row) => { id: string; title: string; remark?: string } };
  /** Rows that open beside the list: the address's parameter. */
  open?: string;
  /** Height of a row in pixels on a wide screen. */
  rowHeight: number;
  /** Class of the table. */
  className: string;
  views?: readonly BuiltInView[];
  exports?: boolean;
  /** What else can be done with selected rows. */
  selection?: (rows: readonly Row[]) => ReactNode;
  /** Shown when nothing matches and nothing was filtered: it was looked at, and there is nothing. */
  empty: ReactNode;
}

/** Whether the rows are looked at in the toggle's way. */
export const isToggled = <Row extends ListRow>(
  { toggle }: Pick<ListSpec<Row>, "toggle">,
  filters: ListState["filters"],
) => toggle !== undefined && (filters[toggle.id]?.includes(toggle.value) ?? false);

/** The view that an address shows: the very one, else one whose rows these are, in other columns or in the toggle's way. */
export function viewOf<Row extends ListRow, View extends { query: string }>(
  spec: ListSpec<Row>,
  views: readonly View[],
  address: string,
): { same: View | undefined; current: View | undefined } {
  const shape = shapeOf(spec);
  const read = (text: string) => readState(new URLSearchParams(text), shape);
  const bare = (text: string) => {
    const state = read(text);
    return rowsQuery({
      ...state,
      filters: Object.fromEntries(Object.entries(state.filters).filter(([id]) => id !== spec.toggle?.id)),
    });
  };
  const first = (of: (text: string) => string) => views.find((view) => of(view.query) === of(address));
  const same = first((text) => writeState(read(text), shape));
  return { same, current: same ?? first((text) => rowsQuery(read(text))) ?? first(bare) };
}

/** What is left of the filters when all that selects rows is cleared. */
export const clearedOf = <Row extends ListRow>(
  { toggle }: Pick<ListSpec<Row>, "toggle">,
  filters: ListState["filters"],
): ListState["filters"] => {
  const kept = toggle === undefined ? undefined : filters[toggle.id];
  return toggle === undefined || kept === undefined ? {} : { [toggle.id]: kept };
};

export const shapeOf = <Row extends ListRow>(spec: ListSpec<Row>): ListShape => ({
  facets: [...spec.facets, ...(spec.parameters ?? []), ...(spec.toggle === undefined ? [] : [spec.toggle])].map(
    ({ id }) => id,
  ),
  ...(spec.open === undefined ? {} : { open: spec.open }),
});
