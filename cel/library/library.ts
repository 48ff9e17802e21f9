import type { Result, Value } from "../value/boxed";

/** Takes values of any type; gives NO_OVERLOAD for those it has no meaning for. Throws only OutOfBudget. */
export type Implementation = (...args: Value[]) => Result;

/**
 * Functions by `name/arguments`: `size/1`, `math.abs/1`; methods by `.name/arguments` without the receiver, which comes
 * first in the call: `.size/0`. `*` stands for any number of arguments.
 */
export type Library = Readonly<Record<string, Implementation>>;

/** Several libraries as one. Throws Error when two define the same function: that would be a mistake of ours. */
export function joined(...libraries: readonly Library[]): Library {
  const all: Record<string, Implementation> = Object.create(null);
  for (const library of libraries) {
    for (const [key, implementation] of Object.entries(library)) {
      if (key in all) throw new Error(`CEL's ${key} is defined twice.`);
      all[key] = implementation;
    }
  }
  return all;
}
