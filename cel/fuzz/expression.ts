/** A function or an operator whose arguments are all evaluated; `$0` and `$1` stand for them. */
interface Call {
  readonly kind: "call";
  readonly form: string;
  readonly args: readonly Expression[];
}
interface Item {
  readonly value: Expression;
  readonly optional: boolean;
}

/** An expression as the fuzz makes it: written as text for the engines, and walked by the reference. */
export type Expression =
  | Call
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "both"; readonly sign: "&&" | "||"; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "if"; readonly test: Expression; readonly yes: Expression; readonly no: Expression }
  | {
      readonly kind: "loop";
      readonly macro: "all" | "exists" | "exists_one" | "existsOne" | "map" | "filter" | Transform;
      readonly range: Expression;
      /** The element or key; or index or key, and value. */
      readonly names: readonly string[];
      readonly filter: Expression | null;
      readonly step: Expression;
    }
  | { readonly kind: "bind"; readonly name: string; readonly value: Expression; readonly body: Expression }
  | { readonly kind: "list"; readonly items: readonly Item[] }
  | { readonly kind: "map"; readonly entries: readonly (Item & { readonly key: string })[] }
  /** `a.?b`, or `a.b` where a is an optional. */
  | { readonly kind: "field"; readonly operand: Expression; readonly field: string; readonly sign: ".?" | "." }
  | { readonly kind: "at"; readonly operand: Expression; readonly index: Expression }
  | { readonly kind: "of"; readonly how: "of" | "ofNonZeroValue"; readonly value: Expression }
  | { readonly kind: "none" }
  | { readonly kind: "or"; readonly how: "or" | "orValue"; readonly operand: Expression; readonly other: Expression }
  | { readonly kind: "ask"; readonly how: "hasValue" | "value"; readonly operand: Expression }
  | {
      readonly kind: "optMap";
      readonly how: "optMap" | "optFlatMap";
      readonly operand: Expression;
      readonly name: string;
      readonly body: Expression;
    }
  | { readonly kind: "end"; readonly which: "first" | "last"; readonly list: Expression }
  | { readonly kind: "unwrap"; readonly items: readonly Expression[] };
type Transform = "transformList" | "transformMap" | "transformMapEntry";

/** The expression in CEL. */
export function textOf(node: Expression): string {
  const maybe = (item: Item): string => (item.optional ? "?" : "");
  switch (node.kind) {
    case "text":
      return node.text;
    case "name":
      return node.name;
    case "call":
      return node.form.replace(/\$(\d)/g, (_, place: string) => textOf(node.args[Number(place)] ?? node));
    case "both":
      return `(${textOf(node.left)} ${node.sign} ${textOf(node.right)})`;
    case "if":
      return `(${textOf(node.test)} ? ${textOf(node.yes)} : ${textOf(node.no)})`;
    case "loop": {
      const parts = [...node.names, ...(node.filter === null ? [] : [textOf(node.filter)]), textOf(node.step)];
      return `(${textOf(node.range)}).${node.macro}(${parts.join(", ")})`;
    }
    case "bind":
      return `cel.bind(${node.name}, ${textOf(node.value)}, ${textOf(node.body)})`;
    case "list":
      return `[${node.items.map((item) => `${maybe(item)}${textOf(item.value)}`).join(", ")}]`;
    case "map":
      return `{${node.entries.map((entry) => `${maybe(entry)}${entry.key}: ${textOf(entry.value)}`).join(", ")}}`;
    case "field":
      return `(${textOf(node.operand)})${node.sign}${node.field}`;
    case "at":
      return `(${textOf(node.operand)})[?${textOf(node.index)}]`;
    case "of":
      return `optional.${node.how}(${textOf(node.value)})`;
    case "none":
      return "optional.none()";
    case "or":
      return `(${textOf(node.operand)}).${node.how}(${textOf(node.other)})`;
    case "ask":
      return `(${textOf(node.operand)}).${node.how}()`;
    case "optMap":
      return `(${textOf(node.operand)}).${node.how}(${node.name}, ${textOf(node.body)})`;
    case "end":
      return `(${textOf(node.list)}).${node.which}()`;
    case "unwrap":
      return `optional.unwrap([${node.items.map(textOf).join(", ")}])`;
  }
}

/** Whether @bufbuild/cel can read it: it has neither optionals nor loops of two names nor `cel.bind`. */
export function isPlain(node: Expression): boolean {
  switch (node.kind) {
    case "text":
    case "name":
      return true;
    case "call":
      return node.args.every(isPlain);
    case "both":
      return isPlain(node.left) && isPlain(node.right);
    case "if":
      return [node.test, node.yes, node.no].every(isPlain);
    case "loop":
      return (
        node.names.length === 1 &&
        isPlain(node.range) &&
        isPlain(node.step) &&
        (node.filter === null || isPlain(node.filter))
      );
    case "list":
      return node.items.every((item) => !item.optional && isPlain(item.value));
    case "map":
      return node.entries.every((entry) => !entry.optional && isPlain(entry.value));
    default:
      return false;
  }
}
