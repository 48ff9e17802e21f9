/** Rows that the browser asks for at a time. */
export const PAGE_ROWS = 100;

/** One page of a list, as every list of the API answers. */
export interface ListPage<Row> {
  items: Row[];
  /** Where the next page begins; null at the end. */
  next: string | null;
  /** When it was read, ISO. */
  asOf: string;
  /** What a reader must know of this answer. */
  notes: string[];
}

export interface FacetCount {
  value: string;
  label: string;
  count: number;
}
export interface ListCounts {
  total: number;
  /** False: more matched than are counted, so that the figures are lower bounds. */
  exact: boolean;
  facets: Record<string, FacetCount[]>;
  /** Facets whose counts are lower bounds. */
  capped: string[];
  /** Facets that have more values than these. */
  more: string[];
}

/** The API refused or failed: its status, its own words, and the request's id when it gave one. */
export class ApiError extends Error {
  override name = "ApiError";
  constructor(
    readonly status: number,
    message: string,
    readonly requestId: string | null,
  ) {
    super(message);
  }
}

async function read(address: string, signal: AbortSignal): Promise<Record<string, unknown>> {
  const answer = await fetch(address, { headers: { Accept: "application/json" }, signal });
  const body: unknown = await answer.json().catch(() => null);
  const fields = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  if (answer.ok) return fields;
  const words = [fields.detail, fields.title].find((value) => typeof value === "string");
  throw new ApiError(
    answer.status,
    typeof words === "string" ? words : `The server answered with status ${answer.status}.`,
    answer.headers.get("x-request-id"),
  );
}

/** Reads one page. Throws ApiError, or TypeError when the server cannot be reached. */
export async function fetchPage<Row>(
  api: string,
  query: string,
  cursor: string | null,
  signal: AbortSignal,
  size = PAGE_ROWS,
): Promise<ListPage<Row>> {
  const params = new URLSearchParams(query);
  params.set("size", String(size));
  if (cursor !== null) params.set("cursor", cursor);
  const page = await read(`${api}?${params}`, signal);
  if (!Array.isArray(page.items)) throw new ApiError(200, "The answer holds no list.", null);
  // The API checks its own answers against the schema that Row was inferred from.
  return page as unknown as ListPage<Row>;
}

/** Reads how many rows there are, in all and by the facets named. `within` narrows a facet's values. Throws as `fetchPage` does. */
export async function fetchCounts(
  api: string,
  query: string,
  facets: readonly string[],
  within: string | null,
  signal: AbortSignal,
): Promise<ListCounts> {
  const params = new URLSearchParams(query);
  params.delete("sort");
  params.set("facets", facets.join(","));
  if (within !== null) params.set("within", within);
  const counts = await read(`${api}/counts?${params}`, signal);
  if (typeof counts.total !== "number") throw new ApiError(200, "The answer holds no count.", null);
  return counts as unknown as ListCounts; // as above
}
