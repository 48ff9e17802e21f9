import { certainWhenFalse } from "./emit/certain";
import { chainOf, EACH } from "./emit/path";
import { childrenOf, type Node, type NodeOf } from "./syntax/ast";

/** One read of an expression: binding, then keys; `*` stands for every element of a list that a macro walks. */
export type Read = readonly string[];
type Scope = ReadonlyMap<string, Read | null>;

export interface Reads {
  /** Every plain chain, names of macros resolved to what they stand for. */
  readonly all: readonly Read[];
  /** Those whose shape is still unproven when the expression gives false: it may have skipped them. */
  readonly unproven: readonly Read[];
}

/** What an expression reads. */
export function readsOf(root: Node): Reads {
  const certain = certainWhenFalse(root);
  const [found, proven] = [new Map<string, Read>(), new Set<string>()];
  const note = (read: Read, sure: boolean): void => {
    const key = read.join(".");
    found.set(key, read);
    if (sure) proven.add(key);
  };
  const visit = (node: Node, scope: Scope): void => {
    const resolve = (name: string): Read | null | undefined => scope.get(name);
    const chain = node.kind === "has" ? fieldOf(node, resolve) : chainOf(node, resolve);
    if (chain !== null && chain.length > 1) note(chain, certain.has(node));
    if (node.kind === "loop") visitLoop(node, scope);
    else if (node.kind === "optMap" || node.kind === "bind") {
      const value = node.kind === "bind" ? node.value : node.operand;
      visit(value, scope);
      visit(node.body, new Map([...scope, [node.name, chainOf(value, resolve)]]));
    } else for (const child of childrenOf(node)) visit(child, scope);
  };
  const visitLoop = (node: NodeOf<"loop">, scope: Scope): void => {
    const range = chainOf(node.range, (name) => scope.get(name));
    // Values of a map stand at keys that are known only when it is walked: no path leads to them.
    const element = range === null || walksMap(node.range) ? null : [...range, EACH];
    const [first, second] = node.names;
    // Never proven: a loop with one name takes a map too, and would walk its keys where elements were meant.
    if (element !== null && second === undefined) note(element, false);
    visit(node.range, scope);
    const names: [string, Read | null][] =
      second === undefined
        ? [[first, element]]
        : [
            [first, null],
            [second, element],
          ];
    for (const step of [node.filter, node.step]) if (step !== null) visit(step, new Map([...scope, ...names]));
  };
  visit(root, new Map());
  return { all: [...found.values()], unproven: [...found].filter(([key]) => !proven.has(key)).map(([, read]) => read) };
}

/** `x.orValue({})` says that a map is meant, and that its keys are walked. */
const walksMap = (range: Node): boolean =>
  range.kind === "call" && range.name === "orValue" && range.args[0]?.kind === "map";

function fieldOf(node: NodeOf<"has">, local: (name: string) => Read | null | undefined): Read | null {
  const base = chainOf(node.operand, local);
  return base === null ? null : [...base, node.field];
}
