import { createHash } from "node:crypto";
import type { Pace } from "../schema";

/** What a person chose for himself, as his form shows it. */
export interface Preferences {
  email: string;
  pace: Pace;
  digestDay: number;
  digestHour: number;
  quietFrom: number | null;
  quietTo: number | null;
  timeZone: string;
  criticalAtOnce: boolean;
  unsubscribedAt: Date | null;
  /** Which choices these are: equal ones have the same, whenever and by whomever their row was written. */
  version: string;
}

/** The choices of a preference form, without what only tells of it. */
export type Choices = Omit<Preferences, "email" | "version" | "unsubscribedAt"> & { subscribed: boolean };

/** The choices in the one order in which they are compared. */
export const choicesOf = (of: Choices): Choices => {
  const { pace, digestDay, digestHour, quietFrom, quietTo, timeZone, criticalAtOnce, subscribed } = of;
  return { pace, digestDay, digestHour, quietFrom, quietTo, timeZone, criticalAtOnce, subscribed };
};

/**
 * The version of choices is what they say, not when they were written: the first mail to a person writes a row with the defaults, which
 * changes nothing for him.
 */
export const versionOf = (choices: Choices): string =>
  createHash("sha256")
    .update(JSON.stringify(choicesOf(choices)))
    .digest("hex")
    .slice(0, 32);
