import type { Gap } from "@/domain/inventory/schema";
import { toConnectorError } from "./error";

const MAX_PAGES = 500;
const MAX_ITEMS = 20_000;

/** `gap` says why the list may lack items; without it every page was read. */
export interface Listing {
  items: string[];
  gap?: Gap;
}

/**
 * Reads all pages of names. A token that comes twice, too many pages or too many items end it as `truncated`; a failure
 * after the first page keeps what was read. Rejects with ConnectorError when the first page fails.
 */
export async function listAll(
  action: string,
  where: string,
  next: (token: string | undefined) => Promise<{ items: string[]; nextToken?: string | undefined }>,
): Promise<Listing> {
  const items = new Set<string>();
  const tokens = new Set<string>();
  const truncated = (reason: string): Listing => {
    const what = `${action} ${where}`;
    const message = `${what}: ${reason}, so the list may lack entries. What was not seen is treated as unknown; the next scan tries again.`;
    return { items: [...items], gap: { code: "truncated", what, message } };
  };
  let token: string | undefined;
  for (let pages = 0; ; pages += 1) {
    if (pages >= MAX_PAGES) return truncated(`more than ${MAX_PAGES} pages`);
    try {
      const page = await next(token);
      for (const item of page.items) items.add(item);
      token = page.nextToken;
    } catch (error) {
      const failure = toConnectorError(error, action, where);
      if (pages === 0) throw failure;
      return { items: [...items], gap: failure.gap };
    }
    if (token === undefined || token === "") return { items: [...items] };
    if (tokens.has(token)) return truncated("the same page came again");
    if (items.size >= MAX_ITEMS) return truncated(`more than ${MAX_ITEMS} entries`);
    tokens.add(token);
  }
}
