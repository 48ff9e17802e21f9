import { expect, it } from "vitest";
import { decidedBeside, HISTORY_DAYS, spanWords } from "./words";

it("says how much history there is, not how much there might be", () => {
  expect(spanWords(90, HISTORY_DAYS)).toBe("Last 90 days");
  expect(spanWords(30, HISTORY_DAYS)).toBe("30 days of history so far");
  expect(spanWords(1, HISTORY_DAYS)).toBe("1 day of history so far");
  expect(spanWords(0, HISTORY_DAYS)).toBe("No history yet");
});

it("does not say twice that a person decides", () => {
  expect(decidedBeside("manual", "person")).toBe("");
  expect(decidedBeside("passed", "person")).toBe(" · a person");
  expect(decidedBeside("manual", "controls-or-person")).toBe(" · automatic, else a person");
});
