import type { ASTNode } from "@marcbachmann/cel-js";

/** One read of an expression: binding, then keys; `*` stands for every element of a list that a macro walks. */
export type Read = readonly string[];
export const EACH = "*";

const MACROS = new Set(["all", "exists", "exists_one", "map", "filter"]);
type Scope = ReadonlyMap<string, Read>;

/** What `node` reads, when it is a plain chain such as `container.?securityContext.?capabilities.orValue({}).add`. */
function chainOf(node: ASTNode, scope: Scope): Read | null {
  switch (node.op) {
    case "id":
      return scope.get(node.args) ?? [node.args];
    case ".":
    case ".?": {
      const base = chainOf(node.args[0], scope);
      const key = keyOf(node.args[1]);
      return base === null || key === null ? null : [...base, key];
    }
    case "rcall":
      return node.args[0] === "orValue" || node.args[0] === "value" ? chainOf(node.args[1], scope) : null;
    default:
      return null;
  }
}

const keyOf = (key: unknown): string | null => {
  if (typeof key === "string") return key;
  // The parser keeps the key of `.?` as a literal node, though its types say string.
  if (typeof key === "object" && key !== null && "args" in key && typeof key.args === "string") return key.args;
  return null;
};

function isNode(value: unknown): value is ASTNode {
  return typeof value === "object" && value !== null && "op" in value && "args" in value;
}

function* childrenOf(value: unknown): Generator<ASTNode> {
  if (isNode(value)) yield value;
  else if (Array.isArray(value)) for (const item of value) yield* childrenOf(item);
}

/** The path of one node for messages: `facts.reach`; undefined when it is not a plain chain. */
export function pathOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  return chainOf(node, new Map())?.join(".");
}

/** Every name that the expression uses, macro variables among them: only these bindings need to be handed over. */
export function namesOf(root: ASTNode): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: ASTNode): void => {
    if (node.op === "id") names.add(node.args);
    for (const child of childrenOf(node.args)) visit(child);
  };
  visit(root);
  return names;
}

/** Every plain chain that the expression reads, macro variables resolved to the list they walk. */
export function readsOf(root: ASTNode): Read[] {
  const found = new Map<string, Read>();
  const visit = (node: ASTNode, scope: Scope): void => {
    const chain = chainOf(node, scope);
    if (chain !== null && chain.length > 1) found.set(chain.join("."), chain);
    if (node.op === "rcall" && MACROS.has(node.args[0])) {
      const [variable, ...bodies] = node.args[2];
      visit(node.args[1], scope);
      const range = chainOf(node.args[1], scope);
      const inner = new Map(scope);
      if (variable?.op === "id") {
        // A range that is no chain hides its elements: reads of the variable then have a root that no binding has.
        inner.set(variable.args, range === null ? [`(${variable.args})`] : [...range, EACH]);
        if (range !== null) found.set([...range, EACH].join("."), [...range, EACH]);
      }
      for (const body of bodies) visit(body, inner);
      return;
    }
    for (const child of childrenOf(node.args)) visit(child, scope);
  };
  visit(root, new Map());
  return [...found.values()];
}

/**
 * The first read that passes through something that is neither a map nor (at `*`) a list, as a path; null when all are
 * sound. A key that is absent ends its read: that is what `.?` and `has()` are for.
 */
export function unsoundRead(reads: readonly Read[], bindings: Readonly<Record<string, unknown>>): string | null {
  for (const read of reads) {
    const broken = follow(bindings, read, 0);
    if (broken !== null) return broken;
  }
  return null;
}

function follow(value: unknown, read: Read, index: number): string | null {
  const key = read[index];
  if (key === undefined) return null;
  if (key === EACH) {
    if (!Array.isArray(value)) return read.slice(0, index).join(".");
    for (const item of value) {
      const broken = follow(item, read, index + 1);
      if (broken !== null) return broken;
    }
    return null;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return read.slice(0, index).join(".");
  if (!Object.hasOwn(value, key)) return null;
  return follow(Reflect.get(value, key), read, index + 1);
}
