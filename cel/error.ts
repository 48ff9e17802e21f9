/**
 * `syntax`: the expression does not parse, is too large, or names a function, type or pattern that is none. `absent`: it
 * read a key or variable that is not there (`path` names it). `type`: a value had a type that the expression can't use.
 * `other`: anything else it raised.
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
    /** `syntax`: where in the expression, from 0; the message begins with line and column. */
    readonly at?: number,
  ) {
    super(message);
  }
}

/** A CelError `syntax` whose message begins with line and column, both from 1. */
export function syntaxError(text: string, at: number, message: string): CelError {
  const before = text.slice(0, at).split("\n");
  const place = `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
  return new CelError("syntax", `${place}: ${message}`, undefined, at);
}
