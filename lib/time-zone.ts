/** Whether the runtime knows a time zone of this name (IANA). */
export function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }) !== undefined;
  } catch {
    return false; // RangeError is how Intl says "no such zone"
  }
}
