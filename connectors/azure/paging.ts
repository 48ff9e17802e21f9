import type { Gap } from "@/domain/inventory/schema";
import { type Operation, toConnectorError } from "./error";

/** What was read of a list. Without `gap` it is all of it. */
export interface Listing<T> {
  items: T[];
  gap?: Gap;
}

/** One page as the SDKs yield it: its items, carrying the link to the next page. */
type Page<T> = T[] & { continuationToken?: string | undefined };

/**
 * Reads a list to its end. A page that leads back to one already read, or more pages than `maxPages`, ends it with a gap
 * `truncated`; a failure with its own gap. What came before is kept. Never rejects.
 */
export async function listAll<T>(
  pages: AsyncIterable<Page<T>>,
  operation: Operation,
  maxPages: number,
): Promise<Listing<T>> {
  const items: T[] = [];
  const links = new Set<string>();
  const truncated = (why: string): Gap => ({
    code: "truncated",
    what: operation.what,
    message: `The list was not read to its end: ${why}.`,
  });
  try {
    for await (const page of pages) {
      items.push(...page);
      const link = page.continuationToken;
      if (!link) continue;
      if (links.has(link)) return { items, gap: truncated("a page leads back to one that was already read") };
      links.add(link);
      if (links.size >= maxPages) return { items, gap: truncated(`it has more than ${maxPages} pages`) };
    }
    return { items };
  } catch (error) {
    return { items, gap: toConnectorError(error, operation).gap };
  }
}
