/** When a recipient wants mail. Minutes count from local midnight. */
export interface Rhythm {
  pace: "now" | "daily" | "weekly";
  /** 1 Monday … 7 Sunday. */
  digestDay: number;
  digestHour: number;
  quietFrom: number | null;
  quietTo: number | null;
  timeZone: string;
}

interface Local {
  year: number;
  month: number;
  day: number;
  minute: number;
  weekday: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone,
    calendar: "iso8601",
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  formats.set(timeZone, made);
  return made;
}

function fieldsOf(at: Date, timeZone: string): Record<string, number> {
  return Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
}

/** The wall clock of a zone at an instant. */
export function localOf(at: Date, timeZone: string): Local {
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0 } = fieldsOf(at, timeZone);
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay() || 7;
  return { year, month, day, minute: hour * 60 + minute, weekday };
}

function offsetMs(at: Date, timeZone: string): number {
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = fieldsOf(at, timeZone);
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at.getTime() / 1000) * 1000;
}

/** The instant of a local wall time; one that a clock change skips is the same time on the old clock. */
export function instantOf(local: { year: number; month: number; day: number; minute: number }, timeZone: string): Date {
  const wall = Date.UTC(local.year, local.month - 1, local.day, 0, local.minute);
  const first = wall - offsetMs(new Date(wall), timeZone);
  const second = wall - offsetMs(new Date(first), timeZone);
  const at = new Date(second);
  return localOf(at, timeZone).minute === local.minute % 1440 ? at : new Date(Math.max(first, second));
}

/** The first instant after `now` at which a zone's clock shows `minute`, on `weekday` when given. */
export function nextAt(now: Date, timeZone: string, minute: number, weekday?: number): Date {
  const today = localOf(now, timeZone);
  for (let days = 0; days <= 8; days++) {
    const date = new Date(Date.UTC(today.year, today.month - 1, today.day + days));
    if (weekday !== undefined && (date.getUTCDay() || 7) !== weekday) continue;
    const local = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), minute };
    const at = instantOf(local, timeZone);
    if (at > now) return at;
  }
  return new Date(now.getTime() + 86_400_000); // not reached: nine days hold every weekday twice at the ends
}

/** The end of the quiet hours that `now` lies in; null when it lies in none. */
export function quietUntil(now: Date, rhythm: Rhythm): Date | null {
  const { quietFrom: from, quietTo: to, timeZone } = rhythm;
  if (from === null || to === null || from === to) return null;
  const { minute } = localOf(now, timeZone);
  const quiet = from < to ? minute >= from && minute < to : minute >= from || minute < to;
  return quiet ? nextAt(now, timeZone, to) : null;
}

/** When the next digest leaves: at the chosen hour, or at the end of the quiet hours that hold it. */
export function nextDigest(now: Date, rhythm: Rhythm): Date {
  const weekday = rhythm.pace === "weekly" ? rhythm.digestDay : undefined;
  const at = nextAt(now, rhythm.timeZone, rhythm.digestHour * 60, weekday);
  return quietUntil(at, rhythm) ?? at;
}
