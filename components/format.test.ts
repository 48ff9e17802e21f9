import { describe, expect, it } from "vitest";
import { day, exact, moment, timeOfDay } from "./format";

const at = new Date("2026-11-21T20:30:15Z");

describe("dates", () => {
  it("keep zones and styles apart, whichever was written first", () => {
    for (const round of [1, 2]) {
      expect(moment(at, "UTC"), `round ${round}`).toBe("21 Nov, 20:30");
      expect(moment(at, "Asia/Kathmandu")).toBe("22 Nov, 02:15");
      expect(day(at, "UTC")).toBe("21 Nov");
      expect(day(at, "Asia/Kathmandu")).toBe("22 Nov");
      expect(timeOfDay(at, "Asia/Kathmandu")).toBe("02:15");
      expect(exact(at, "UTC")).toBe("21 Nov 2026, 20:30:15 UTC");
    }
  });
});
