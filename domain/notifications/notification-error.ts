/** A change that cannot be made; the message says why and what to do. */
export class NotificationError extends Error {
  override name = "NotificationError";
  readonly code = "notification";
}

/** Somebody stored `what` anew since it was read: nothing was overwritten. */
export class RaceError extends NotificationError {
  override name = "RaceError";
  constructor(what: string) {
    super(
      `Somebody changed ${what} since you opened this form, so nothing was saved. Look again in another tab; then reload this page and enter your change anew.`,
    );
  }
}
