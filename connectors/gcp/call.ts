import { type RetryLimits, withRetries } from "../retry";
import { failure, toConnectorError } from "./error";

export interface CallLimits extends RetryLimits {
  requestTimeoutMs: number;
  /** Of one operation with all its attempts and waits. */
  totalTimeoutMs: number;
}

/**
 * Runs one operation with retries. The client's own are off: they hide the last error behind a time-out. Each attempt gets a
 * signal that ends it, whatever it waits for. Rejects with ConnectorError only.
 */
export async function tried<T>(
  what: string,
  permission: string | undefined,
  limits: CallLimits,
  signal: AbortSignal,
  attempt: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = Date.now() + limits.totalTimeoutMs;
  return withRetries(
    limits,
    signal,
    () => bounded(what, Math.min(limits.requestTimeoutMs, deadline - Date.now()), signal, attempt),
    (cause) => {
      const error = toConnectorError(cause, what, permission);
      return { code: error.gap.code, error };
    },
    deadline,
  );
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
