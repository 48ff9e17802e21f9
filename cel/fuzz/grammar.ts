import fc, { type Arbitrary } from "fast-check";
import type { Expression } from "./expression";

/** Data and expressions draw on the same few names, so that reads meet what is there, what is absent and what has another type. */
const FIELDS = ["a", "b", "values", "constructor"];
const field = fc.constantFrom(...FIELDS);
/** `v` and `w` are bound by macros only: outside of those they are absent. */
const name = fc.constantFrom("y", "v", "w");

/** From the year 100 on: the other library takes 1 for 1901. */
const TIMES = ["2024-02-29T23:59:59.5Z", "1969-12-31T23:59:59Z", "2026-03-29T01:30:00+02:00", "1066-10-14T09:00:00Z"];
const SPANS = ["1h30m", "-0.25s", "0", "2540400h", "36h"];

const tree = fc.letrec<{ data: unknown; leaf: unknown }>((tie) => ({
  leaf: fc.oneof(
    fc.boolean(),
    fc.integer({ min: -3, max: 3 }),
    fc.constantFrom(0.5, -1.5, null),
    fc.constantFrom("", "a", "ab", "é", "😀b", " a,b ", "12", "true", "1h30m", "2024-02-29T23:59:59.5Z"),
  ),
  data: fc.oneof(
    { maxDepth: 3 },
    tie("leaf"),
    fc.array(tie("data"), { maxLength: 3 }),
    fc.dictionary(field, tie("data"), { maxKeys: 3 }),
  ),
}));
export const data = tree.data;
/** `has()` on what is no map is false to the other library and an error to us, so it is asked of a map only. */
export const map = fc.dictionary(field, data, { maxKeys: 3 });

const text = (...texts: readonly string[]): Arbitrary<Expression> =>
  fc.constantFrom(...texts).map((one) => ({ kind: "text" as const, text: one }));
const named = (...names: readonly string[]): Arbitrary<Expression> =>
  fc.constantFrom(...names).map((one) => ({ kind: "name" as const, name: one }));

const GETTERS = [
  "FullYear",
  "Month",
  "Date",
  "DayOfMonth",
  "DayOfWeek",
  "DayOfYear",
  "Hours",
  "Minutes",
  "Seconds",
  "Milliseconds",
];
const ZONES = ["", "'UTC'", "'-02:30'", "'America/New_York'"];
const FORMS = {
  number: {
    sums: ["($0 + $1)", "($0 - $1)", "($0 * $1)", "($0 / $1)", "($0 % $1)"],
    ofText: ["int($0)", "double($0)", "uint($0)", "size($0)"],
    ofNumber: ["int($0)", "double($0)", "uint($0)", "-($0)"],
    ofTime: ["int($0)", ...GETTERS.flatMap((part) => ZONES.map((zone) => `($0).get${part}(${zone})`))],
  },
  text: {
    one: ["($0).lowerAscii()", "($0).upperAscii()", "($0).trim()"],
    ofAny: ["string($0)"],
    at: ["($0).charAt($1)", "($0).substring($1)"],
  },
};
const ORDERS = ["==", "!=", "<", "<=", ">", ">="].map((sign) => `($0 ${sign} $1)`);
const TESTS = ["startsWith", "endsWith", "contains"].map((method) => `($0).${method}($1)`);
const PATTERNS = ["a", "^a?b$", "", "[0-9]+"].map((pattern) => `($0).matches('${pattern}')`);

/** What a part is meant to be; now and then it is anything, which most often is an error. */
type Sort = "bool" | "number" | "text" | "list" | "mapping" | "time" | "optional" | "value";
type Parts = Record<Sort, Expression>;
type Tie = (sort: Sort) => Arbitrary<Expression>;

const calls = (forms: readonly string[], ...args: readonly Arbitrary<Expression>[]): Arbitrary<Expression> =>
  fc.tuple(fc.constantFrom(...forms), fc.tuple(...args)).map(([form, given]) => ({ kind: "call", form, args: given }));

const bind = (tie: Tie, body: Sort): Arbitrary<Expression> =>
  fc.record({ kind: fc.constant("bind" as const), name, value: tie("value"), body: tie(body) });

const choice = (tie: Tie, sort: Sort): Arbitrary<Expression> =>
  fc.record({ kind: fc.constant("if" as const), test: tie("bool"), yes: tie(sort), no: tie(sort) });

/** What an optional holds, if it holds something of this sort. */
const held = (tie: Tie, sort: Sort): Arbitrary<Expression> =>
  fc.record({
    kind: fc.constant("or" as const),
    how: fc.constant("orValue" as const),
    operand: tie("optional"),
    other: tie(sort),
  });

/** One of the macros with one name or with two, over a list or a map. */
function loop(
  tie: Tie,
  macros: readonly Extract<Expression, { kind: "loop" }>["macro"][],
  names: 1 | 2,
  step: Sort,
  filtered: boolean,
): Arbitrary<Expression> {
  return fc.record({
    kind: fc.constant("loop" as const),
    macro: fc.constantFrom(...macros),
    range: fc.oneof(tie("list"), tie("mapping")),
    names: fc.uniqueArray(name, { minLength: names, maxLength: names }),
    filter: filtered ? fc.option<Expression, null>(tie("bool"), { nil: null }) : fc.constant(null),
    step: tie(step),
  });
}

/** `a.?b`, `a[?b]`, `optional.of(a)` and what else gives an optional. */
function optionals(tie: Tie): Arbitrary<Expression>[] {
  const optMap = (how: "optMap" | "optFlatMap", body: Sort): Arbitrary<Expression> =>
    fc.record({
      kind: fc.constant("optMap" as const),
      how: fc.constant(how),
      operand: tie("optional"),
      name,
      body: tie(body),
    });
  const read = (operand: Arbitrary<Expression>, ...signs: readonly (".?" | ".")[]): Arbitrary<Expression> =>
    fc.record({ kind: fc.constant("field" as const), operand, field, sign: fc.constantFrom(...signs) });
  return [
    read(tie("mapping"), ".?"),
    read(tie("optional"), ".?", "."),
    fc.record({ kind: fc.constant("at" as const), operand: tie("list"), index: tie("number") }),
    fc.record({ kind: fc.constant("at" as const), operand: tie("mapping"), index: tie("text") }),
    fc.record({ kind: fc.constant("at" as const), operand: tie("optional"), index: tie("value") }),
    fc.record({
      kind: fc.constant("of" as const),
      how: fc.constantFrom("of" as const, "ofNonZeroValue" as const),
      value: tie("value"),
    }),
    fc.constant({ kind: "none" }),
    fc.record({
      kind: fc.constant("or" as const),
      how: fc.constant("or" as const),
      operand: tie("optional"),
      other: tie("optional"),
    }),
    optMap("optMap", "value"),
    optMap("optFlatMap", "optional"),
    fc.record({
      kind: fc.constant("end" as const),
      which: fc.constantFrom("first" as const, "last" as const),
      list: tie("list"),
    }),
  ];
}

function numbers(tie: Tie): Arbitrary<Expression>[] {
  return [
    text("0", "1", "-2", "3u", "0.5", "2.0", "7", "18446744073709551615u"),
    text("9007199254740993", "9223372036854775807", "-9223372036854775808", "1e300"),
    calls(FORMS.number.sums, tie("number"), tie("number")),
    calls(FORMS.number.ofText, tie("text")),
    calls(FORMS.number.ofNumber, tie("number")),
    calls(FORMS.number.ofTime, tie("time")),
    calls(["size($0)"], fc.oneof(tie("list"), tie("mapping"))),
    calls(["($0).indexOf($1)", "($0).lastIndexOf($1)"], tie("text"), tie("text")),
  ];
}

function texts(tie: Tie): Arbitrary<Expression>[] {
  return [
    text("'a'", "'ab'", "''", "'😀b'", "' a,b '", "'12'", "'values'", "'1.5'"),
    calls(["($0 + $1)"], tie("text"), tie("text")),
    calls(FORMS.text.one, tie("text")),
    calls(FORMS.text.ofAny, fc.oneof(tie("number"), tie("bool"), tie("time"), tie("text"))),
    calls(FORMS.text.at, tie("text"), tie("number")),
    calls(["($0).join($1)"], tie("list"), tie("text")),
  ];
}

function containers(tie: Tie): { lists: Arbitrary<Expression>[]; maps: Arbitrary<Expression>[] } {
  const item = fc.oneof(
    fc.record({ value: tie("value"), optional: fc.constant(false) }),
    fc.record({ value: tie("optional"), optional: fc.constant(true) }),
  );
  const key = fc.constantFrom("'a'", "'b'", "'values'", "1", "true", "2u");
  const entry = fc.tuple(key, item).map(([one, rest]) => ({ key: one, ...rest }));
  return {
    lists: [
      text("[]", "[1, 'a']", "[0, 1, 2]", "['a', 'ab', '']", "[[1], {'a': 2}]"),
      fc.array(item, { maxLength: 3 }).map((items) => ({ kind: "list" as const, items })),
      fc.array(tie("optional"), { maxLength: 3 }).map((items) => ({ kind: "unwrap" as const, items })),
      calls(["($0 + $1)"], tie("list"), tie("list")),
      calls(["($0).split($1)"], tie("text"), tie("text")),
      loop(tie, ["filter"], 1, "bool", false),
      loop(tie, ["map"], 1, "value", true),
      loop(tie, ["transformList"], 2, "value", true),
    ],
    maps: [
      named("m"),
      text("{}", "{'a': 1, 'values': [1]}", "{'a': {'b': 'a'}, 'b': null}", "{1: 'a', true: 2}"),
      fc.array(entry, { maxLength: 3 }).map((entries) => ({ kind: "map" as const, entries })),
      loop(tie, ["transformMap"], 2, "value", true),
      loop(tie, ["transformMapEntry"], 2, "mapping", true),
    ],
  };
}

const times = (tie: Tie): Arbitrary<Expression>[] => [
  text(...TIMES.map((one) => `timestamp('${one}')`), ...SPANS.map((one) => `duration('${one}')`)),
  calls(["($0 + $1)", "($0 - $1)"], tie("time"), tie("time")),
  calls(["timestamp($0)"], fc.oneof(tie("number"), tie("text"), tie("time"))),
  calls(["duration($0)"], fc.oneof(tie("number"), tie("text"), tie("time"))),
];

const values = (tie: Tie): Arbitrary<Expression>[] => [
  named("x", "y", "v", "w"),
  text("null", "b'a'", "int", "true"),
  fc.oneof(tie("number"), tie("text"), tie("list"), tie("mapping"), tie("time"), tie("bool")),
  fc.tuple(tie("mapping"), field).map(([operand, one]) => ({ kind: "call", form: `($0).${one}`, args: [operand] })),
  calls(["($0)[$1]"], tie("list"), tie("number")),
  calls(["($0)[$1]"], tie("mapping"), fc.oneof(tie("text"), tie("number"))),
  calls(["bytes($0)", "bool($0)", "type($0)"], tie("value")),
  fc.record({ kind: fc.constant("ask" as const), how: fc.constant("value" as const), operand: tie("optional") }),
];

const bools = (tie: Tie): Arbitrary<Expression>[] => [
  text("x.a", "y.b", "true", "false"),
  calls(
    FIELDS.map((one) => `has($0.${one})`),
    named("m"),
  ),
  calls(ORDERS, tie("number"), tie("number")),
  calls(ORDERS, tie("text"), tie("text")),
  calls(ORDERS, tie("time"), tie("time")),
  calls(ORDERS, tie("value"), tie("value")),
  calls(["($0 == $1)", "($0 != $1)"], tie("list"), tie("list")),
  calls(["($0 == $1)", "($0 != $1)"], tie("mapping"), tie("mapping")),
  calls(["($0 == $1)", "($0 != $1)"], tie("optional"), tie("optional")),
  calls(["($0 in $1)"], tie("value"), fc.oneof(tie("list"), tie("mapping"))),
  fc.record({
    kind: fc.constant("both" as const),
    sign: fc.constantFrom("&&" as const, "||" as const),
    left: tie("bool"),
    right: tie("bool"),
  }),
  calls(["!($0)"], tie("bool")),
  loop(tie, ["all", "exists", "exists_one"], 1, "bool", false),
  loop(tie, ["all", "exists", "existsOne"], 2, "bool", false),
  calls(TESTS, tie("text"), tie("text")),
  calls(PATTERNS, tie("text")),
  // Patterns that come with the data, some of which are none.
  calls(["($0).matches($1)"], tie("text"), tie("text")),
  calls(["(type($0) == type($1))"], tie("value"), tie("value")),
  fc.record({ kind: fc.constant("ask" as const), how: fc.constant("hasValue" as const), operand: tie("optional") }),
];

/** A predicate, over `x`, `y` and the map `m`. */
export const predicate: Arbitrary<Expression> = fc.letrec<Parts>((untyped) => {
  const exactly = untyped as Tie;
  const tie: Tie = (sort) =>
    fc.oneof(
      { arbitrary: exactly(sort), weight: 12 },
      { arbitrary: exactly("value"), weight: sort === "optional" ? 0 : 1 },
    );
  const { lists, maps } = containers(tie);
  const one = (sort: Sort, options: readonly Arbitrary<Expression>[], shared = true): Arbitrary<Expression> =>
    fc.oneof(
      { maxDepth: 4, depthIdentifier: "expression", withCrossShrink: true },
      ...options,
      ...(shared ? [bind(tie, sort), choice(tie, sort), held(tie, sort)] : []),
    );
  return {
    bool: one("bool", bools(tie)),
    number: one("number", numbers(tie)),
    text: one("text", texts(tie)),
    list: one("list", lists),
    mapping: one("mapping", maps),
    time: one("time", times(tie)),
    optional: one("optional", [fc.constant({ kind: "none" }), ...optionals(tie)], false),
    value: one("value", values(tie)),
  };
}).bool;
