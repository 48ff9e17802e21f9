import { describe, expect, it } from "vitest";
import { compile } from "./compile";
import { CelError } from "./error";

const MEGA = 1_000_000;
const wide = `${"Ā".repeat(MEGA)}a`;
const pairs = "😀".repeat(MEGA / 2);
const entries = (): Record<string, number> =>
  Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`key-${index}`, index]));

/** Texts that are equal have different addresses, as two that were read have: nothing is told by the address alone. */
const bindings = {
  l: Array.from({ length: 20_000 }, (_, index) => index),
  s: "a".repeat(MEGA),
  same: ["a".repeat(MEGA)].map((text) => `${text}b`.slice(0, -1))[0],
  blanks: `a${" ".repeat(MEGA)}a`,
  ones: `${"1".repeat(MEGA)}x`,
  part: `b${"a".repeat(1000)}`,
  address: `/${"é".repeat(120)}`,
  wide,
  pairs,
  m: entries(),
  m2: entries(),
  numbers: Array.from({ length: 20_000 }, (_, index) => index),
  numbers2: Array.from({ length: 20_000 }, (_, index) => index),
  bytes: "YWJj".repeat(MEGA / 4),
  zones: Array.from({ length: 20_000 }, (_, index) => `Nowhere/${index}`),
  patterns: Array.from({ length: 20_000 }, (_, index) => `(a|b)+${index}$`),
};

describe("work that grows with the data ends with the budget", () => {
  it.each([
    ["l.all(a, !s.contains('b'))"],
    ["l.all(a, !s.contains(part))"],
    ["l.all(a, s.startsWith(same))"],
    ["l.all(a, s.endsWith(same))"],
    ["l.all(a, s.startsWith(written))"],
    ["l.all(a, s.endsWith(written))"],
    ["l.all(a, s.indexOf('b') < 0)"],
    ["l.all(a, wide.indexOf('a') > 0)"],
    ["l.all(a, s.lastIndexOf(part) < 0)"],
    ["l.all(a, pairs.charAt(499999) != 'a')"],
    ["l.all(a, pairs.substring(1) != 'a')"],
    ["l.all(a, wide.substring(1, 3) != 'a')"],
    ["l.all(a, wide.lowerAscii() != 'a')"],
    ["l.all(a, s.upperAscii() != 'a')"],
    ["l.all(a, blanks.trim() != 'a')"],
    ["l.all(a, wide.reverse() != 'a')"],
    ["l.all(a, strings.quote(s) != 'a')"],
    ["l.all(a, wide.size() > 0)"],
    ["l.all(a, size(bytes(s)) > 0)"],
    ["l.all(a, base64.decode(bytes).size() > 0)"],
    ["l.all(a, s <= same)"],
    ["l.all(a, s == same)"],
    ["l.all(a, string(s) == string(same))"],
    ["l.all(a, s in [same, 'b', s])"],
    ["l.all(a, [s] == [same])"],
    ["l.all(a, numbers == numbers2)"],
    ["l.all(a, m == m2)"],
    ["l.all(a, m.size() > 0)"],
    ["l.all(a, m.exists(key, true))"],
    ["l.all(a, m.exists(key, value, true))"],
    ["l.all(a, numbers + numbers2 != [])"],
    ["l.all(a, numbers.indexOf(-1) < 0)"],
    ["l.all(a, [s, same].distinct().size() > 0)"],
    ["l.all(a, s.matches('(a|b)*c$') || true)"],
    ["zones.map(zone, timestamp(0).getHours(zone) == 1 || true).size() > 0"],
    ["patterns.all(pattern, !'x'.matches(pattern))"],
    ["numbers.distinct().size() > 0"],
    ["l.all(a, numbers.includes(-1) || true)"],
    ["l.all(a, numbers.sort() != [] || true)"],
    ["l.all(a, numbers.sortBy(x, -x) != [] || true)"],
    ["l.all(a, numbers.map(x, optional.of(x)).unwrapOpt() != [])"],
    ["l.all(a, isURL(address))"],
    ["l.all(a, url(address) == url(address))"],
    ["l.all(a, !format.uri().validate(address).hasValue())"],
    ["isURL('/' + s)"],
    ["!format.uri().validate('/' + s).hasValue() || true"],
    ["l.all(a, url('/' + s.substring(0, 8000)).getEscapedPath() != '')"],
    ["l.all(a, url('/?' + ones.substring(0, 8000)).getQuery() != {})"],
  ])("%s", (expression) => {
    const result = compile(expression.replace("written", `'${"a".repeat(3000)}'`)).judge(bindings);
    expect(result instanceof CelError && result.message).toMatch(/more steps than are allowed/);
  });

  it.each([
    ["l.map(a, s.upperAscii()).size() > 0"],
    ["l.map(a, wide + s).size() > 0"],
    ["l.map(a, s.replace('b', 'c')).size() > 0"],
    ["l.map(a, s.split('')).size() > 0"],
    ["l.map(a, [s, same].join(',')).size() > 0"],
    ["l.map(a, '%s'.format([s])).size() > 0"],
    ["l.map(a, '%s'.format([[s, {'a': s}]])).size() > 0"],
    ["l.map(a, regex.replace('aaa', 'a', s)).size() > 0"],
    ["l.map(a, numbers.slice(1, 20000)).size() > 0"],
    ["l.map(a, numbers.reverse()).size() > 0"],
  ])("%s does not fill the memory", (expression) => {
    const result = compile(expression).judge(bindings);
    expect(result instanceof CelError && result.message).toMatch(/more steps than are allowed/);
  });
});

describe("one look at large data is within the budget", () => {
  it.each([
    ["s.contains('b') || s.lowerAscii().startsWith('a') && !s.endsWith('b')"],
    ["s == same && s <= same && m == m2"],
    ["wide.substring(1).size() == 1000000 && wide.indexOf('a') == 1000000"],
    ["blanks.trim() == blanks && (' ' + blanks + ' ').trim() == blanks"],
    ["pairs.charAt(499999) == '😀' && pairs.charAt(500000) == '' && pairs.substring(499999) == '😀'"],
  ])("%s", (expression) => expect(compile(expression).judge(bindings)).toBe(true));

  it("takes no steps for short texts", () => {
    const words = Array.from({ length: 100_000 }, (_, index) => `w${index}`);
    const expression =
      "l.all(a, a.contains('w') && a.trim().size() > 1 && a.upperAscii() >= 'W' && a == a.substring(0))";
    expect(compile(expression).judge({ l: words })).toBe(true);
  });
  it("refuses what only looks like a number without trying each of its beginnings", () => {
    const result = compile("double(ones) > 0.0").judge(bindings);
    expect(result instanceof CelError && result.message).toMatch(/not valid/);
  });
});
