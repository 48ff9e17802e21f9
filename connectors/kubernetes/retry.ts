/** Milliseconds of a Retry-After header, given as seconds or as an HTTP date; undefined when absent or unreadable. */
export function retryAfterMs(header: string | string[] | undefined, now: number): number | undefined {
  const text = (Array.isArray(header) ? header[0] : header)?.trim();
  if (text === undefined || text === "") return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  // Only the forms that RFC 9110 allows begin with a day's name; Date.parse alone would take far more.
  if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

/** Back-off before attempt `attempt` (1 is the first retry): 250 ms doubling, with full jitter of its upper half. */
export function backOffMs(attempt: number, random: number = Math.random()): number {
  const step = Math.min(250 * 2 ** (attempt - 1), 8000);
  return step / 2 + (step / 2) * random;
}
