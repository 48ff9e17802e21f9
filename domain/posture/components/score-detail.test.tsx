import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import type { ScoreDetail } from "../score/schema";
import { ScoreDetailView } from "./score-detail";

const POINT: ScoreDetail = {
  ...{ id: "019a0000-0000-7000-8000-000000000001", scope: "fleet", subject: null, at: "2026-11-14T01:00:00.000Z" },
  ...{ first: true, score: 60, change: 60, scoreWithoutExemptions: 55, changeWithoutExemptions: 55 },
  ...{ keptWithoutExemptions: true, coverage: 0.5, coverageChange: 0, expected: 2, evaluated: 1 },
  ...{ scanId: null, movedBy: null, groups: [], previous: null, notKeptBefore: null },
  ledger: [{ step: "appeared", delta: 60, resources: 74 }],
};
const headOf = (point: ScoreDetail): string =>
  renderToStaticMarkup(<ScoreDetailView point={point} timeZone="UTC" />).split("<table")[0] ?? "";

it("tells no change of a first reading, as the list does, and one of every other point", () => {
  const first = headOf(POINT);
  expect(first).toContain("the first reading");
  expect(first).toContain("entries sum to the score");
  expect(first).not.toMatch(/\+(60|55)\.00/);
  const later = headOf({ ...POINT, first: false });
  expect(later).toContain("from what is not kept any more");
  expect(later).toContain("entries sum to the change");
  expect(later).toContain("+60.00");
  expect(later).toContain("+55.00");
});
