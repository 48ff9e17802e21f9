import { Icon } from "../icon";
import type { ListColumn, ListRow } from "./spec";

type Direction = "ascending" | "descending";
const spell = (by: string, direction: Direction): string => (direction === "descending" ? `-${by}` : by);
const other = (direction: Direction): Direction => (direction === "ascending" ? "descending" : "ascending");

/** A column's head; presses walk through first direction, the other, and back to the list's own order. */
export function HeadCell<Row extends ListRow>({
  column,
  sort,
  onSort,
}: {
  column: ListColumn<Row>;
  sort: string | null;
  onSort: (sort: string | null) => void;
}) {
  const by = column.sort?.by;
  const direction: Direction | null =
    by === undefined ? null : sort === by ? "ascending" : sort === `-${by}` ? "descending" : null;
  const press = () => {
    if (column.sort === undefined) return;
    const { by, first } = column.sort;
    onSort(direction === null ? spell(by, first) : direction === first ? spell(by, other(first)) : null);
  };
  return (
    <th
      scope="col"
      className={column.num === true ? "num" : ""}
      {...(direction === null ? {} : { "aria-sort": direction })}
    >
      {column.quiet === true && by === undefined ? (
        <span className="vh">{column.head}</span>
      ) : by === undefined ? (
        column.head
      ) : (
        <button type="button" className="sort" onClick={press}>
          {column.quiet === true ? <span className="vh">{column.head}</span> : column.head}
          <Icon small name={direction === null ? "updown" : direction === "ascending" ? "up" : "down"} />
        </button>
      )}
    </th>
  );
}
