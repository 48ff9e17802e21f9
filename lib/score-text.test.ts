import { expect, test } from "vitest";
import { scoreText } from "./score-text";

test("a score reads 100.0 only when nothing is missing", () => {
  expect([100, 99.97, 99.95, 68.44, 0].map(scoreText)).toEqual(["100.0", "99.9", "99.9", "68.4", "0.0"]);
});
