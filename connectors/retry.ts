import { setTimeout as sleep } from "node:timers/promises";
import type { GapCode } from "@/domain/inventory/schema";
import { outboundOf } from "./failure";

/** How often and how patiently one call is tried: settings of the account, with the same names in every cloud. */
export interface RetryLimits {
  maxAttempts: number;
  /** The longest wait before a further attempt; a server that asks for more ends the call. */
  maxRetryWaitMs: number;
}

/** What the policy looks at of a failed attempt. */
export interface Failure extends Error {
  retryAfterMs?: number | undefined;
}

const FIRST_WAIT_MS = 250;
const MAX_BACK_OFF_MS = 8_000;
/** These may pass by themselves. A time-out is not among them: trying again costs as long once more. */
const TRANSIENT: ReadonlySet<GapCode> = new Set(["throttled", "server_error", "unreachable"]);
/** RFC 9110 knows seconds and three forms of a date, which all begin with a day's name; Date.parse alone would take far more. */
const DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/;

/** Milliseconds that a `Retry-After` asks for, as seconds or as a date; undefined when it is absent or says nothing sensible. */
export function retryAfterMs(header: unknown, now = Date.now()): number | undefined {
  const value: unknown = Array.isArray(header) ? header[0] : header;
  if (typeof value !== "string" || value.length > 64) return undefined;
  const text = value.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const at = DATE.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

/** A wrong address, name, certificate or redirect does not get better by asking again. */
function isLasting(error: unknown): boolean {
  const cause = outboundOf(error);
  return cause !== undefined && cause.code !== "unreachable" && cause.code !== "cut";
}

/**
 * How long to wait before another attempt; undefined: do not try again. The one policy of all connectors: throttling, faults of
 * the server and broken connections are tried again, after the server's own wish or a back-off with jitter.
 */
export function waitBefore(
  code: GapCode,
  error: Failure,
  attempt: number,
  limits: RetryLimits,
  random = Math.random,
): number | undefined {
  if (attempt >= limits.maxAttempts || !TRANSIENT.has(code) || isLasting(error)) return undefined;
  if (error.retryAfterMs !== undefined)
    return error.retryAfterMs <= limits.maxRetryWaitMs ? error.retryAfterMs : undefined;
  const step = Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), MAX_BACK_OFF_MS, limits.maxRetryWaitMs);
  return step * (0.5 + random() / 2);
}

/**
 * Tries one call until it succeeds, cannot get better, or its attempts are used up. `judge` names the failure of an attempt.
 * `until` (milliseconds since the epoch) bounds the waits. Rejects with what `judge` made of the last attempt.
 */
export async function withRetries<T, E extends Failure>(
  limits: RetryLimits,
  signal: AbortSignal,
  attempt: () => Promise<T>,
  judge: (error: unknown) => { code: GapCode; error: E },
  until = Number.POSITIVE_INFINITY,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (cause) {
      const { code, error } = judge(cause);
      const wait = signal.aborted ? undefined : waitBefore(code, error, tries, limits);
      if (wait === undefined || Date.now() + wait >= until) throw error;
      try {
        await sleep(wait, undefined, { signal });
      } catch {
        throw error; // stopped while waiting: the failure that made us wait is the one to tell
      }
    }
  }
}
