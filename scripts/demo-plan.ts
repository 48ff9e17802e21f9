import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { z } from "zod";

const DAY = 86_400_000;

const planShape = z.object({ today: z.iso.datetime(), days: z.number().int().min(0), complete: z.boolean() });
/** Which past the demo makes. Kept in the data folder, so that a start that was killed is finished by the next one. */
export type HistoryPlan = z.infer<typeof planShape>;

/** The plan that an earlier start made, or null. */
export function readPlan(file: string): HistoryPlan | null {
  try {
    return planShape.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

export function writePlan(file: string, plan: HistoryPlan): void {
  writeFileSync(`${file}.new`, JSON.stringify(plan));
  renameSync(`${file}.new`, file);
}

/** The days that are still to be lived through, oldest first: from the last one that was begun (null: none was). */
export function daysLeft(plan: HistoryPlan, lastBegun: Date | null): Date[] {
  const today = new Date(plan.today).getTime();
  const all = Array.from({ length: plan.days + 1 }, (_, index) => new Date(today - (plan.days - index) * DAY));
  return lastBegun === null ? all : all.filter((day) => day >= lastBegun);
}
