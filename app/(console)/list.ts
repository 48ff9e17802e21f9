import "server-only";
import { redirect } from "next/navigation";
import type { z } from "zod";
import { readState, rowsQuery } from "@/components/list/state";
import { parseLoosely, type QueryRecord, type QueryValue } from "@/lib/http/list-query";

/** Rows that the server reads for the first screen. They travel twice, drawn and as data, so there are no more than a tall screen shows. */
const FIRST_ROWS = "60";
const NO_FILTER = new Set(["q", "sort", "cursor", "size"]);

function paramsOf(record: QueryRecord): URLSearchParams {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(record))
    for (const each of value === undefined ? [] : Array.isArray(value) ? value : [value]) params.append(name, each);
  return params;
}

/**
 * What a list's page was asked for: the parsed query, and the same as the browser spells it. What the list cannot parse leaves
 * the address by a redirect, so that chips, address and rows say the same.
 */
export function askedOf<S extends z.ZodObject>(
  path: string,
  schema: S,
  record: QueryRecord,
): { query: z.output<S>; spelled: string } {
  const params = paramsOf(record);
  const query = parseLoosely(schema, { ...record, size: FIRST_ROWS, cursor: undefined });
  const usual = parseLoosely(schema, {}) as Record<string, QueryValue>;
  let dropped = false;
  for (const name of Object.keys(schema.shape)) {
    const given = params.getAll(name).filter((value) => value !== "");
    if (given.length === 0 || name === "size" || name === "cursor") continue;
    const value = (query as Record<string, QueryValue>)[name];
    const none = value === null || (Array.isArray(value) && value.length === 0);
    if (none || (value === usual[name] && !given.includes(String(value)))) {
      params.delete(name);
      dropped = true;
    }
  }
  if (dropped) redirect(params.size === 0 ? path : `${path}?${params}`);
  const facets = Object.keys(schema.shape).filter((name) => !NO_FILTER.has(name));
  return { query, spelled: rowsQuery(readState(params, { facets })) };
}
