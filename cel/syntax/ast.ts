import type { Double, Uint } from "../value/boxed";

/** A literal as the evaluator holds it: ints are numbers within ±2^53 and bigints beyond. */
export type Literal = null | boolean | number | bigint | string | Double | Uint | Uint8Array;

export type Macro =
  | "all"
  | "exists"
  | "exists_one"
  | "map"
  | "filter"
  | "transformList"
  | "transformMap"
  | "transformMapEntry";

interface At {
  /** Offset in the expression, in UTF-16 units. */
  readonly at: number;
}
export interface Item {
  readonly value: Node;
  readonly optional: boolean;
}
export interface Entry extends Item {
  readonly key: Node;
}
export interface Field extends Item {
  readonly name: string;
}

/** Macros keep a node of their own; operators are calls by their spelling (`_+_`, `!_`, `_?_:_`). */
export type Node = At &
  (
    | { readonly kind: "literal"; readonly value: Literal }
    | { readonly kind: "name"; readonly name: string; readonly absolute: boolean }
    | { readonly kind: "select"; readonly operand: Node; readonly field: string; readonly optional: boolean }
    | { readonly kind: "has"; readonly operand: Node; readonly field: string }
    | { readonly kind: "index"; readonly operand: Node; readonly index: Node; readonly optional: boolean }
    | { readonly kind: "call"; readonly name: string; readonly target: Node | null; readonly args: readonly Node[] }
    | { readonly kind: "list"; readonly items: readonly Item[] }
    | { readonly kind: "map"; readonly entries: readonly Entry[] }
    | { readonly kind: "message"; readonly type: string; readonly fields: readonly Field[] }
    | {
        readonly kind: "loop";
        readonly macro: Macro;
        readonly range: Node;
        /** One name (element, or key of a map) or two (index or key, then value). */
        readonly names: readonly [string] | readonly [string, string];
        /** `map` and the transforms: the predicate that comes before the step. */
        readonly filter: Node | null;
        readonly step: Node;
      }
    | {
        readonly kind: "optMap";
        readonly flat: boolean;
        readonly operand: Node;
        readonly name: string;
        readonly body: Node;
      }
    | { readonly kind: "bind"; readonly name: string; readonly value: Node; readonly body: Node }
    | { readonly kind: "block"; readonly slots: readonly Node[]; readonly body: Node }
  );
export type NodeOf<K extends Node["kind"]> = Extract<Node, { kind: K }>;

/** The nodes right below one, in the order of the text. */
export function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case "literal":
    case "name":
      return [];
    case "select":
    case "has":
      return [node.operand];
    case "index":
      return [node.operand, node.index];
    case "call":
      return node.target === null ? node.args : [node.target, ...node.args];
    case "list":
      return node.items.map((item) => item.value);
    case "map":
      return node.entries.flatMap((entry) => [entry.key, entry.value]);
    case "message":
      return node.fields.map((field) => field.value);
    case "loop":
      return node.filter === null ? [node.range, node.step] : [node.range, node.filter, node.step];
    case "optMap":
      return [node.operand, node.body];
    case "bind":
      return [node.value, node.body];
    case "block":
      return [...node.slots, node.body];
  }
}
