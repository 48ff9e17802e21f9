import { decodeCursor, encodeCursor } from "./cursor";
import type { Where } from "./where";

/** One order of a list: the SQL column it goes by and the type that a cursor's value is cast to. Ties are broken by `id`. */
export interface SortColumn {
  sql: string;
  type: "text" | "timestamptz" | "int" | "float8";
}

export interface Keyset {
  /** Text for ORDER BY. */
  orderBy: string;
  /** To select as `place`: the sort value in full precision, for the next cursor. */
  place: string;
}

/**
 * Puts the page's beginning into `where` and says how to order. `sort` is `column` or `-column` of `columns`. Throws CursorError.
 * Both parts go the same way, so that one row comparison and one index serve it.
 */
export function keyset<C extends string>(
  where: Where,
  sort: C | `-${C}`,
  columns: Readonly<Record<C, SortColumn>>,
  cursor: string | null,
  id: string,
): Keyset {
  const down = sort.startsWith("-");
  const column = columns[(down ? sort.slice(1) : sort) as C]; // `sort` was parsed by the list's own schema
  const place = decodeCursor(cursor, sort);
  if (place !== null) {
    const [value, last] = [where.bind(place.value), where.bind(place.id)];
    where.and(`(${column.sql}, ${id}) ${down ? "<" : ">"} (${value}::${column.type}, ${last}::uuid)`);
  }
  const way = down ? "DESC" : "ASC";
  return { orderBy: `${column.sql} ${way}, ${id} ${way}`, place: `${column.sql}::text` };
}

/** Cuts the one row too many off and makes the cursor of the next page from the last row that stays. */
export function cut<R extends { id: string; place: string }>(
  rows: readonly R[],
  size: number,
  sort: string,
): { rows: R[]; next: string | null } {
  const kept = rows.slice(0, size);
  const last = kept.at(-1);
  return {
    rows: kept,
    next: rows.length > size && last !== undefined ? encodeCursor({ sort, value: last.place, id: last.id }) : null,
  };
}
