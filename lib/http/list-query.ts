import type { z } from "zod";
import { CursorError, decodeCursor } from "./cursor";

/** What a query string says once it is parsed; the whole state of a list. */
export type QueryRecord = Record<string, string | string[] | undefined>;
export type QueryValue = string | number | boolean | readonly string[] | null;

/** Repeated names become arrays, as Next gives them to pages. */
export function queryRecord(params: URLSearchParams): QueryRecord {
  const record: QueryRecord = Object.create(null);
  for (const key of new Set(params.keys())) {
    const all = params.getAll(key);
    record[key] = all.length === 1 ? all[0] : all;
  }
  return record;
}

/**
 * For pages: what does not parse counts as not given, and names that the schema does not know are dropped (a page has more in
 * its address than its list). The API parses with the schema itself and refuses both.
 */
export function parseLoosely<S extends z.ZodObject>(schema: S, record: QueryRecord): z.output<S> {
  const kept: QueryRecord = { ...record };
  for (const key of Object.keys(kept)) if (!Object.hasOwn(schema.shape, key)) delete kept[key];
  const result = schema.safeParse(kept);
  for (const issue of result.error?.issues ?? []) delete kept[String(issue.path[0])];
  const query = schema.parse(kept);
  if (isStale(query)) delete kept.cursor;
  return schema.parse(kept);
}

/** A cursor of another order: somebody changed the sort in the address. */
function isStale(query: Record<string, unknown>): boolean {
  try {
    decodeCursor((query.cursor as string | null | undefined) ?? null, String(query.sort));
    return false;
  } catch (error) {
    if (error instanceof CursorError) return true;
    throw error;
  }
}

/** The shortest address that parses to `query` again: empty values and the schema's own defaults are left out, names sorted. */
export function searchOf<S extends z.ZodObject>(
  schema: S,
  query: Readonly<Record<string, QueryValue>>,
): URLSearchParams {
  const usual = schema.parse({}) as Record<string, QueryValue>; // every parameter of a list has a default
  const search = new URLSearchParams();
  for (const key of Object.keys(schema.shape).sort()) {
    const value = query[key];
    if (value === undefined || value === null || value === usual[key]) continue;
    const text = Array.isArray(value) ? value.join(",") : String(value);
    if (text !== "") search.set(key, text);
  }
  return search;
}
