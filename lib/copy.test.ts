import { afterAll, beforeAll, expect, test } from "vitest";
import { copyRows } from "./copy";
import { inTransaction } from "./db";
import { testDatabase } from "./testing/database";

let db: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  db = await testDatabase();
  await db.pool.query(`CREATE TABLE "Copied" ("id" int PRIMARY KEY, "text" text, "doc" jsonb)`);
});
afterAll(async () => db?.drop());

const copy = (rows: Iterable<(string | null)[]>) =>
  inTransaction(db.pool, (tx) => copyRows(tx, `"Copied" ("id", "text", "doc")`, rows));

test("rows arrive as they were, whatever their words; NUL and lone surrogates, which no database holds, are replaced", async () => {
  const words = [
    "",
    "\\N",
    "\\.",
    "a\tb\nc\rd\\e",
    "'\"$1",
    "\u202e\u{1f980}",
    "x".repeat(300_000),
    "nul\0",
    "half\ud800",
  ];
  const docs = words.map((word) => JSON.stringify({ word: word.replace(/[\0\ud800]/g, "?") }));
  await copy(words.map((word, at) => [String(at), word, docs[at] ?? null]));
  await copy([["99", null, null]]);
  const { rows } = await db.pool.query(`SELECT "text", "doc" FROM "Copied" ORDER BY "id"`);
  expect(rows.map(({ text }) => text)).toEqual([...words.slice(0, -2), "nul\ufffd", "half\ufffd", null]);
  expect(rows.map(({ doc }) => doc)).toEqual([...docs.map((doc) => JSON.parse(doc)), null]);
});
test("one row that can't be has none of them written, and the connection serves on", async () => {
  await expect(
    copy([
      ["200", "a", null],
      ["200", "b", null],
    ]),
  ).rejects.toThrow(/duplicate key/);
  await expect(copy([["201", "a", "{"]])).rejects.toThrow(/json/);
  const { rows } = await db.pool.query(`SELECT count(*)::int AS n FROM "Copied" WHERE "id" >= 200`);
  expect(rows).toEqual([{ n: 0 }]);
});
test("a source of rows that fails ends the copy", async () => {
  function* failing(): Generator<string[]> {
    yield ["300", "a", "{}"];
    throw new Error("no more");
  }
  await expect(copy(failing())).rejects.toThrow("no more");
  const { rows } = await db.pool.query(`SELECT count(*)::int AS n FROM "Copied" WHERE "id" = 300`);
  expect(rows).toEqual([{ n: 0 }]);
});
