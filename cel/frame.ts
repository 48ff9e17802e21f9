import type { CelError } from "./error";
import type { Value } from "./value/boxed";
import { OutOfBudget, refill } from "./value/budget";
import { errorOf, type Fault, NOT_BOOL, OUT_OF_BUDGET } from "./value/fault";

/** Elements that the loops of one evaluation may visit, and units of other work that grows with the data. */
export const STEPS = 1_000_000;

type Bindings = Readonly<Record<string, unknown>>;

/** What is to be made of a result that is neither true nor false: the error that it stands for, or that it is no bool. */
export function verdictOf(result: Value | Fault): boolean | CelError {
  if (typeof result === "boolean") return result;
  return typeof result === "symbol" ? errorOf(result) : errorOf(NOT_BOOL);
}

/** The fault that something thrown amounts to: values nested without end exhaust the budget or the stack. Throws what is neither. */
function caught(error: unknown): Fault {
  if (error instanceof OutOfBudget || error instanceof RangeError) return OUT_OF_BUDGET;
  throw error;
}

/** Runs within the budget; what exhausts it is a fault. */
export function guarded(
  evaluate: (bindings: Bindings, steps: number) => Value | Fault,
  bindings: Bindings,
): Value | Fault {
  refill(STEPS);
  try {
    return evaluate(bindings, STEPS);
  } catch (error) {
    return caught(error);
  }
}
