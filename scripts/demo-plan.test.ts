import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { daysLeft, readPlan, writePlan } from "./demo-plan";

const plan = { today: "2026-11-21T10:00:00.000Z", days: 3, complete: false };
const shown = (days: Date[]): string[] => days.map((day) => day.toISOString());

test("a past that nobody began is lived through from its first day to today", () => {
  expect(shown(daysLeft(plan, null))).toEqual([
    "2026-11-18T10:00:00.000Z",
    "2026-11-19T10:00:00.000Z",
    "2026-11-20T10:00:00.000Z",
    "2026-11-21T10:00:00.000Z",
  ]);
});

test("one that was cut off goes on with the very day it was in, at that day's hour", () => {
  expect(shown(daysLeft(plan, new Date("2026-11-20T10:00:00.000Z")))).toEqual([
    "2026-11-20T10:00:00.000Z",
    "2026-11-21T10:00:00.000Z",
  ]);
  expect(shown(daysLeft(plan, new Date(plan.today)))).toEqual([plan.today]);
});

test("the plan is kept whole, is null when there is none, and a damaged one is not taken for none", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "seawall-plan-"));
  try {
    const file = path.join(folder, "demo-history.json");
    expect(readPlan(file)).toBeNull();
    writePlan(file, plan);
    expect(readPlan(file)).toEqual(plan);
    writeFileSync(file, "{}");
    expect(() => readPlan(file)).toThrow();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
