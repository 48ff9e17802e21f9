import type { Gap } from "@/domain/inventory/schema";
import { type Operation, toConnectorError } from "./error";

/** What was read of a list. Without `gap` it is all of it. */
export interface Listing<T> {
  items: T[];
  gap?: Gap;
}

const MAX_ITEMS = 20_000;
const linkOfPage = (page: unknown): unknown =>
  Array.isArray(page) ? Reflect.get(page, "continuationToken") : undefined;

/**
 * Reads a list to its end. A page that leads back to one already read, more pages than `maxPages` or too many entries end it
 * with a gap `truncated`; a failure with its own gap. What came before is kept. `linkOf` finds the link to the next page, which
 * the older generation of SDKs does not put on the page. Never rejects.
 */
export async function listAll<T>(
  pages: AsyncIterable<T[]>,
  operation: Operation,
  maxPages: number,
  linkOf: (page: T[]) => unknown = linkOfPage,
): Promise<Listing<T>> {
  const items: T[] = [];
  const links = new Set<unknown>();
  let count = 0;
  const truncated = (why: string): Listing<T> => ({
    items,
    gap: {
      code: "truncated",
      what: operation.what,
      message: `The list was not read to its end: ${why}. What was not read is unknown; the next scan tries again.`,
    },
  });
  try {
    for await (const page of pages) {
      // The cap does not rely on links: an SDK that hides them must not make the list endless.
      if (++count > maxPages) return truncated(`it has more than ${maxPages} pages`);
      for (const item of page) items.push(item);
      if (items.length > MAX_ITEMS) return truncated(`it has more than ${MAX_ITEMS} entries`);
      const link = linkOf(page);
      if (!link) continue;
      if (links.has(link)) return truncated("a page leads back to one that was already read");
      links.add(link);
    }
    return { items };
  } catch (error) {
    return { items, gap: toConnectorError(error, operation).gap };
  }
}
