import { expect, it } from "vitest";
import { emptyTally } from "../rollup";
import { dayIn, upToNow } from "./now";

const point = (day: string, score: number | null) => ({ day, score, coverage: 0.5, clusters: 2, tally: emptyTally() });
const now = { score: 33.5, coverage: 0.6, clusters: 2, tally: { ...emptyTally(), attested: 1 } };

it("ends with where the benchmark stands now, whether a point of today is kept or not", () => {
  const before = [point("2026-11-19", 32.3), point("2026-11-22", null)];
  const whole = [...before, { day: "2026-11-23", ...now }];
  expect(upToNow([...before, point("2026-11-23", 32.3)], now, "2026-11-23")).toEqual(whole);
  expect(upToNow(before, now, "2026-11-23")).toEqual(whole);
});

it("is left as it was kept where there is nothing to judge any more", () => {
  const kept = [point("2026-11-23", 32.3)];
  expect(upToNow(kept, { ...now, score: null, clusters: 0 }, "2026-11-23")).toEqual(kept);
});

it("is of the day that it is in the organisation's time zone", () => {
  expect(dayIn(new Date("2026-11-22T18:30:00Z"), "Asia/Kathmandu")).toBe("2026-11-23");
});
