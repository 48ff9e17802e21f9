/** Set for every page's request by proxy.ts: the path and query that were asked for. Whatever the client sent under this name is lost. */
export const ASKED_HEADER = "x-seawall-asked";

const START = "/";
/** Characters: with it in a cookie, encoded, that stays below what browsers keep. */
const LONGEST = 1000;
/** Not pages to come back to: a machine's addresses, and this way itself. */
const ELSEWHERE = new Set(["api", "sign-in"]);

/**
 * Where to go after signing in: `asked` as a path and query of this console, or its start for anything else. Whoever sends a link to the
 * sign-in page chooses this text, so it must never lead to another site or name an address of machines.
 */
export function destinationOf(asked: unknown): string {
  if (typeof asked !== "string" || asked.length > LONGEST || !/^\/(?!\/)[\x21-\x5b\x5d-\x7e]*$/.test(asked))
    return START;
  // As the browser will read it: `/.//x` and `/a/../api` mean something else than they say.
  const base = "http://console.invalid";
  if (!URL.canParse(asked, base)) return START;
  const { origin, pathname, search } = new URL(asked, base);
  const path = decoded(pathname);
  if (origin !== base || path === null || /^\/[/\\]/.test(path) || /[\x00-\x1f\x7f]/.test(path)) return START;
  return ELSEWHERE.has(path.split("/")[1]?.toLowerCase() ?? "") ? START : `${pathname}${search}`;
}

function decoded(pathname: string): string | null {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return null; // half a character
  }
}

/** An address with where to go afterwards: `/sign-in?to=%2Ffindings`; alone for the console's start. */
export const withDestination = (address: string, to: string): string =>
  to === START ? address : `${address}${address.includes("?") ? "&" : "?"}to=${encodeURIComponent(to)}`;
