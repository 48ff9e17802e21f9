import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { FLEET } from "../place";
import type { BenchmarkReport } from "../report/schema";
import { emptyTally } from "../rollup";
import { VersionsBeside } from "./changes";

const states = { failed: 4, not_evaluated: 3, manual: 6, exempted: 1, passed: 9, not_applicable: 2 };
const before: BenchmarkReport = {
  ...{ id: "b-1", title: "B", version: "1", publisher: "P", url: "https://b.example", about: "", distributions: [] },
  ...{ previous: null, clusters: 1, requirements: 25, score: 37.74, scoreWithoutExemptions: 37.74, coverage: 0.5 },
  ...{ tally: emptyTally(), states, sections: [], kubernetes: null, outside: [], asOf: "2026-11-23T10:00:00Z" },
};
const cellOf = (now: Partial<BenchmarkReport>, name: string) => {
  const html = renderToStaticMarkup(<VersionsBeside before={before} now={{ ...before, ...now }} place={FLEET} />);
  const row = html.split("<tr>").find((each) => each.includes(`<td>${name}</td>`)) ?? "";
  return row.replace(/.*<td class="num">(?!.*<td)(.*)<\/td>.*/s, "$1");
};

it("tells the difference of the scores that are shown", () => {
  expect(cellOf({ score: 38.46 }, "Score")).toBe('<span class="plus">+0.8</span>');
  expect(cellOf({ score: 37.76, scoreWithoutExemptions: 1 }, "Score")).toBe('<span class="plus">+0.1</span>');
  expect(cellOf({ coverage: null }, "Coverage")).toBe("–");
  expect(cellOf({ coverage: 0.4 }, "Coverage")).toBe('<span class="minus">−10.0</span>');
});

it.each([
  ["Failed", { failed: 5 }, '<span class="minus">+1</span>'],
  ["Failed", { failed: 3 }, '<span class="plus">−1</span>'],
  ["For a person", { manual: 4 }, '<span class="plus">−2</span>'],
  ["Not evaluated", { not_evaluated: 4 }, '<span class="minus">+1</span>'],
  ["Passed", { passed: 10 }, '<span class="plus">+1</span>'],
  ["Passed", { passed: 9 }, '<span class="zero">0</span>'],
  ["Met with exemptions", { exempted: 2 }, "<span>+1</span>"],
])("marks what is better and what is worse: %s %j", (name, more, cell) => {
  expect(cellOf({ states: { ...states, ...more } }, name)).toBe(cell);
});
