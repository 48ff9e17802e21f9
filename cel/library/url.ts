import { Opaque, type Result } from "../value/boxed";
import { spend } from "../value/budget";
import { BAD_ARGUMENT, NO_OVERLOAD } from "../value/fault";
import { MapBuilder } from "../value/map";
import type { Implementation, Library } from "./library";
import { type RequestUri, readRequestUri, readUrl, unescapedOfQuery } from "./request-uri";

class Url extends Opaque {
  readonly $name = "kubernetes.URL";
  constructor(readonly $url: RequestUri) {
    super();
  }
  $same(other: Opaque): boolean {
    return other instanceof Url && other.$url.text === this.$url.text;
  }
}

/** In characters; what serves HTTP commonly refuses longer ones. */
const LONGEST = 8192;

/** Characters of URLs cost more than those of other texts: each is looked at many times. A longer one spends all there is. */
const spendUrl = (text: string): void => spend(text.length > LONGEST ? Number.POSITIVE_INFINITY : 8 + text.length);

function make(text: string): Result {
  spendUrl(text);
  const url = readUrl(text);
  return url === null ? BAD_ARGUMENT : new Url(url);
}

const ofUrl =
  (give: (url: RequestUri) => Result): Implementation =>
  (url) => {
    if (!(url instanceof Url)) return NO_OVERLOAD;
    spend(8 + url.$url.text.length);
    return give(url.$url);
  };

/** Cuts the port off, which is there when digits or nothing follow the last colon. */
function split(host: string): readonly [name: string, port: string] {
  const [, name = host, port = ""] = /^(.*):(\d*)$/s.exec(host) ?? [];
  return [/^\[.*\]$/s.test(name) ? name.slice(1, -1) : name, port];
}

/** All values of each key. Pairs with a semicolon or a wrong escape are left out. */
function queryOf({ query }: RequestUri): Result {
  const lists = new Map<string, string[]>();
  for (const pair of query.split("&")) {
    spend(1);
    if (pair === "" || pair.includes(";")) continue;
    const equals = pair.indexOf("=");
    const key = unescapedOfQuery(equals < 0 ? pair : pair.slice(0, equals));
    const value = unescapedOfQuery(equals < 0 ? "" : pair.slice(equals + 1));
    if (key === null || value === null) continue;
    const values = lists.get(key);
    if (values === undefined) lists.set(key, [value]);
    else values.push(value);
  }
  const map = new MapBuilder();
  for (const [key, values] of lists) map.add(key, values);
  return map.done();
}

/** Whether a text is a URL that Kubernetes takes. Throws OutOfBudget, for one of more than 8,192 characters too. */
export function isUrl(text: string): boolean {
  spendUrl(text);
  return readRequestUri(text) !== null;
}

/** Kubernetes' URL library. */
export const urls: Library = {
  "url/1": (text) => (typeof text === "string" ? make(text) : NO_OVERLOAD),
  "isURL/1": (text) => (typeof text === "string" ? isUrl(text) : NO_OVERLOAD),
  ".getScheme/0": ofUrl((url) => url.scheme),
  ".getHost/0": ofUrl((url) => url.host),
  ".getHostname/0": ofUrl((url) => split(url.host)[0]),
  ".getPort/0": ofUrl((url) => split(url.host)[1]),
  ".getEscapedPath/0": ofUrl((url) => url.path),
  ".getQuery/0": ofUrl(queryOf),
};
