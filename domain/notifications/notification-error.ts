/** A change that cannot be made; the message says why and what to do. */
export class NotificationError extends Error {
  override name = "NotificationError";
  readonly code = "notification";
}
