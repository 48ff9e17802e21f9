import type { Code, Program } from "./program";

/** The code of a first-class value: an optional becomes an object. */
export function boxedOf(program: Program, code: Code): Code {
  return code.type === "optional" ? program.hold(`boxed(${code.atom})`) : code;
}

/** The code of a bool; raises NOT_BOOL for other values. */
export function boolOf(program: Program, code: Code): Code {
  if (code.type === "bool") return code;
  const value = boxedOf(program, code);
  program.line(`if (typeof ${value.atom} !== "boolean") { ${program.raise("NOT_BOOL")} }`);
  return { atom: value.atom, type: "bool" };
}

/** The code of an optional; raises NO_OVERLOAD for other values. */
export function optionalOf(program: Program, code: Code): Code {
  if (code.type === "optional") return code;
  const found = program.hold(`unboxed(${code.atom})`, "optional");
  program.check(found.atom);
  return found;
}

/** A value that may be written into the code as it is, or null. */
export function written(value: unknown): Code | null {
  if (value === null) return { atom: "null", type: "any" };
  if (typeof value === "boolean") return { atom: String(value), type: "bool" };
  if (typeof value === "string") return { atom: JSON.stringify(value), type: "string" };
  if (typeof value !== "number" || !Number.isFinite(value)) return null;
  return { atom: value < 0 || Object.is(value, -0) ? `(${value})` : String(value), type: "number" };
}
