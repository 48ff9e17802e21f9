import type { Node } from "../syntax/ast";
import type { Code, Program } from "./program";
import { boxedOf } from "./value";

const METHODS: Readonly<Record<string, "includes" | "startsWith" | "endsWith">> = {
  ".contains/1": "includes",
  ".startsWith/1": "startsWith",
  ".endsWith/1": "endsWith",
};
/** Reading fewer characters spends nothing (`spendLength`). */
const FREE = 16;

/** `x.contains('literal')`, `x.startsWith('literal')`, `x.endsWith('literal')`: as the library does, without calling it. Null for other calls. */
export function emitTextTest(program: Program, key: string, args: readonly Node[]): Code | null {
  const method = METHODS[key];
  const [text, part] = args;
  if (method === undefined || text === undefined) return null;
  if (part?.kind !== "literal" || typeof part.value !== "string") return null;
  const { length } = part.value;
  const code = boxedOf(program, program.emit(text));
  const subject = code.type === "number" ? `(${code.atom})` : code.atom; // `0.startsWith` is no JavaScript
  const literal = JSON.stringify(part.value);
  program.line(`if (typeof ${subject} !== "string") { ${program.raise("NO_OVERLOAD")} }`);
  if (method === "includes") program.line(`if (${subject}.length >= ${FREE}) spendSearch(${subject}, ${literal});`);
  else if (length >= FREE) program.line(`if (${subject}.length >= ${length}) spendLength(${length});`);
  return program.hold(`${subject}.${method}(${literal})`, "bool");
}
