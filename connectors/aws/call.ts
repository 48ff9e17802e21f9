import type { z } from "zod";
import { type RetryLimits, withRetries } from "@/connectors/retry";
import { toConnectorError } from "./error";

export interface CallLimits extends RetryLimits {
  /** Ends every call and every wait. */
  signal: AbortSignal;
  requestTimeoutMs: number;
}

/** Rejects when the signal does, even if the work below does not listen to it. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
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
export function call<T>(
  action: string,
  where: string,
  limits: CallLimits,
  answer: z.ZodType<T>,
  send: (signal: AbortSignal) => Promise<unknown>,
): Promise<T> {
  return withRetries(
    limits,
    limits.signal,
    async () => {
      const signal = AbortSignal.any([limits.signal, AbortSignal.timeout(limits.requestTimeoutMs)]);
      return answer.parse(await untilAborted(send(signal), signal));
    },
    (cause) => {
      const error = toConnectorError(cause, action, where);
      return { code: error.gap.code, error };
    },
  );
}
