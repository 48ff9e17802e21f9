import { compilePattern } from "../pattern/pattern";
import type { Node } from "../syntax/ast";
import type { Code, Program } from "./program";
import { boxedOf } from "./value";

/** `x.matches('literal')`: the pattern is compiled once, here. Null for other calls. Throws CelError for a bad pattern. */
export function emitMatches(program: Program, key: string, args: readonly Node[]): Code | null {
  const [text, pattern] = args;
  if ((key !== ".matches/1" && key !== "matches/2") || text === undefined) return null;
  if (pattern?.kind !== "literal" || typeof pattern.value !== "string") return null;
  const compiled = compilePattern(pattern.value);
  if (compiled === null) {
    program.refuse(pattern.at, `${JSON.stringify(pattern.value)} is no regular expression of RE2.`);
  }
  const subject = boxedOf(program, program.emit(text));
  program.line(`if (typeof ${subject.atom} !== "string") { ${program.raise("NO_OVERLOAD")} }`);
  return program.hold(`${program.constant(compiled)}.test(${subject.atom})`, "bool");
}
