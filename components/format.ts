import { hundredths, toldRatio } from "@/lib/hundredths";

const WHOLE = new Intl.NumberFormat("en-GB");
const MINUS = "−";

/** 1,234 */
export const count = (value: number): string => WHOLE.format(value);

/** By way of hundredths, as the API tells points: so that both round to the same side. */
const amountOf = (value: number, digits: number): string => Math.abs(hundredths(value)).toFixed(digits);

/** One decimal, a true minus: 68.4 */
export const decimal = (value: number, digits = 1): string => {
  const text = amountOf(value, digits);
  return value < 0 && Number(text) !== 0 ? `${MINUS}${text}` : text;
};

/** A difference always carries its sign, unless it rounds to zero: +0.3, −1.6, 0.0 */
export const signed = (value: number, digits = 1): string =>
  Number(amountOf(value, digits)) === 0
    ? (0).toFixed(digits)
    : value > 0
      ? `+${decimal(value, digits)}`
      : decimal(value, digits);

/** Class of a difference: rises teal, falls ink, zero dimmed. */
export const signClass = (value: number, digits = 1): "plus" | "minus" | "zero" =>
  Number(amountOf(value, digits)) === 0 ? "zero" : value > 0 ? "plus" : "minus";

/** Percent of a ratio 0…1. 100.0 only when nothing is missing, so that 99.97 % never reads as all. */
export const percent = (ratio: number): string => {
  const tenths = ratio >= 1 ? 1000 : Math.min(Math.round(toldRatio(ratio) * 1000), 999);
  return (tenths / 10).toFixed(1);
};

export const plural = (amount: number, one: string, many = `${one}s`): string =>
  `${count(amount)} ${amount === 1 ? one : many}`;

const STEPS: readonly [seconds: number, unit: string][] = [
  [86_400, "d"],
  [3600, "h"],
  [60, "min"],
];

/** 4 min, 6 h, 2 d: the age of a moment. */
export function age(from: Date, now: Date): string {
  const seconds = Math.max(0, (now.getTime() - from.getTime()) / 1000);
  const step = STEPS.find(([size]) => seconds >= size);
  return step === undefined ? "under 1 min" : `${Math.floor(seconds / step[0])} ${step[1]}`;
}

type Style = "day" | "date" | "weekday" | "time" | "moment" | "exact";
const TIME = { hour: "2-digit", minute: "2-digit" } as const;
const DAY = { day: "numeric", month: "short" } as const;
const STYLES: Readonly<Record<Style, Intl.DateTimeFormatOptions>> = {
  day: DAY,
  date: { ...DAY, year: "numeric" },
  weekday: { weekday: "long", ...DAY },
  time: TIME,
  moment: { ...DAY, ...TIME },
  exact: { ...DAY, ...TIME, year: "numeric", second: "2-digit", timeZoneName: "short" },
};
const formats = new Map<string, Intl.DateTimeFormat>();
/** Most formats that are kept: every zone there is, in every style. */
const MOST_FORMATS = 2000;

/** Making a format costs a hundred times as much as using it, and a page of a list writes two hundred dates. */
function formatOf(style: Style, timeZone: string): Intl.DateTimeFormat {
  const key = `${style} ${timeZone}`;
  const known = formats.get(key);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-GB", { ...STYLES[style], timeZone });
  if (formats.size >= MOST_FORMATS) formats.clear();
  formats.set(key, made);
  return made;
}

/** 18 Nov, in the organisation's zone. */
export const day = (at: Date | number, timeZone: string): string => formatOf("day", timeZone).format(at);

/** 18 Nov 2026: where the year is not the one that is being talked of. */
export const date = (at: Date | number, timeZone: string): string => formatOf("date", timeZone).format(at);

/** Friday, 18 Nov */
export const weekday = (at: Date | number, timeZone: string): string => formatOf("weekday", timeZone).format(at);

/** 09:14 */
export const timeOfDay = (at: Date | number, timeZone: string): string => formatOf("time", timeZone).format(at);

/** 18 Nov, 09:14 */
export const moment = (at: Date | number, timeZone: string): string => formatOf("moment", timeZone).format(at);

/** 18 Nov 2026, 09:14:20 UTC: for titles. */
export const exact = (at: Date | number, timeZone: string): string => formatOf("exact", timeZone).format(at);

const SIZES = ["B", "kB", "MB", "GB", "TB"] as const;
/** 1.2 MB: bytes with the unit that fits, in powers of 1,000. */
export function bytes(size: number): string {
  const power = size < 1000 ? 0 : Math.min(Math.floor(Math.log10(size) / 3), SIZES.length - 1);
  return `${power === 0 ? size : decimal(size / 1000 ** power)} ${SIZES[power]}`;
}
