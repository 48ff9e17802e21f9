import { childrenOf, type Node } from "../syntax/ast";

/** Which result is assumed of a node: one of the two, or `any` where its value is needed whatever it is. */
type Outcome = boolean | "any";

/**
 * The nodes that were evaluated without a fault whenever `root` gave false: not the operands that `&&`, `||`, `?:`, `all`,
 * `exists` and `orValue` may skip, or whose faults they may absorb.
 */
export function certainWhenFalse(root: Node): ReadonlySet<Node> {
  const certain = new Set<Node>();
  const visit = (node: Node, outcome: Outcome): void => {
    certain.add(node);
    for (const [child, expected] of needed(node, outcome)) visit(child, expected);
  };
  visit(root, false);
  return certain;
}

function needed(node: Node, outcome: Outcome): readonly (readonly [Node, Outcome])[] {
  const all = (nodes: readonly Node[], expected: Outcome): [Node, Outcome][] => nodes.map((one) => [one, expected]);
  switch (node.kind) {
    case "call": {
      const [first] = node.args;
      if (node.target !== null) {
        return all(node.name === "orValue" || node.name === "or" ? [node.target] : childrenOf(node), "any");
      }
      // `a || b` is false, and `a && b` true, only when both sides are, without a fault.
      if (node.name === "_||_") return outcome === false ? all(node.args, false) : [];
      if (node.name === "_&&_") return outcome === true ? all(node.args, true) : [];
      if (node.name === "!_") return all(node.args, outcome === "any" ? "any" : !outcome);
      return node.name === "_?_:_" ? all(first === undefined ? [] : [first], "any") : all(node.args, "any");
    }
    case "loop": {
      const range: readonly [Node, Outcome] = [node.range, "any"];
      if (node.macro === "exists") return outcome === false ? [range, [node.step, false]] : [range];
      if (node.macro === "all") return outcome === true ? [range, [node.step, true]] : [range];
      return [range, [node.filter ?? node.step, "any"]];
    }
    case "optMap":
      return all([node.operand], "any");
    case "bind":
      return all([node.body], outcome);
    case "block":
      return all([node.body], outcome);
    default:
      return all(childrenOf(node), "any");
  }
}
