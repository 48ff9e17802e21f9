import { Duration, intOf, type Result, Timestamp, type Value } from "../value/boxed";
import { spend } from "../value/budget";
import { BAD_ARGUMENT, type Fault, NO_OVERLOAD } from "../value/fault";
import { split } from "../value/instant";
import type { Implementation, Library } from "./library";

const zones = new Map<string, Intl.DateTimeFormat | null>();
const MAX_ZONES = 64;

/** The instant's wall clock in a zone, held in the UTC fields of a Date. A zone is `UTC`, an IANA name, or `[+-]HH:MM`. */
function clockOf(instant: Timestamp, zone: Value | undefined): Date | Fault {
  const time = Number(split(instant.$instant).seconds) * 1000;
  if (zone === undefined || zone === "UTC" || zone === "") return new Date(time);
  if (typeof zone !== "string") return NO_OVERLOAD;
  const offset = /^([+-])?(\d\d):(\d\d)$/.exec(zone);
  if (offset !== null) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3]);
    return new Date(time + (offset[1] === "-" ? -minutes : minutes) * 60_000);
  }
  // JavaScript takes more forms of an offset than that for a name.
  const format = /^[+-]/.test(zone) ? null : formatOf(zone);
  if (format === null) return BAD_ARGUMENT;
  const part: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(time)) part[type] = Number(value);
  const clock = new Date(0);
  clock.setUTCFullYear(part.year ?? 0, (part.month ?? 1) - 1, part.day ?? 1);
  clock.setUTCHours((part.hour ?? 0) % 24, part.minute ?? 0, part.second ?? 0);
  return clock;
}

function formatOf(zone: string): Intl.DateTimeFormat | null {
  let format = zones.get(zone);
  if (format === undefined) {
    // Making one takes as long as some hundred steps of a loop.
    spend(500);
    if (zones.size >= MAX_ZONES) zones.clear();
    format = makeFormat(zone);
    zones.set(zone, format);
  }
  return format;
}

function makeFormat(timeZone: string): Intl.DateTimeFormat | null {
  try {
    const number = "numeric";
    return new Intl.DateTimeFormat("en-u-ca-iso8601-hc-h23", {
      timeZone,
      year: number,
      month: number,
      day: number,
      hour: number,
      minute: number,
      second: number,
    });
  } catch {
    return null;
  }
}

const dayOfYear = (clock: Date): number => {
  const start = new Date(0);
  start.setUTCFullYear(clock.getUTCFullYear(), 0, 1);
  return Math.floor((clock.getTime() - start.getTime()) / 86_400_000);
};

/** A reader of timestamps, with a zone or without; and of durations where they have such a part. */
const reader =
  (ofClock: (clock: Date) => number, ofSpan: bigint | null): Implementation =>
  (value, zone): Result => {
    if (value instanceof Duration && zone === undefined) {
      return ofSpan === null ? NO_OVERLOAD : intOf(value.$span / ofSpan);
    }
    if (!(value instanceof Timestamp)) return NO_OVERLOAD;
    const clock = clockOf(value, zone);
    return typeof clock === "symbol" ? clock : ofClock(clock);
  };

const milliseconds: Implementation = (value, zone): Result => {
  if (value instanceof Duration && zone === undefined) return Number((value.$span / 1_000_000n) % 1000n);
  return value instanceof Timestamp ? Math.floor(split(value.$instant).nanos / 1_000_000) : NO_OVERLOAD;
};

const both = (name: string, implementation: Implementation): Library => ({
  [`.${name}/0`]: implementation,
  [`.${name}/1`]: implementation,
});

export const times: Library = {
  ...both(
    "getFullYear",
    reader((clock) => clock.getUTCFullYear(), null),
  ),
  ...both(
    "getMonth",
    reader((clock) => clock.getUTCMonth(), null),
  ),
  ...both(
    "getDate",
    reader((clock) => clock.getUTCDate(), null),
  ),
  ...both(
    "getDayOfMonth",
    reader((clock) => clock.getUTCDate() - 1, null),
  ),
  ...both(
    "getDayOfWeek",
    reader((clock) => clock.getUTCDay(), null),
  ),
  ...both("getDayOfYear", reader(dayOfYear, null)),
  ...both(
    "getHours",
    reader((clock) => clock.getUTCHours(), 3_600_000_000_000n),
  ),
  ...both(
    "getMinutes",
    reader((clock) => clock.getUTCMinutes(), 60_000_000_000n),
  ),
  ...both(
    "getSeconds",
    reader((clock) => clock.getUTCSeconds(), 1_000_000_000n),
  ),
  ...both("getMilliseconds", milliseconds),
};
