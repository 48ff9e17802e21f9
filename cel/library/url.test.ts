import { describe, expect, it } from "vitest";
import { compile } from "../compile";

const judged = (expression: string, text: string): boolean | string => {
  const result = compile(expression).judge({ text });
  return typeof result === "boolean" ? result : result.code;
};

describe("isURL and url, as Go's net/url reads", () => {
  it.each([
    "https://user:pass@example.com:80/path?query=val#fragment",
    "/absolute-path",
    "/path with blanks?and query with blanks",
    "http://a.b/c d?e f=g h#i j",
    "http:///no-host",
    "http:",
    "mailto:a@b.c",
    "*",
    "//host/path",
    "https://[::1]:80/",
    "https://[::ffff:1.2.3.4]/",
    "https://[fe80::1%25en0]/",
    "http://a%C3%A9.b/",
    "http://é.b/é",
    "http://a.b:/",
    "a+b.c-1://h",
    "/a%2Fb?%zz",
    `/${"a".repeat(8191)}`,
  ])("takes %.40s", (text) =>
    expect([judged("isURL(text)", text), judged("url(text) == url(text)", text)]).toEqual([true, true]),
  );

  it.each([
    "",
    "../relative-path",
    "a b",
    "https://a:b:c/",
    "https://a:1:2/",
    "http://a b/",
    "http://a\\b/",
    "http://[::1/",
    "http://a[::1]/",
    "http://[1.2.3.4]/",
    "http://[zz]/",
    "http://[fe80::1%25]x/",
    "http://a%41.b/",
    "http://a/%zz",
    "http://u ser@h/",
    "http://u%zz@h/",
    "1a://x",
    ":x",
    "http://a#b",
    "/a\u0000",
    "/a\u007f",
  ])("refuses %j", (text) =>
    expect([judged("isURL(text)", text), judged("url(text) == url(text)", text)]).toEqual([false, "other"]),
  );

  it.each(["/a?x#%zz", "//a b/c", "//a:b/c"])("%s is what a request may hold, and no URL by itself", (text) =>
    expect([judged("isURL(text)", text), judged("url(text) == url(text)", text)]).toEqual([true, "other"]),
  );
});

/** Scheme, host, name of the host, port, escaped path; then the query. */
it.each([
  ["/path", ["", "", "", "", "/path"], {}],
  ["https://example.com", ["https", "example.com", "example.com", "", ""], {}],
  ["HTTPS://example.com:80/", ["https", "example.com:80", "example.com", "80", "/"], {}],
  ["https://[::1]:80/", ["https", "[::1]:80", "::1", "80", "/"], {}],
  ["https://[fe80::1%25en0]", ["https", "[fe80::1%en0]", "fe80::1%en0", "", ""], {}],
  ["https://a:/", ["https", "a:", "a", "", "/"], {}],
  ["https://example.com/path with spaces/", ["https", "example.com", "example.com", "", "/path%20with%20spaces/"], {}],
  ["/a%2Fb%2f(c)!", ["", "", "", "", "/a%2Fb%2f(c)!"], {}],
  ["/a%2Fb (c)é", ["", "", "", "", "/a/b%20%28c%29%C3%A9"], {}],
  ["//host/path", ["", "host", "host", "", "/path"], {}],
  ["*", ["", "", "", "", "*"], {}],
  ["mailto:a?x=1#f", ["mailto", "", "", "", ""], { x: ["1"] }],
  ["/?k1=a&k2=b&k2=c", ["", "", "", "", "/"], { k1: ["a"], k2: ["b", "c"] }],
  ["/?key with spaces=value with spaces", ["", "", "", "", "/"], { "key with spaces": ["value with spaces"] }],
  [
    "/?a+b=%2B&c&=d&e;f=1&%zz=1&g=%zz&&h==i#j=k",
    ["", "", "", "", "/"],
    { "a b": ["+"], c: [""], "": ["d"], h: ["=i"] },
  ],
  ["/path?", ["", "", "", "", "/path"], {}],
] as const)("reads the parts of %s", (text, parts, query) => {
  const expression = `[url(u).getScheme(), url(u).getHost(), url(u).getHostname(), url(u).getPort(), url(u).getEscapedPath()] == parts
    && url(u).getQuery() == query`;
  expect(compile(expression).judge({ u: text, parts, query })).toBe(true);
});

it.each([
  ["HTTP://a/", "http://a/", true],
  ["http://a/b c", "http://a/b%20c", true],
  ["http://a/%41", "http://a/A", false],
  ["http://a/?", "http://a/", false],
  ["http://a/#", "http://a/", true],
  ["http://a/#b c", "http://a/#b%20c", true],
  ["http://u:p@a/", "http://u@a/", false],
])("compares %s and %s as Go writes them", (a, b, same) =>
  expect(compile("url(a) == url(b)").judge({ a, b })).toBe(same),
);
