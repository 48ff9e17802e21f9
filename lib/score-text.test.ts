import { expect, test } from "vitest";
import { toldScore } from "./hundredths";
import { scoreText } from "./score-text";

test("a score reads alike whether it comes from a page or, with two decimals, from the API or a file", () => {
  for (const score of [12.2496, 51.21220016479492, 99.996]) expect(scoreText(toldScore(score))).toBe(scoreText(score));
});

test("a score reads 100.0 only when nothing is missing", () => {
  expect([100, 99.97, 99.95, 68.44, 0].map(scoreText)).toEqual(["100.0", "99.9", "99.9", "68.4", "0.0"]);
});
