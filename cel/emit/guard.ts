import { EACH } from "./path";
import { end, type Program } from "./program";
import { INHERITED } from "./reserved";

/** Reads that begin alike, as one tree. */
type Tree = Map<string, Tree>;

/**
 * Writes what must hold of every read before `false` is given: it goes through maps and, at `*`, lists. A key that is
 * absent ends a read: that is what `.?` and `has()` are for.
 */
export function emitGuard(program: Program, reads: readonly (readonly string[])[]): void {
  const tree: Tree = new Map();
  for (const read of reads) {
    let node = tree;
    for (const key of read) {
      const below = node.get(key) ?? new Map();
      node.set(key, below);
      node = below;
    }
  }
  for (const [name, below] of tree) follow(program, program.binding(name), [name], below);
}

function follow(program: Program, value: string, path: readonly string[], tree: Tree): void {
  if (tree.size === 0) return;
  const where = path.join(".");
  const wrong = program.fault("type", `${where} has a type that can't be read here.`, where);
  program.line(`if (${value} !== undefined) {`);
  const each = tree.get(EACH);
  if (each !== undefined) {
    program.line(`if (!Array.isArray(${value})) { ${end(wrong)} }`);
    if (each.size > 0) {
      const element = program.temp();
      program.line(`for (const ${element} of ${value}) { if (--n < 0) { ${end("OUT_OF_BUDGET")} }`);
      follow(program, element, [...path, EACH], each);
      program.line("}");
    }
  }
  const keys = [...tree].filter(([key]) => key !== EACH);
  if (keys.length > 0) program.line(`if (!isPlain(${value})) { ${end(wrong)} }`);
  for (const [key, below] of keys) {
    if (below.size === 0) continue;
    const text = JSON.stringify(key);
    const read = INHERITED.has(key)
      ? `(Object.hasOwn(${value}, ${text}) ? ${value}[${text}] : undefined)`
      : `${value}[${text}]`;
    follow(program, program.hold(read).atom, [...path, key], below);
  }
  program.line("}");
}
