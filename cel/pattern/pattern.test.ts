import fc from "fast-check";
import { RE2JS } from "re2js";
import { beforeEach, describe, expect, it } from "vitest";
import { refill } from "../value/budget";
import { understood } from "./native";
import { compilePattern } from "./pattern";

describe("patterns", () => {
  beforeEach(() => refill(100_000));
  it.each(["(a+)+$", "(a|a)*b", "(a|ab)*c", "a*a*b", "(?:a?){30}a{30}", "(.*)x(.*)y"])(
    "keeps %s from the native engine",
    (pattern) => {
      expect(understood(pattern)?.native).toBeNull();
      expect(compilePattern(pattern)?.test(`${"a".repeat(5000)}!`)).toBe(
        RE2JS.compile(pattern).test(`${"a".repeat(5000)}!`),
      );
    },
  );
  it.each([
    "^(LoadBalancer|NodePort)$",
    "@sha256:[0-9a-f]{64}$",
    ":[^:/]+$",
    "/0+$",
    "^(none)?$",
    "(^|_)(TOKEN|SECRET|SECRET_KEY)$",
    "(?i)^(true|false)$",
    "^(0|(?i:yes|no))$",
    "\\bcurl ",
  ])("gives %s to the native engine", (pattern) => expect(understood(pattern)?.native).toBeInstanceOf(RegExp));
  it.each(["(?<=a)b", "a(?!b)", "\\1(a)", "(", "a{1001}", "x".repeat(1001), "((a{100}){100}){100}"])(
    "refuses %.30s",
    (pattern) => expect(compilePattern(pattern)).toBeNull(),
  );
  it("reads RE2's own syntax", () => {
    expect(compilePattern("(?i)^BIG$")?.test("big")).toBe(true);
    expect(compilePattern("^[[:alpha:]]+\\z")?.test("abc")).toBe(true);
    expect(compilePattern("(?P<n>a)")?.test("a")).toBe(true);
    expect(compilePattern("^.$")?.test("😀")).toBe(true);
  });

  const atom = fc.constantFrom(
    "a",
    "b",
    "é",
    "😀",
    ".",
    "[ab]",
    "[^a]",
    "\\d",
    "\\w",
    "\\s",
    "\\.",
    "(a|b)",
    "(?:ab|b)",
    "k",
    "(?i:k|AS)",
    "(?i:[^s-u])",
    "(?i:[A-c]|\\w)",
    "(?i:\\W)",
    "(?i:\\x41|é)",
  );
  const repeated = fc.tuple(atom, fc.constantFrom("", "", "?", "*", "+", "{2}", "{1,2}")).map((both) => both.join(""));
  const part = fc.oneof({ weight: 9, arbitrary: repeated }, { weight: 1, arbitrary: fc.constant("\\b") });
  const pattern = fc
    .tuple(fc.constantFrom("", "^"), fc.array(part, { minLength: 1, maxLength: 4 }), fc.constantFrom("", "$"))
    .map(([start, parts, end]) => start + parts.join("") + end);
  const text = fc
    .array(fc.constantFrom("a", "b", "c", "k", "S", "é", "É", "ſ", "\u212a", "😀", "1", ".", " ", "\n", "\u2028"), {
      maxLength: 6,
    })
    .map((all) => all.join(""));
  it("means the same behind the look for what must be there, and again from memory", () => {
    const cased = fc.tuple(
      fc.constantFrom("", "(?i)"),
      fc.oneof(
        pattern,
        fc.tuple(pattern, pattern).map(([a, b]) => `(${a}|${b})+`),
      ),
    );
    const upper = fc.tuple(text, fc.boolean()).map(([one, up]) => (up ? one.toUpperCase() : one));
    fc.assert(
      fc.property(cased, upper, ([flag, source], subject) => {
        const wanted = RE2JS.compile(flag + source).test(subject);
        refill(100_000);
        const compiled = compilePattern(flag + source);
        expect([compiled?.test(subject), compiled?.test(subject)]).toEqual([wanted, wanted]);
      }),
      { numRuns: 3000 },
    );
  });
  it.each([
    [
      "^[a-z]+://[^/]*@|-----BEGIN [A-Z ]*KEY-----",
      ["a plain value", "x:/y", "BEGIN KEY"],
      ["http://a@", "-----BEGIN KEY-----"],
    ],
    ["(?i)(^|/)(xmrig|minerd)([ ]+|$)", ["nginx", "XMR"], ["/XMRig", "minerd x"]],
  ])("looks into %s only where it may be", (source, without, within) => {
    const look = understood(source)?.required;
    for (const subject of without) expect(look?.test(subject)).toBe(false);
    for (const subject of within)
      expect([look?.test(subject), compilePattern(source)?.test(subject)]).toEqual([true, true]);
  });
  it("means the same in both engines", () => {
    fc.assert(
      fc.property(fc.constantFrom("", "(?i)"), pattern, text, (flag, plain, subject) => {
        const source = flag + plain;
        const native = understood(source)?.native ?? null;
        if (native !== null) expect(native.test(subject)).toBe(RE2JS.compile(source).test(subject));
      }),
      { numRuns: 4000 },
    );
  });
  it("takes nothing that RE2 refuses", () => {
    const token = fc.constantFrom(
      ...[
        "a",
        "-",
        "[",
        "]",
        "(",
        ")",
        "(?:",
        "^",
        "$",
        ".",
        "*",
        "+",
        "?",
        "{2}",
        "{0,3}",
        "{1000}",
        "{1001}",
        "{,2}",
      ],
      ...[
        "|",
        "\\d",
        "\\.",
        "\\]",
        "\\S",
        "é",
        "😀",
        ":",
        "[:alpha:]",
        "{",
        "}",
        "\\",
        "a-z",
        "z-a",
        "\\pN",
        "\\b",
        "(?i:",
        "k",
      ],
    );
    const soup = fc
      .tuple(fc.constantFrom("", "(?i)"), fc.array(token, { minLength: 1, maxLength: 8 }))
      .map(([flag, all]) => flag + all.join(""));
    fc.assert(
      fc.property(soup, (source) => {
        if (understood(source) !== null) expect(() => RE2JS.compile(source)).not.toThrow();
      }),
      { numRuns: 10_000 },
    );
    expect([understood("(a{100}){1000}"), understood("a{1001}")]).toEqual([null, null]);
  });
});
