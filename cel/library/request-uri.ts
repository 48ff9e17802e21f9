import { readIp } from "./address";

/** A URL as Go's `net/url` reads it, which is what Kubernetes calls. Texts are escaped as Go writes them. */
export interface RequestUri {
  readonly scheme: string;
  /** With its port and the brackets of an IPv6 address. */
  readonly host: string;
  readonly path: string;
  /** As it was written, without the question mark. */
  readonly query: string;
  /** The whole of it as Go writes it: two URLs are equal when these are. */
  readonly text: string;
}

/** How Go writes each byte of a part: what it leaves as it is, and the others escaped. */
const writtenBy = (kept: RegExp): readonly string[] =>
  Array.from({ length: 256 }, (_, byte) => {
    const char = String.fromCharCode(byte);
    return byte < 0x80 && kept.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  });
const WRITTEN = {
  path: writtenBy(/[\w.~$&+,/:;=@-]/),
  fragment: writtenBy(/[\w.~$&+,/:;=?@!()*-]/),
  user: writtenBy(/[\w.~$&+,;=-]/),
  host: writtenBy(/[\w.~!$&'()*+,;=:[\]<>"-]/),
};
/** What may stand in a host before it is unescaped. */
const HOST = /^[\w.~!$&'()*+,;=:[\]<>"%\x80-\uffff-]*$/;
/** What may stand in a path or fragment unescaped without being written anew. */
const VALID = { path: /^[\w.~$&+,/:;=@!'()*[\]%-]*$/, fragment: /^[\w.~$&+,/:;=?@!'()*[\]%-]*$/ };
const NOT_HEX = /%(?![\da-fA-F]{2})/;

/** The bytes behind `%41`; null for an escape that is none. */
function bytesOf(text: string): Buffer | null {
  if (NOT_HEX.test(text)) return null;
  const bytes = Buffer.from(text);
  if (!text.includes("%")) return bytes;
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    const coded = bytes[at] === 0x25;
    bytes[length++] = coded ? Number.parseInt(bytes.toString("latin1", at + 1, at + 3), 16) : (bytes[at] ?? 0);
    if (coded) at += 2;
  }
  return bytes.subarray(0, length);
}

function escaped(bytes: Buffer, written: readonly string[]): string {
  let text = "";
  for (const byte of bytes) text += written[byte];
  return text;
}

/** A part as Go gives it: as it was written when that is valid, escaped anew otherwise; null for a wrong escape. */
function part(text: string, which: "path" | "fragment"): string | null {
  const bytes = bytesOf(text);
  if (bytes === null) return null;
  return VALID[which].test(text) ? text : escaped(bytes, WRITTEN[which]);
}

/** What stands for itself when a query is read; null for a wrong escape. Bytes that are no UTF-8 become U+FFFD. */
export const unescapedOfQuery = (text: string): string | null => bytesOf(text.replaceAll("+", " "))?.toString() ?? null;

/** `host:port`, which must be digits; an IPv6 address in brackets, with a zone perhaps. */
function hostOf(text: string): string | null {
  const bracket = text.lastIndexOf("[");
  if (bracket > 0) return null;
  if (bracket < 0) return /^[^:]*(?::\d*)?$/.test(text) ? unescapedHost(text) : null;
  const [, address = "", port] = /^\[(.*)\]((?::\d*)?)$/s.exec(text) ?? [];
  if (port === undefined) return null;
  const zone = address.indexOf("%25");
  const number = unescapedHost(zone < 0 ? address : address.slice(0, zone));
  const name = zone < 0 ? "" : unescapedZone(address.slice(zone));
  if (number === null || name === null || name === "%" || readIp(number)?.$family !== 6) return null;
  return `[${number}${name}]${port}`;
}

/** Escapes are for bytes beyond ASCII and for the percent sign only. */
function unescapedHost(text: string): string | null {
  if (/%(?!25)[0-7]/.test(text) || !HOST.test(text)) return null;
  return bytesOf(text)?.toString() ?? null;
}

/** A zone may escape what could have been written, and the blank. */
function unescapedZone(text: string): string | null {
  if (!HOST.test(text)) return null;
  for (const [whole, hex = ""] of text.matchAll(/%([\da-fA-F]{2})/g)) {
    const char = String.fromCharCode(Number.parseInt(hex, 16));
    if (whole !== "%25" && char !== " " && (char >= "\x80" || !HOST.test(char))) return null;
  }
  return bytesOf(text)?.toString() ?? null;
}

/** `user:password` as Go writes it. */
function userOf(text: string): string | null {
  if (!/^[\w.:~!$&'()*+,;=%@-]*$/.test(text)) return null;
  const colon = text.indexOf(":");
  const parts = colon < 0 ? [text] : [text.slice(0, colon), text.slice(colon + 1)];
  const written = parts.map(bytesOf).map((bytes) => (bytes === null ? null : escaped(bytes, WRITTEN.user)));
  return written.includes(null) ? null : written.join(":");
}

/** One pass of Go's parser; `request` takes what stands in an HTTP request: an absolute URL or a path from the root. */
function parse(text: string, request: boolean): RequestUri | null {
  if (text === "*") return { scheme: "", host: "", path: "*", query: "", text };
  const [prefix = "", scheme = ""] = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(text) ?? [];
  const rest = text.slice(prefix.length);
  const mark = rest.indexOf("?");
  const [before, query] = mark < 0 ? [rest, ""] : [rest.slice(0, mark), rest.slice(mark + 1)];
  const tail = mark < 0 ? "" : `?${query}`;
  const head = scheme === "" ? "" : `${scheme.toLowerCase()}:`;
  const given = { scheme: scheme.toLowerCase(), query };
  if (!before.startsWith("/")) {
    return scheme === "" ? null : { ...given, host: "", path: "", text: `${head}${before}${tail}` };
  }
  const [, authority, raw = before] =
    before.startsWith("//") && (scheme !== "" || (!request && !before.startsWith("///")))
      ? (/^\/\/([^/]*)(.*)$/s.exec(before) ?? [])
      : [];
  const path = part(raw, "path");
  if (path === null) return null;
  // Go writes two slashes before any path of a URL that has a scheme.
  if (authority === undefined) return { ...given, host: "", path, text: `${head}${head && "//"}${path}${tail}` };
  const at = authority.lastIndexOf("@");
  const host = hostOf(authority.slice(at + 1));
  const user = at < 0 ? "" : userOf(authority.slice(0, at));
  if (host === null || user === null) return null;
  const slashes = host !== "" || path !== "" || at >= 0 ? "//" : "";
  const written = `${slashes}${user}${at < 0 ? "" : "@"}${escaped(Buffer.from(host), WRITTEN.host)}`;
  return { ...given, host, path, text: `${head}${written}${path}${tail}` };
}

/** Go's `url.ParseRequestURI`, which takes a fragment for a part of what is before it; null for what is no such URL. */
export function readRequestUri(text: string): RequestUri | null {
  return text === "" || /[\x00-\x1f\x7f]/.test(text) ? null : parse(text, true);
}

/** A text that both of Go's parsers take, read by the second, which knows fragments. */
export function readUrl(text: string): RequestUri | null {
  if (readRequestUri(text) === null) return null;
  const mark = text.indexOf("#");
  if (mark < 0) return parse(text, false);
  const [url, fragment] = [parse(text.slice(0, mark), false), part(text.slice(mark + 1), "fragment")];
  if (url === null || fragment === null) return null;
  return fragment === "" ? url : { ...url, text: `${url.text}#${fragment}` };
}
