"use client";

import {
  columnVisibilityFeature,
  createColumnHelper,
  type RowSelectionState,
  rowSelectionFeature,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { useWindowVirtualizer, type VirtualItem } from "@tanstack/react-virtual";
import Link from "next/link";
import {
  type Dispatch,
  Fragment,
  type ReactNode,
  type SetStateAction,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { count, plural } from "../format";
import { HeadCell } from "./head-cell";
import { HeadCheck } from "./head-check";
import type { ListColumn, ListRow, ListSpec } from "./spec";
import { useDrawn } from "./use-drawn";
import { useNarrow } from "./use-narrow";

const features = tableFeatures({ columnVisibilityFeature, rowSelectionFeature });
const OVERSCAN = 8;
/** The server draws a screenful. */
const FIRST_RECT = { width: 1440, height: 900 };
/** Rows from the end at which the next page is asked for. */
const NEAR_END = 25;
/** First guess of a row's height where rows are measured. */
const NARROW_ROW = 84;
/** Heights of a line above rows that share something, in pixels. */
const HEADING = 52;
const FIRST_HEADING = 36;

interface DataTableProps<Row extends ListRow> {
  spec: ListSpec<Row>;
  items: readonly Row[];
  /** All rows that match, loaded or not; null while unknown. */
  total: number | null;
  sort: string | null;
  onSort: (sort: string | null) => void;
  columns: readonly string[] | null;
  openId: string | null;
  activeId: string | null;
  onOpen: (id: string) => void;
  hrefOf: (row: Row) => string;
  selected: RowSelectionState;
  onSelect: Dispatch<SetStateAction<RowSelectionState>>;
  more: boolean;
  fetchMore: () => void;
  /** Rows are of an earlier question while the answer is on its way. */
  stale: boolean;
}

/** The columns that are shown: the address's choice, else the list's. */
export const isShown = <Row extends ListRow>(column: ListColumn<Row>, chosen: readonly string[] | null): boolean =>
  column.optional === undefined || (chosen === null ? column.optional === "on" : chosen.includes(column.id));

/** The line above a row: where the list is in that order, and the row before shares something else. None where rows are stacked. */
function headingOf<Row extends ListRow>({ spec, items, sort }: DataTableProps<Row>, narrow: boolean, index: number) {
  const row = items[index];
  if (spec.headings === undefined || (sort ?? spec.headings.sort) !== spec.headings.sort || narrow || row === undefined)
    return null;
  const before = items[index - 1];
  const heading = spec.headings.of(row);
  return before !== undefined && spec.headings.of(before).id === heading.id ? null : heading;
}

/** A table of any length: only rows near the screen are in the document, and only they are built into table rows. */
export function DataTable<Row extends ListRow>(props: DataTableProps<Row>) {
  const { spec, items, openId, activeId, onOpen, hrefOf, more, fetchMore } = props;
  const frame = useRef<HTMLDivElement>(null);
  const narrow = useNarrow();
  const [margin, setMargin] = useState(0);
  // Where the table begins on the page; filters above it may wrap to another line.
  useLayoutEffect(() => {
    const measure = () => {
      const top = frame.current?.getBoundingClientRect().top;
      if (top !== undefined) setMargin(Math.round(top + window.scrollY));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);
  const heading = (index: number) => headingOf(props, narrow, index);
  const virtualizer = useWindowVirtualizer({
    count: items.length,
    estimateSize: (index) =>
      narrow ? NARROW_ROW : spec.rowHeight + (heading(index) === null ? 0 : index === 0 ? FIRST_HEADING : HEADING),
    overscan: OVERSCAN,
    scrollMargin: margin,
    initialRect: FIRST_RECT,
    getItemKey: (index) => {
      const row = items[index];
      return row === undefined ? index : spec.rowId(row);
    },
  });
  const headed = spec.headings === undefined ? null : items; // which rows have a line above them changes with the rows
  useEffect(() => virtualizer.measure(), [virtualizer, narrow, headed]);
  const drawn = useDrawn();
  const visible = drawn ? virtualizer.getVirtualItems() : firstScreen(virtualizer);
  const [from, to] = [visible[0]?.index ?? 0, (visible.at(-1)?.index ?? -1) + 1];
  useEffect(() => {
    if (more && to > items.length - NEAR_END) fetchMore();
  }, [more, to, items.length, fetchMore]);

  const data = useMemo(() => items.slice(from, to), [items, from, to]);
  const columns = useMemo(() => {
    const helper = createColumnHelper<typeof features, Row>();
    return helper.columns(spec.columns.map((column) => helper.display({ id: column.id, header: column.head })));
  }, [spec]);
  const columnVisibility = useMemo(
    () =>
      Object.fromEntries(
        spec.columns.map((column) => [
          column.id,
          isShown(column, props.columns) && !(column.roomy === true && openId !== null),
        ]),
      ),
    [spec, props.columns, openId],
  );
  const table = useTable({
    features,
    columns,
    data,
    getRowId: spec.rowId,
    state: { columnVisibility, rowSelection: props.selected },
    onRowSelectionChange: props.onSelect,
  });
  const shown = spec.columns.filter((column) => columnVisibility[column.id] !== false);

  const scrollTo = useRef(virtualizer.scrollToIndex);
  scrollTo.current = virtualizer.scrollToIndex;
  const latest = useRef(items);
  latest.current = items;
  const target = openId ?? activeId;
  // Only when another row is meant: rows that arrive while someone scrolls must not pull them back.
  useEffect(() => {
    if (target === null) return;
    const index = latest.current.findIndex((row) => spec.rowId(row) === target);
    const seat = document.getElementById(`row-${target}`)?.getBoundingClientRect();
    if (index >= 0 && (seat === undefined || seat.top < 48 || seat.bottom > window.innerHeight - 24))
      scrollTo.current(index, { align: "auto" });
  }, [target, spec]);

  const top = (visible[0]?.start ?? margin) - margin;
  const bottom = virtualizer.getTotalSize() - ((visible.at(-1)?.end ?? margin) - margin);
  const span = shown.length + 1;
  return (
    <div
      ref={frame}
      className="dt-frame"
      data-stale={props.stale}
      style={{ "--row": `${spec.rowHeight}px` } as React.CSSProperties}
    >
      <table
        className={`dt ${spec.className}`}
        aria-rowcount={(props.total ?? items.length) + 1}
        aria-busy={props.stale}
      >
        <colgroup>
          <col className="dt-c-check" />
          {shown.map((column) => (
            <col key={column.id} {...(column.width === undefined ? {} : { style: { width: column.width } })} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col" className="dt-check">
              <HeadCheck spec={spec} items={items} more={more} selected={props.selected} onSelect={props.onSelect} />
            </th>
            {shown.map((column) => (
              <HeadCell key={column.id} column={column} sort={props.sort} onSort={props.onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {top > 0 ? <Spacer height={top} span={span} /> : null}
          {table.getRowModel().rows.map((row, position) => {
            const [id, index] = [row.id, from + position];
            const link = (content: ReactNode, title?: string) => {
              const common = { id: `row-${id}`, className: "el", ...(title === undefined ? {} : { title }) };
              return spec.open === undefined ? (
                <Link {...common} href={hrefOf(row.original)} prefetch={false}>
                  {content}
                </Link>
              ) : (
                <a {...common} href={hrefOf(row.original)} onClick={(event) => pressed(event, () => onOpen(id))}>
                  {content}
                </a>
              );
            };
            const above = heading(index);
            return (
              <Fragment key={id}>
                {above === null ? null : (
                  <tr className="plain dt-heading">
                    <th scope="rowgroup" colSpan={span} style={{ height: index === 0 ? FIRST_HEADING : HEADING }}>
                      {above.title}
                      {above.remark === undefined ? null : <span className="dim">{above.remark}</span>}
                    </th>
                  </tr>
                )}
                <tr
                  data-index={index}
                  {...(narrow ? { ref: virtualizer.measureElement } : {})}
                  aria-rowindex={index + 2}
                  data-open={id === openId}
                  data-active={id === activeId}
                  aria-selected={row.getIsSelected()}
                  // For pointers alone: keyboards and readers of screens have the row's link.
                  onClick={(event) => pressRow(event, id)}
                >
                  <td className="dt-check">
                    <input
                      type="checkbox"
                      className="ck"
                      aria-label={`Select ${spec.rowLabel(row.original)}`}
                      checked={row.getIsSelected()}
                      onClick={row.getToggleSelectedHandler()}
                      onChange={() => {}} // the press itself counts: it knows of Shift
                    />
                  </td>
                  {shown.map((column) => (
                    <td
                      key={column.id}
                      className={`n-${column.narrow ?? "rest"}${column.num === true ? " num" : ""}`}
                      {...(column.narrow === "title" || column.quiet === true ? {} : { "data-l": column.head })}
                    >
                      {column.cell(row.original, link)}
                    </td>
                  ))}
                </tr>
              </Fragment>
            );
          })}
          {bottom > 0 ? <Spacer height={bottom} span={span} /> : null}
        </tbody>
      </table>
      <p className="dt-foot" aria-live="polite">
        {more
          ? `${plural(items.length, "row")} loaded; more as you scroll`
          : items.length > 20
            ? `All ${count(items.length)} ${spec.noun.many}`
            : ""}
      </p>
    </div>
  );
}

/** What the server draws: it does not know how far the reader had scrolled, and the browser must begin with the same rows. */
function firstScreen(virtualizer: ReturnType<typeof useWindowVirtualizer<Element>>): readonly VirtualItem[] {
  virtualizer.getTotalSize(); // which measures
  const { measurementsCache, options } = virtualizer;
  const after = measurementsCache.findIndex(({ start }) => start - options.scrollMargin >= FIRST_RECT.height);
  return after < 0 ? measurementsCache : measurementsCache.slice(0, after + OVERSCAN);
}

function Spacer({ height, span }: { height: number; span: number }) {
  return (
    <tr className="plain">
      <td colSpan={span} style={{ height, padding: 0, border: 0 }} />
    </tr>
  );
}

/** A plain press opens here; with a modifier the browser does what it does with links. */
function pressed(event: React.MouseEvent, act: () => void): void {
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  act();
}

/** A press anywhere in a row is one on its link, but for what has a press of its own, and while somebody marks text. */
function pressRow({ target, ctrlKey, metaKey, shiftKey }: React.MouseEvent, id: string): void {
  if (!(target instanceof Element) || target.closest("a, button, input, label, summary, .dt-check") !== null) return;
  if (getSelection()?.isCollapsed === false) return;
  const press = new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey, metaKey, shiftKey });
  document.getElementById(`row-${id}`)?.dispatchEvent(press);
}
