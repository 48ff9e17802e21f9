/** A change that cannot be made; the message says why and what to do. */
export class AccountError extends Error {
  override name = "AccountError";
  readonly code = "account";
  constructor(
    message: string,
    /** What is wrong in which field of the form. */
    readonly fields?: Readonly<Record<string, string>>,
  ) {
    super(message);
  }
}
