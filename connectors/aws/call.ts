import { setTimeout as sleep } from "node:timers/promises";
import type { z } from "zod";
import { isTransient, toConnectorError } from "./error";

export interface CallLimits {
  /** Ends every call and every wait. */
  signal: AbortSignal;
  requestTimeoutMs: number;
  maxAttempts: number;
  maxRetryWaitMs: number;
}

const MAX_BACKOFF_MS = 5_000;
const FIRST_BACKOFF_MS = 200;

/** Rejects when the signal does, even if the work below does not listen to it. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(new DOMException("The call was stopped.", "TimeoutError"));
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

/**
 * Makes one call with retries and parses its answer. The SDK's own retries are off: they cut `Retry-After` short,
 * while here it is waited for in full up to the limit, and a longer one is handed to the caller.
 * Errors: ConnectorError only.
 */
export async function call<T>(
  action: string,
  where: string,
  limits: CallLimits,
  answer: z.ZodType<T>,
  send: (signal: AbortSignal) => Promise<unknown>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const signal = AbortSignal.any([limits.signal, AbortSignal.timeout(limits.requestTimeoutMs)]);
      return answer.parse(await untilAborted(send(signal), signal));
    } catch (cause) {
      const error = toConnectorError(cause, action, where);
      if (limits.signal.aborted || attempt >= limits.maxAttempts || !isTransient(error.gap.code)) throw error;
      const backoff = Math.random() * Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** attempt);
      const wait = Math.max(Math.min(backoff, limits.maxRetryWaitMs), error.retryAfterMs ?? 0);
      if (wait > limits.maxRetryWaitMs) throw error;
      try {
        await sleep(wait, undefined, { signal: limits.signal });
      } catch {
        // Stopped while waiting: the failure that was waited for is the one to tell.
        throw error;
      }
    }
  }
}
