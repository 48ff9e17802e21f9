import { type Document, isMap, isNode, isScalar, type LineCounter } from "yaml";
import type { z } from "zod";
import { suggestion } from "@/lib/nearest";

/** Lines of a YAML document by path; of the nearest parent that stands in the file. */
export class LineOf {
  constructor(
    private readonly document: Document.Parsed,
    private readonly counter: LineCounter,
  ) {}

  at(where: readonly PropertyKey[]): number {
    for (let length = where.length; length > 0; length--) {
      const node = this.document.getIn(where.slice(0, length), true);
      if (isNode(node) && node.range) return this.counter.linePos(node.range[0]).line;
    }
    return 1;
  }

  /** Of a key itself, whose value may begin on a later line. */
  ofKey(where: readonly PropertyKey[], name: string): number {
    const map = where.length === 0 ? this.document.contents : this.document.getIn(where, true);
    const pair = isMap(map) ? map.items.find(({ key }) => isScalar(key) && key.value === name) : undefined;
    const range = isScalar(pair?.key) ? pair.key.range : undefined;
    return range ? this.counter.linePos(range[0]).line : this.at(where);
  }
}

/** What a schema does not accept of a file, a line of text for each: `a.yaml:8: there is no field mesage. Did you mean message?` */
export const faultsOf = (file: string, error: z.ZodError, lines: LineOf, schema: z.core.$ZodType): string =>
  error.issues.flatMap((issue) => said(issue, lines, schema).map((text) => `${file}:${text}`)).join("\n");

function said(issue: z.core.$ZodIssue, lines: LineOf, schema: z.core.$ZodType): string[] {
  const place = issue.path.map(String).join(".");
  const where = place === "" ? "" : `${place}: `;
  if (issue.code !== "unrecognized_keys") return [`${lines.at(issue.path)}: ${where}${issue.message}`];
  const fields = fieldsAt(schema, issue.path);
  return issue.keys.map((key) => {
    const line = lines.ofKey(issue.path, key);
    return `${line}: ${where}there is no field ${key}.${suggestion(key, fields)}`;
  });
}

/** The fields that a schema has at a path; none where it is no object. */
function fieldsAt(schema: z.core.$ZodType, [head, ...rest]: readonly PropertyKey[]): string[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case "optional":
    case "nullable":
    case "default":
      return fieldsAt(def.innerType, head === undefined ? [] : [head, ...rest]);
    case "union":
      return def.options.flatMap((option) => fieldsAt(option, head === undefined ? [] : [head, ...rest]));
    case "pipe":
      return fieldsAt(def.in, head === undefined ? [] : [head, ...rest]);
    case "array":
      return head === undefined ? [] : fieldsAt(def.element, rest);
    case "object": {
      if (head === undefined) return Object.keys(def.shape);
      const inner = def.shape[String(head)];
      return inner === undefined ? [] : fieldsAt(inner, rest);
    }
    default:
      return [];
  }
}
