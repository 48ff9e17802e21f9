import { type Duration, durationOf, type Timestamp, timestampOf } from "./boxed";
import { BAD_ARGUMENT, type Fault } from "./fault";

const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;
const SECOND = 1_000_000_000n;

/** Reads RFC 3339 with up to nine digits of a second. */
export function parseTimestamp(text: string): Timestamp | Fault {
  const match = RFC3339.exec(text);
  if (match === null) return BAD_ARGUMENT;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  const same = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!same || hour > 23 || minute > 59 || second > 59) return BAD_ARGUMENT;
  const offset = (Number(match[9] ?? 0) * 60 + Number(match[10] ?? 0)) * (match[8] === "-" ? -1 : 1);
  const seconds = BigInt(date.getTime() / 1000 - offset * 60);
  return timestampOf(seconds * SECOND + BigInt((match[7] ?? "").padEnd(9, "0")));
}

/** Seconds rounded down, and the rest in nanoseconds. */
export function split(ns: bigint): { seconds: bigint; nanos: number } {
  const rest = ((ns % SECOND) + SECOND) % SECOND;
  return { seconds: (ns - rest) / SECOND, nanos: Number(rest) };
}

const fraction = (nanos: number): string => {
  if (nanos === 0) return "";
  return `.${String(nanos).padStart(9, "0").replace(/0+$/, "")}`;
};

export function textOfTimestamp({ $instant }: Timestamp): string {
  const { seconds, nanos } = split($instant);
  const date = new Date(Number(seconds) * 1000);
  return `${date.toISOString().slice(0, 19)}${fraction(nanos)}Z`;
}

const UNITS: Readonly<Record<string, bigint>> = {
  h: 3600n * SECOND,
  m: 60n * SECOND,
  s: SECOND,
  ms: 1_000_000n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ns: 1n,
};
const PART = /(\d*)(?:\.(\d*))?(h|ms|m|s|us|µs|μs|ns)/y;

/** Reads Go's form: `1h30m`, `-1.5s`, `0`. */
export function parseDuration(text: string): Duration | Fault {
  const negative = text.startsWith("-");
  const body = text.replace(/^[+-]/, "");
  if (body === "0") return durationOf(0n);
  let total = 0n;
  PART.lastIndex = 0;
  for (let at = 0; at < body.length || at === 0; at = PART.lastIndex) {
    PART.lastIndex = at;
    const match = PART.exec(body);
    const [, whole = "", part = "", unit = ""] = match ?? [];
    const size = UNITS[unit];
    if (size === undefined || (whole === "" && part === "") || body.length > 200) return BAD_ARGUMENT;
    total += BigInt(whole === "" ? 0 : whole) * size;
    if (part !== "") total += (BigInt(part) * size) / 10n ** BigInt(part.length);
  }
  return durationOf(negative ? -total : total);
}

/** In seconds: `5400s`, `-0.5s`. */
export function textOfDuration({ $span }: Duration): string {
  const size = $span < 0n ? -$span : $span;
  return `${$span < 0n ? "-" : ""}${size / SECOND}${fraction(Number(size % SECOND))}s`;
}
