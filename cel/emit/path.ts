import type { Node } from "../syntax/ast";

/** Stands for every element of a list in a path. */
export const EACH = "*";

/**
 * What a node reads when it is a plain chain such as `container.?securityContext.?capabilities.orValue({}).add`: a
 * binding, then keys. `local` resolves the names of macros: null for one that stands for nothing in the data.
 */
export function chainOf(
  node: Node,
  local: (name: string) => readonly string[] | null | undefined,
): readonly string[] | null {
  switch (node.kind) {
    case "name": {
      const path = local(node.name);
      return path === undefined ? [node.name] : path;
    }
    case "select": {
      const base = chainOf(node.operand, local);
      return base === null ? null : [...base, node.field];
    }
    case "index": {
      const base = chainOf(node.operand, local);
      if (base === null || node.index.kind !== "literal" || typeof node.index.value !== "string") return null;
      return [...base, node.index.value];
    }
    case "call":
      if (node.target === null || !["orValue", "value", "or"].includes(node.name)) return null;
      return chainOf(node.target, local);
    default:
      return null;
  }
}
