/** A change that cannot be made; the message says why and what to do. */
export class NotificationError extends Error {
  override name = "NotificationError";
  readonly code = "notification";
}

/** What somebody looked at was stored anew since, so that it was not removed. `changed`: who or what did it, as a sentence begins. */
export class RemovalRaceError extends NotificationError {
  override name = "RemovalRaceError";
  constructor(changed: string) {
    super(
      `${changed} since you opened this page, so nothing was removed. Reload the page, look at what it is now, and remove it then if it still should go.`,
    );
  }
}

/** What a form began with was stored anew since: nothing was overwritten. `changed`: who or what did it, as a sentence begins. */
export class RaceError extends NotificationError {
  override name = "RaceError";
  constructor(changed: string) {
    super(
      `${changed} since you opened this form, so nothing was saved. Look again in another tab; then reload this page and enter your change anew.`,
    );
  }
}
