import { z } from "zod";

/** Clouds that can be connected through the form. */
export const CONNECTABLE = ["azure", "aws", "gcp"] as const;
export type Connectable = (typeof CONNECTABLE)[number];

export const INTERVALS = [5, 15, 30, 60, 180, 360, 720, 1440] as const;

export const accountNameSchema = z
  .string()
  .trim()
  .min(1, "Give the account a name.")
  .max(120, "Use at most 120 characters.");
export const intervalSchema = z.coerce
  .number()
  .refine((value) => (INTERVALS as readonly number[]).includes(value), "Choose one of the intervals.");

/** The last connection test of an account, as its page polls it. */
export interface TestState {
  state: "waiting" | "running" | "done" | "failed" | "none";
  checks: { name: string; outcome: "ok" | "failed" | "not_tested"; message: string }[];
}
