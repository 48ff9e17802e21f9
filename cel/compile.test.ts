import { describe, expect, it } from "vitest";
import { compile } from "./compile";
import { CelError } from "./error";

const codeOf = (expression: string, bindings: Record<string, unknown>): string => {
  try {
    return String(compile(expression).evaluate(bindings));
  } catch (error) {
    return error instanceof CelError ? `${error.code}:${error.path ?? ""}` : `not a CelError: ${String(error)}`;
  }
};

describe("integers", () => {
  it("reads integral JSON numbers as CEL ints", () => {
    expect(codeOf("type(c.n) == int && c.n + 1 == 4 && c.n % 2 == 1", { c: { n: 3 } })).toBe("true");
    expect(codeOf("type(c.n) == double", { c: { n: 1.5 } })).toBe("true");
    expect(codeOf("c.list.exists(n, n == 2)", { c: { list: [1, 2] } })).toBe("true");
  });
});

describe("wrong shapes are errors, not defaults", () => {
  const privileged = "c.?securityContext.?privileged.orValue(false)";
  it.each([
    [{}, "false"],
    [{ securityContext: {} }, "false"],
    [{ securityContext: { privileged: true } }, "true"],
    [{ securityContext: "x" }, "type:c.securityContext"],
    [{ securityContext: [] }, "type:c.securityContext"],
    [{ securityContext: null }, "type:c.securityContext"],
    [{ securityContext: { privileged: "false" } }, "type:"],
    [{ securityContext: { privileged: null } }, "type:"],
  ])("%j gives %s", (c, expected) => expect(codeOf(privileged, { c })).toBe(expected));

  it("looks through macros", () => {
    const expression = "c.?add.orValue([]).exists(x, x.?name.orValue('') == 'A')";
    expect(codeOf(expression, { c: { add: [{ name: "A" }] } })).toBe("true");
    expect(codeOf(expression, { c: { add: [{ name: "B" }] } })).toBe("false");
    expect(codeOf(expression, { c: { add: ["B"] } })).toBe("type:c.add.*");
    expect(codeOf(expression, { c: { add: { B: 1 } } })).toMatch(/^type/);
    expect(codeOf("has(c.h)", { c: "text" })).toBe("type:c");
  });

  it("walks a map by keys and values where it is said to be one", () => {
    const expression = "c.?labels.orValue({}).exists(key, value, key.startsWith('a') && value.startsWith('x'))";
    expect(codeOf(expression, { c: { labels: { ab: "xy", b: "q" } } })).toBe("true");
    expect(codeOf(expression, { c: { labels: { ab: "y" } } })).toBe("false");
    expect(codeOf(expression, { c: { labels: { ab: 7 } } })).not.toBe("false");
    expect(codeOf(expression, { c: { labels: "ab" } })).not.toBe("false");
  });
});

describe("absence", () => {
  it("names what was absent, and absorbs it where CEL does", () => {
    expect(codeOf("facts.reach.size() > 0", { facts: {} })).toBe("absent:facts.reach");
    expect(codeOf("facts.reach == 1", {})).toBe("absent:facts");
    expect(codeOf("facts.a || true", { facts: {} })).toBe("true");
    expect(codeOf("facts.a && true", { facts: {} })).toBe("absent:facts.a");
  });
  it("sees own properties only", () => {
    expect(codeOf("has(c.constructor) || has(c.toString)", { c: {} })).toBe("false");
    expect(codeOf("c.constructor == 1", { c: {} })).toBe("absent:c.constructor");
  });
});

it("takes patterns from the data, another one each time, and refuses those that are none", () => {
  const matches = compile("c.text.matches(c.pattern)");
  const said = (text: unknown, pattern: unknown): unknown => {
    const result = matches.judge({ c: { text, pattern } });
    return result instanceof CelError ? result.code : result;
  };
  for (let time = 0; time < 3; time++) {
    expect([said("ab", "^a"), said("ab", "^b"), said("ab", "^b"), said("b", "^b")]).toEqual([true, false, false, true]);
    expect([said("ab", "("), said("ab", "("), said("ab", "b$")]).toEqual(["other", "other", true]);
    expect([said(1, "^a"), said("a", 1), said("a", ["a"]), said(null, "")]).toEqual(Array(4).fill("type"));
  }
  // An optional is no text.
  for (const expression of ["c.?text.matches(c.pattern)", "c.text.matches(c.?pattern)"])
    expect(codeOf(expression, { c: { text: "ab", pattern: "b" } })).toBe("type:");
  // Too many patterns for one evaluation; what is asked next has its own answer.
  const places = compile("c.list.exists(p, c.text.matches(p))");
  const patterns = Array.from({ length: 1100 }, (_, at) => `^unmet${at}$`);
  expect(places.judge({ c: { text: "ab", list: [...patterns, "^a"] } })).toMatchObject({ code: "other" });
  for (const at of [1000, 1001, 999, 1098, 1099]) {
    expect(places.judge({ c: { text: `unmet${at}`, list: [`^unmet${at}$`] } })).toBe(true);
    expect(places.judge({ c: { text: "ab", list: [`^unmet${at}$`] } })).toBe(false);
  }
  expect(codeOf("['a', 'b', '('].exists(p, 'b'.matches(p))", {})).toBe("true");
  expect(codeOf("['a', '('].exists(p, 'b'.matches(p))", {})).toBe("other:");
});

it("finds null under every name, also one that JavaScript's objects inherit", () => {
  const c = JSON.parse('{ "a": null, "values": null, "constructor": null, "__proto__": null }');
  for (const name of ["a", "values", "constructor"])
    expect(codeOf(`c.${name} == null && has(c.${name})`, { c })).toBe("true");
  expect(codeOf("c['__proto__'] == null && {1: null}[1] == null && {1: 2, 'a': null}.a == null", { c })).toBe("true");
});

describe("limits", () => {
  it.each([
    "1 +",
    "a b",
    `${"(".repeat(100)}true${")".repeat(100)}`,
    "x".repeat(4001),
    Array(600).fill("a").join("||"),
  ])("refuses %.20s", (expression) => expect(() => compile(expression)).toThrow(CelError));
  it("refuses a result that is no bool and values nested without end", () => {
    expect(codeOf("1 + 1", {})).toMatch(/^(type|syntax)/);
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    expect(codeOf("c == c.self.self || c == [[c]]", { c: loop })).toMatch(/^other/);
  });
  it("counts the steps of loops that call nothing", () => {
    const expression = "c.all(x, c.all(y, c.all(z, x == 'a')))";
    expect(codeOf(expression, { c: Array(50).fill("a") })).toBe("true");
    expect(codeOf(expression, { c: Array(150).fill("a") })).toMatch(/^other/);
  });
  it("compares numbers of every kind with a literal", () => {
    expect(codeOf("c == 1 && c != 2 && 1.0 == c && !(c == 'a')", { c: 1 })).toBe("true");
    expect(codeOf("uint(c) == 2 && double(c) == 2", { c: 2 })).toBe("true");
    expect(codeOf("c != 1 && c != 0", { c: { a: 1 } })).toBe("true");
    expect(codeOf("c == 1 || c == 0", { c: "1" })).toBe("false");
  });
});
