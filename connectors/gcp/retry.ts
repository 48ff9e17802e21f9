import { setTimeout as wait } from "node:timers/promises";
import type { ConnectorError } from "../connector";
import { failure, toConnectorError } from "./error";

export interface RetryLimits {
  requestTimeoutMs: number;
  totalTimeoutMs: number;
  maxAttempts: number;
  maxRetryDelayMs: number;
}

const FIRST_DELAY_MS = 250;
const TRANSIENT: readonly string[] = ["throttled", "unreachable"];

/** The value of a `Retry-After` header, seconds or a date, in milliseconds from now. */
export function parseRetryAfter(header: string | undefined, now = Date.now()): number | undefined {
  if (header === undefined || header.trim() === "") return undefined;
  const until = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(until) ? Math.max(0, until) : undefined;
}

/** How long to wait before another attempt; undefined: do not try again. */
export function delayBefore(
  error: ConnectorError,
  attempt: number,
  limits: RetryLimits,
  random = Math.random,
): number | undefined {
  if (attempt >= limits.maxAttempts || !TRANSIENT.includes(error.gap.code)) return undefined;
  const asked = error.retryAfterMs;
  if (asked !== undefined) return asked <= limits.maxRetryDelayMs ? asked : undefined;
  return Math.min(limits.maxRetryDelayMs, FIRST_DELAY_MS * 2 ** (attempt - 1)) * (0.5 + random() / 2);
}

/**
 * Runs one operation with retries on throttling and broken connections. The client's own retries are off: they hide the last
 * error behind a time-out. Each attempt gets a signal that ends it, whatever it waits for. Rejects with ConnectorError only.
 */
export async function withRetries<T>(
  what: string,
  permission: string | undefined,
  limits: RetryLimits,
  signal: AbortSignal,
  attempt: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = Date.now() + limits.totalTimeoutMs;
  for (let count = 1; ; count++) {
    const left = deadline - Date.now();
    let error: ConnectorError;
    try {
      return await bounded(what, Math.min(limits.requestTimeoutMs, left), signal, attempt);
    } catch (cause) {
      error = toConnectorError(cause, what, permission);
    }
    const delay = signal.aborted ? undefined : delayBefore(error, count, limits);
    if (delay === undefined || Date.now() + delay >= deadline) throw error;
    try {
      await wait(delay, undefined, { signal });
    } catch (cause) {
      throw failure(what, "timeout", "The scan was stopped.", { cause });
    }
  }
}

/** One attempt that ends at `limitMs` or with the outer signal, even when the client itself never settles. */
async function bounded<T>(
  what: string,
  limitMs: number,
  outer: AbortSignal,
  attempt: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const own = new AbortController();
  const signal = AbortSignal.any([outer, own.signal]);
  if (outer.aborted) throw failure(what, "timeout", "The scan was stopped.");
  return await new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => own.abort(), Math.max(1, limitMs));
    signal.addEventListener("abort", () =>
      reject(failure(what, "timeout", outer.aborted ? "The scan was stopped." : `No answer within ${limitMs} ms.`)),
    );
    attempt(signal)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}
