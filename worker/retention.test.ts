import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { horizon, KEPT } from "./retention";

test("the table of docs/running.md is the one that is kept to", () => {
  const table = readFileSync("docs/running.md", "utf8").split("\n");
  const rows = Object.values(KEPT).map(({ what, days, why }) => `| ${what} | ${days} days | ${why} |`);
  expect(table.filter((line) => / days \|/.test(line))).toEqual(rows);
});

test("a horizon lies its days back", () => {
  expect(horizon("mails", new Date("2026-06-30T12:00:00Z"))).toEqual(new Date("2026-04-01T12:00:00Z"));
});
