/** What a list's address may say. Page, API and file share these words, so they cannot disagree. */
export interface ListShape {
  /** Names of the multi-select filters, as in the address. */
  facets: readonly string[];
  /** Name of the parameter that holds the open row, when rows open beside the list. */
  open?: string;
}

export interface ListState {
  /** Chosen values by facet; a facet without a choice is absent. */
  filters: Readonly<Record<string, readonly string[]>>;
  q: string;
  /** As the API reads it, `-` before a falling column; null is the list's own order. */
  sort: string | null;
  /** Columns that are shown; null is the list's own choice. */
  columns: readonly string[] | null;
  open: string | null;
}

const words = (text: string | null): string[] =>
  text === null ? [] : [...new Set(text.split(",").filter((word) => word !== ""))];

/** The state that an address names. What it does not know is left out, never an error. */
export function readState(params: URLSearchParams, shape: ListShape): ListState {
  const filters: Record<string, string[]> = {};
  for (const facet of shape.facets) {
    const values = [...new Set(params.getAll(facet).flatMap((value) => words(value)))];
    if (values.length > 0) filters[facet] = values;
  }
  return {
    filters,
    q: params.get("q") ?? "",
    sort: params.get("sort"),
    columns: params.has("columns") ? words(params.get("columns")) : null,
    open: shape.open === undefined ? null : params.get(shape.open),
  };
}

const query = (pairs: [string, string][]): string => {
  const text = new URLSearchParams(pairs.filter(([, value]) => value !== "")).toString();
  return text.replaceAll("%2C", ","); // a comma parts values; it reads better unescaped and means the same
};

/** What selects and orders the rows: the part of the address that the API, the counts and the files get. One spelling for one state. */
export function rowsQuery(state: ListState): string {
  const facets = Object.entries(state.filters).map(([facet, values]): [string, string] => [
    facet,
    [...values].sort().join(","),
  ]);
  const all: [string, string][] = [...facets, ["q", state.q.trim()], ["sort", state.sort ?? ""]];
  return query(all.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The whole state as an address's query, without `?`; empty for the list as it comes. */
export function writeState(state: ListState, shape: ListShape): string {
  const rest = query([
    ["columns", state.columns?.join(",") ?? ""],
    ...(shape.open === undefined ? [] : [[shape.open, state.open ?? ""] as [string, string]]),
  ]);
  return [rowsQuery(state), rest].filter((part) => part !== "").join("&");
}

/** `values` with `value` added, or removed when it is there. */
export const toggled = (values: readonly string[], value: string): string[] =>
  values.includes(value) ? values.filter((each) => each !== value) : [...values, value];
