import { z } from "zod";

/** Where a page begins: behind the row with this sort value and id. Opaque to clients, parsed like any other input. Safe in the browser. */
export interface Place {
  /** The `sort` that the list had; a cursor of another order means nothing. */
  sort: string;
  /** Sort value of the last row as PostgreSQL writes it. */
  value: string;
  id: string;
}

const placeSchema = z.tuple([z.string().max(40), z.string().max(1500), z.uuid()]);

/** A cursor that cannot be read, or that belongs to another order. Transports map it to 400. */
export class CursorError extends Error {
  override name = "CursorError";
  readonly code = "cursor";
}

export function encodeCursor({ sort, value, id }: Place): string {
  const bytes = new TextEncoder().encode(JSON.stringify([sort, value, id]));
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The place that a cursor names in a list of this order; null for no cursor. Throws CursorError. */
export function decodeCursor(cursor: string | null, sort: string): Place | null {
  if (cursor === null) return null;
  let parsed: unknown;
  try {
    const binary = atob(cursor.replaceAll("-", "+").replaceAll("_", "/"));
    parsed = JSON.parse(
      new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(binary, (c) => c.charCodeAt(0))),
    );
  } catch {
    throw new CursorError("This cursor cannot be read. Begin at the first page.");
  }
  const place = placeSchema.safeParse(parsed);
  if (!place.success || /\0/.test(place.data[1]))
    throw new CursorError("This cursor cannot be read. Begin at the first page.");
  if (place.data[0] !== sort) throw new CursorError("This cursor belongs to another order. Begin at the first page.");
  return { sort, value: place.data[1], id: place.data[2] };
}
