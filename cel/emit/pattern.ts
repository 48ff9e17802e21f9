import { compilePattern, PatternPlace } from "../pattern/pattern";
import type { Node } from "../syntax/ast";
import type { Code, Program } from "./program";
import { boxedOf } from "./value";

/**
 * `x.matches('literal')`: the pattern is compiled once, here; any other is looked for where it was found last. Null for other calls.
 * Throws CelError for a bad pattern.
 */
export function emitMatches(program: Program, key: string, args: readonly Node[]): Code | null {
  const [text, pattern] = args;
  if ((key !== ".matches/1" && key !== "matches/2") || text === undefined || pattern === undefined) return null;
  if (pattern.kind !== "literal") {
    const [subject, source] = [text, pattern].map((arg) => boxedOf(program, program.emit(arg)).atom);
    program.line(
      `if (typeof ${subject} !== "string" || typeof ${source} !== "string") { ${program.raise("NO_OVERLOAD")} }`,
    );
    const found = program.hold(`${program.constant(new PatternPlace())}.of(${source})`);
    program.line(`if (${found.atom} === null) { ${program.raise("BAD_PATTERN")} }`);
    return program.hold(`${found.atom}.test(${subject})`, "bool");
  }
  if (typeof pattern.value !== "string") return null;
  const compiled = compilePattern(pattern.value);
  if (compiled === null) {
    program.refuse(pattern.at, `${JSON.stringify(pattern.value)} is no regular expression of RE2.`);
  }
  const subject = boxedOf(program, program.emit(text));
  program.line(`if (typeof ${subject.atom} !== "string") { ${program.raise("NO_OVERLOAD")} }`);
  return program.hold(`${program.constant(compiled)}.test(${subject.atom})`, "bool");
}
