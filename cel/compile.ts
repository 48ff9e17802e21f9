import { assemble } from "./emit/assemble";
import type { Environment } from "./emit/program";
import type { CelError } from "./error";
import { STANDARD } from "./library/standard";
import { type Read, readsOf } from "./reads";
import type { Limits } from "./syntax/cursor";
import { parse } from "./syntax/parse";

/** Bounds of an expression that a customer may write. */
export const LIMITS: Limits = { characters: 4000, nodes: 1000, depth: 48 };

const KUBERNETES: Environment = {
  library: STANDARD,
  messages: new Map(),
  constants: new Map(),
  container: "",
  names: null,
  late: false,
};

type Bindings = Readonly<Record<string, unknown>>;

/** A compiled predicate. */
export interface Predicate {
  /** Every chain the expression reads, e.g. `["container", "securityContext", "privileged"]`; `*` for list elements. */
  readonly reads: readonly Read[];
  /**
   * Evaluates over JSON values as `JSON.parse` gives them: integral numbers are CEL ints, only own properties are seen,
   * nothing is copied or changed. `.?` and `has()` on a string, list or null are errors, not defaults: a wrong type must
   * never look fine. Throws CelError, also on a result that is no bool.
   */
  evaluate(bindings: Bindings): boolean;
  /** As `evaluate`, but gives the error instead of throwing it: the same object each time, made once, without a stack. */
  judge(bindings: Bindings): boolean | CelError;
}

/** Compiles one CEL predicate to JavaScript. Throws CelError `syntax` beyond LIMITS, and for unknown functions and bad patterns. */
export function compile(expression: string): Predicate {
  const node = parse(expression, LIMITS);
  const reads = readsOf(node);
  const { judge } = assemble(expression, node, KUBERNETES, reads.unproven);
  return {
    reads: reads.all,
    judge,
    evaluate(bindings) {
      const result = judge(bindings);
      if (typeof result === "boolean") return result;
      throw result;
    },
  };
}
