import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseHostileJson, parseHostileList } from "./outbound-json";

const partial = (spare: boolean) => ({
  take: (item: unknown) => item,
  partial: { probe: "metadata", kept: ["status"], spare: () => spare },
});
const bytes = (value: unknown, indent?: number) => Buffer.from(JSON.stringify(value, null, indent));
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const item = fc.dictionary(
  fc.oneof(fc.constantFrom("metadata", "spec", "status", "items"), fc.string()),
  fc.jsonValue(),
);
const listed = fc.record({ kind: fc.string(), metadata: fc.jsonValue(), items: fc.array(item), last: fc.jsonValue() });

describe("a list read in part", () => {
  test("is what JSON.parse says when nothing is spared, whatever the spacing", () => {
    return fc.assert(
      fc.asyncProperty(listed, fc.nat(3), async (list, indent) => {
        expect(await parseHostileList(bytes(list, indent), 100, "it", partial(false))).toEqual(
          parseHostileJson(bytes(list, indent), 100, "it"),
        );
      }),
    );
  });
  test("keeps just the probe and the kept members of a spared item", () => {
    return fc.assert(
      fc.asyncProperty(listed, async (list) => {
        const items = list.items.map((each) => {
          if (!Object.hasOwn(each, "metadata")) return each;
          return Object.fromEntries(Object.entries(each).filter(([key]) => key === "metadata" || key === "status"));
        });
        // A key that JSON must spell with a backslash has the item parsed whole.
        fc.pre(list.items.every((each) => Object.keys(each).every((key) => !JSON.stringify(key).includes("\\"))));
        expect(await parseHostileList(bytes(list), 100, "it", partial(true))).toEqual(
          parseHostileJson(bytes(plain({ ...list, items })), 100, "it"),
        );
      }),
    );
  });
  test("any valid JSON at all reads as JSON.parse reads it", () => {
    return fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 6 }), async (value) => {
        expect(await parseHostileList(bytes(value), 100, "it", partial(false))).toEqual(
          parseHostileJson(bytes(value), 100, "it"),
        );
      }),
    );
  });
  test.each([
    ["an escaped spelling of the probe", '{"items":[{"meta\\u0064ata":{"a":1},"spec":2}]}'],
    ["two lists", '{"items":[{"spec":1}],"items":[{"spec":2}]}'],
    ["the same member twice", '{"items":[{"metadata":1,"spec":3,"metadata":2}]}'],
    ["an element that is no object", '{"items":[1,{"metadata":{}},"x",[2]]}'],
    ["a string with quotes and brackets", '{"items":[{"spec":"}\\"],[{","metadata":1}],"x":"]}"}'],
    ["no list", '{"items":{"metadata":1}}'],
    ["an empty list", '{"items":[ ]}'],
  ])("%s", async (_what, text) => {
    expect(await parseHostileList(Buffer.from(text), 100, "it", partial(false))).toEqual(JSON.parse(text));
  });
  test.each([
    ["no comma", '{"items":[{"metadata":1}{"metadata":2}]}'],
    ["two commas", '{"items":[{"metadata":1},,{"metadata":2}]}'],
    ["a comma too many", '{"items":[{"metadata":1},]}'],
    ["words between", '{"items":[{"metadata":1},x{"metadata":2}]}'],
    ["cut in a string", '{"items":[{"metadata":{"name":"a'],
    ["cut behind an item", '{"items":[{"metadata":{"name":"a"}}'],
    ["more behind the end", '{"items":[{"metadata":1}]} x'],
    ["a broken probe", '{"items":[{"metadata":{"a":}}]}'],
    ["a broken kept member", '{"items":[{"metadata":1,"status":tru}]}'],
  ])("%s is malformed, even where all is spared", async (_what, text) => {
    await expect(parseHostileList(Buffer.from(text), 100, "it", partial(true))).rejects.toThrow(/not JSON/);
  });
  test("holds what is taken of each item, be it read one by one or whole", async () => {
    const take = (item: unknown, list: object) => [item, "kind" in list ? list.kind : undefined];
    for (const text of [
      '{"kind":"L","items":[{"a":1},{"b":2}]}',
      '{"items":[],"kind":"L","items":[{"a":1},{"b":2}]}',
    ]) {
      expect(await parseHostileList(Buffer.from(text), 100, "it", { take })).toEqual({
        kind: "L",
        items: [
          [{ a: 1 }, "L"],
          [{ b: 2 }, "L"],
        ],
      });
    }
    expect(await parseHostileList(Buffer.from('{"items":{"a":1}}'), 100, "it", { take })).toEqual({
      items: { a: 1 },
    });
  });
  test("lets other work in between the items of a large page", async () => {
    let others = 0;
    const seen: number[] = [];
    setImmediate(() => {
      others += 1;
    });
    const take = () => seen.push(others);
    await parseHostileList(bytes({ items: Array(8).fill({ a: "x".repeat(400_000) }) }), 100, "it", { take });
    expect([seen[0], seen.at(-1)]).toEqual([0, 1]);
  });
  test("depth counts in what is skipped too", async () => {
    const deep = `{"items":[{"metadata":1,"spec":${"[".repeat(200)}${"]".repeat(200)}}]}`;
    await expect(parseHostileList(Buffer.from(deep), 100, "it", partial(true))).rejects.toThrow(/nested deeper/);
  });
  test("prototype keys are dropped from parts", async () => {
    const read = await parseHostileList(
      Buffer.from('{"items":[{"metadata":{"__proto__":{"a":1},"b":2}}]}'),
      100,
      "it",
      partial(true),
    );
    expect(read).toEqual({ items: [{ metadata: { b: 2 } }] });
  });
});
