import {
  TypeError as CelTypeError,
  Environment,
  EvaluationError,
  ParseError,
  type ParseResult,
} from "@marcbachmann/cel-js";
import { CelError } from "./error";
import { withIntegers } from "./integers";
import { namesOf, pathOf, readsOf, unsoundRead } from "./reads";

const MAX_LENGTH = 4000;
const LIMITS = { maxAstNodes: 1000, maxDepth: 48, maxListElements: 200, maxMapEntries: 50, maxCallArguments: 8 };

const environment = new Environment({
  unlistedVariablesAreDyn: true,
  enableOptionalTypes: true,
  homogeneousAggregateLiterals: false,
  limits: LIMITS,
});

/** A compiled predicate. */
export interface Predicate {
  /** Every chain the expression reads, e.g. `["container", "securityContext", "privileged"]`; `*` for list elements. */
  readonly reads: readonly (readonly string[])[];
  /**
   * Evaluates over JSON values, which it treats as immutable: integral numbers are CEL ints, only own properties are seen.
   * `false` is given only when everything read had a usable shape: `.?` and `has()` on a string, list or null would
   * quietly take the default, and a wrong type must never look fine. Throws CelError, also on a result that is no bool.
   */
  evaluate(bindings: Readonly<Record<string, unknown>>): boolean;
}

/** Compiles one CEL predicate. Optional types (`a.?b.orValue(c)`) are on. Throws CelError `syntax` beyond 4,000 characters, 1,000 nodes or 48 levels. */
export function compile(expression: string): Predicate {
  if (expression.length > MAX_LENGTH) {
    throw new CelError("syntax", `The expression has ${expression.length} characters; ${MAX_LENGTH} are allowed.`);
  }
  const parsed = parse(expression);
  const reads = readsOf(parsed.ast);
  const names = namesOf(parsed.ast);
  return {
    reads,
    evaluate(bindings) {
      const result = run(parsed, names, bindings);
      if (typeof result !== "boolean") throw new CelError("type", `The expression gave ${nameOf(result)}, not a bool.`);
      const unsound = result ? null : unsoundRead(reads, bindings);
      if (unsound !== null) throw new CelError("type", `${unsound} has a type that can't be read here.`, unsound);
      return result;
    },
  };
}

function parse(expression: string): ParseResult {
  try {
    const parsed = environment.parse(expression);
    const checked = parsed.check();
    if (!checked.valid) throw checked.error ?? new Error("The expression has no valid type.");
    return parsed;
  } catch (error) {
    throw new CelError("syntax", firstLine(error), undefined, { cause: error });
  }
}

function run(parsed: ParseResult, names: ReadonlySet<string>, bindings: Readonly<Record<string, unknown>>): unknown {
  try {
    const context: Record<string, unknown> = {};
    for (const name of names) {
      const value = Object.hasOwn(bindings, name) ? bindings[name] : undefined;
      if (value !== undefined) context[name] = withIntegers(value);
    }
    return parsed(context);
  } catch (error) {
    throw toCelError(error);
  }
}

function toCelError(error: unknown): CelError {
  const message = firstLine(error);
  if (error instanceof EvaluationError || error instanceof CelTypeError) {
    const path = pathOf(error.node);
    if (error.code === "no_such_key" || error.code === "unknown_variable") {
      return new CelError("absent", path === undefined ? message : `${path} is absent.`, path, { cause: error });
    }
    return new CelError("type", message, path, { cause: error });
  }
  if (error instanceof ParseError) return new CelError("syntax", message, undefined, { cause: error });
  return new CelError("other", message, undefined, { cause: error });
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n", 1)[0]?.slice(0, 300) ?? "";

const nameOf = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "a list" : `a ${typeof value}`;
