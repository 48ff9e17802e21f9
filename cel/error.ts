/**
 * `syntax`: the expression does not parse or is too large. `absent`: it read a key or variable that is not there
 * (`path` names it). `type`: a value had a type that the expression can't use. `other`: anything else it raised.
 */
export type CelErrorCode = "syntax" | "absent" | "type" | "other";

/** The only error that leaves `cel/`. */
export class CelError extends Error {
  override name = "CelError";
  constructor(
    readonly code: CelErrorCode,
    message: string,
    /** What was read, from its binding on: `facts.reach`. */
    readonly path?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
