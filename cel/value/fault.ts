import { CelError, type CelErrorCode } from "../error";

/**
 * An error as a value. It is a symbol: no JSON value is one, `typeof` tells it from all others at the price of a
 * comparison, and it costs nothing to raise or to absorb. What it means is read only when it leaves an evaluation.
 */
export type Fault = symbol;

const meanings = new WeakMap<symbol, { code: CelErrorCode; message: string; path?: string }>();
const errors = new WeakMap<symbol, CelError>();

/** A new fault. Made once per place in an expression or a library, never per evaluation. */
export function fault(code: CelErrorCode, message: string, path?: string): Fault {
  const made = Symbol(message);
  meanings.set(made, path === undefined ? { code, message } : { code, message, path });
  return made;
}

export const isFault = (value: unknown): value is Fault => typeof value === "symbol";

/** The error that a fault stands for; the same one each time, without a stack. */
export function errorOf(of: Fault): CelError {
  let error = errors.get(of);
  if (error === undefined) {
    const { code, message, path } = meanings.get(of) ?? { code: "other", message: "The expression failed." };
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    error = new CelError(code, message, path);
    Error.stackTraceLimit = limit;
    errors.set(of, error);
  }
  return error;
}

export const NO_OVERLOAD = fault(
  "type",
  "No such overload: a value has a type that this operator or function does not take.",
);
export const NOT_BOOL = fault("type", "A condition is no bool.");
export const OVERFLOW = fault("other", "An integer overflows.");
export const DIVIDED_BY_ZERO = fault("other", "Divided by zero.");
export const OUT_OF_RANGE = fault("other", "A value is out of range.");
export const NO_SUCH_KEY = fault("absent", "No such key.");
export const NO_SUCH_INDEX = fault("absent", "The index is out of bounds.");
export const REPEATED_KEY = fault("other", "A map literal has the same key twice.");
export const BAD_KEY = fault("type", "A map key is neither string, bool, int nor uint.");
export const NO_VALUE = fault("absent", "optional.none() has no value.");
export const TOO_LARGE = fault("other", "A string or list grew too large.");
export const OUT_OF_BUDGET = fault("other", "The expression took more steps than are allowed.");
export const BAD_PATTERN = fault("other", "The regular expression is not valid.");
export const BAD_ARGUMENT = fault("other", "An argument is not valid.");
