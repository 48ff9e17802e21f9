import { AwsFailure } from "./failure";

/** Fewer than AWS serves at once, so that a client that forgets a page is caught. `maxResults` can only lower it. */
const PAGE_SIZE = 3;

/** Cuts one page out of `items`. The token holds the offset and belongs to one operation. */
export function page<T>(
  items: readonly T[],
  operation: string,
  input: { maxResults?: unknown; nextToken?: unknown },
  repeatForEver: boolean,
): { items: T[]; nextToken?: string } {
  const asked = input.maxResults === undefined ? 100 : Number(input.maxResults);
  if (!Number.isInteger(asked) || asked < 1 || asked > 100) {
    throw new AwsFailure(400, "InvalidParameterException", "maxResults must be between 1 and 100.");
  }
  const size = Math.min(asked, PAGE_SIZE);
  const offset = repeatForEver || input.nextToken === undefined ? 0 : readToken(String(input.nextToken), operation);
  const next = repeatForEver ? 0 : offset + size;
  const more = repeatForEver || next < items.length;
  return {
    items: items.slice(offset, offset + size),
    ...(more ? { nextToken: Buffer.from(`${operation}:${next}`).toString("base64url") } : {}),
  };
}

function readToken(token: string, operation: string): number {
  const match = /^(\w+):(\d{1,9})$/.exec(Buffer.from(token, "base64url").toString("utf8"));
  if (match?.[1] !== operation) throw new AwsFailure(400, "InvalidParameterException", "The nextToken is invalid.");
  return Number(match[2]);
}
