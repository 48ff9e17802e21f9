/** `temporary`: this mail, later (4xx, greylisting, a cut line). `permanent`: never (5xx). `server`: no mail gets through now. */
export type FailureKind = "temporary" | "permanent" | "server";

/** A mail did not leave. The message says what the other side answered or what to do, and holds no credential. */
export class DeliveryError extends Error {
  override name = "DeliveryError";
  constructor(
    readonly kind: FailureKind,
    message: string,
    /** For `server`: how long nothing is tried. */
    readonly pauseMs = 300_000,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** With the waits below, three days of trying; a redrive begins anew. */
export const MOST_ATTEMPTS = 25;
const MINUTES = [1, 5, 10, 20, 40, 60, 120, 240];

/** Milliseconds until the next attempt: greylisting servers want minutes, an outage hours. `attempts` counts the failed ones. */
export const retryDelayMs = (attempts: number): number =>
  (MINUTES[Math.min(Math.max(attempts, 1), MINUTES.length) - 1] ?? 240) * 60_000;

/** The Message-ID of a delivery: the same for every attempt, so that a mailbox knows a duplicate. `from` is the sender's address. */
export const messageIdOf = (deliveryId: string, from: string): string =>
  `<${deliveryId}@${from.split("@")[1] ?? "seawall.invalid"}>`;
