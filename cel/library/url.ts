import { Opaque, type Result } from "../value/boxed";
import { spend, spendLength } from "../value/budget";
import { BAD_ARGUMENT, NO_OVERLOAD } from "../value/fault";
import { MapBuilder } from "../value/map";
import type { Implementation, Library } from "./library";

class Url extends Opaque {
  readonly $name = "net.url.URL";
  constructor(
    readonly $scheme: string,
    readonly $host: string,
    readonly $path: string,
    readonly $query: string,
    readonly $source: string,
  ) {
    super();
  }
  $same(other: Opaque): boolean {
    return other instanceof Url && other.$source === this.$source;
  }
}

const PARTS = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#.*)?$/s;

/** Go's `url.ParseRequestURI`: an absolute URL, or a path from the root; null for anything else. */
function parse(text: string): Url | null {
  // Go refuses exactly these characters.
  if (text === "" || text.length > 8192) return null;
  spendLength(text.length);
  if (/[\x00-\x20\x7f]/.test(text)) return null;
  const [, scheme = "", authority, rawPath = "", query = ""] = PARTS.exec(text) ?? [];
  if (scheme === "" && (!text.startsWith("/") || authority !== undefined)) return null;
  if (scheme !== "" && authority === undefined && !rawPath.startsWith("/")) return null;
  const host = (authority ?? "").replace(/^.*@/s, "");
  const port = /:(\d*)$/.exec(host.replace(/^\[[^\]]*\]/, ""));
  const name = port === null ? host : host.slice(0, host.length - port[0].length);
  const bracketed = /^\[[0-9a-fA-F:.]+(%25[^\]]+)?\]$/.test(name);
  if (!bracketed && /[[\]:]/.test(name)) return null;
  if (/%(?![0-9a-fA-F]{2})/.test(rawPath) || /%(?![0-9a-fA-F]{2})/.test(name)) return null;
  const path = unescaped(rawPath);
  return path === null ? null : new Url(scheme.toLowerCase(), host, path, query, text);
}

function unescaped(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    // Escapes that are no UTF-8: Go would keep the bytes, which a string can't hold.
    return null;
  }
}

const ofUrl =
  (give: (url: Url) => Result): Implementation =>
  (url) => {
    if (!(url instanceof Url)) return NO_OVERLOAD;
    spendLength(url.$source.length);
    return give(url);
  };

/** The host without its port and brackets. */
const hostname = (url: Url): string => url.$host.replace(/:\d*$/, "").replace(/^\[(.*)\]$/, "$1");

function port(url: Url): string {
  return /:(\d*)$/.exec(url.$host.replace(/^\[[^\]]*\]/, ""))?.[1] ?? "";
}

function query(url: Url): Result {
  const lists = new Map<string, string[]>();
  for (const [key, value] of new URLSearchParams(url.$query)) {
    spend(1);
    const values = lists.get(key);
    if (values === undefined) lists.set(key, [value]);
    else values.push(value);
  }
  const map = new MapBuilder();
  for (const [key, values] of lists) map.add(key, values);
  return map.done();
}

/** Whether a text is a URL that Kubernetes takes. */
export const isUrl = (text: string): boolean => parse(text) !== null;

/** Kubernetes' URL library. */
export const urls: Library = {
  "url/1": (text) => (typeof text === "string" ? (parse(text) ?? BAD_ARGUMENT) : NO_OVERLOAD),
  "isURL/1": (text) => (typeof text === "string" ? isUrl(text) : NO_OVERLOAD),
  ".getScheme/0": ofUrl((url) => url.$scheme),
  ".getHost/0": ofUrl((url) => url.$host),
  ".getHostname/0": ofUrl(hostname),
  ".getPort/0": ofUrl(port),
  ".getEscapedPath/0": ofUrl((url) => encodeURI(url.$path).replace(/[?#]/g, encodeURIComponent)),
  ".getQuery/0": ofUrl(query),
};
