import { isCollection, isMap, isNode, isScalar, LineCounter, type Node, parseDocument, Scalar, visit } from "yaml";
import type { z } from "zod";
import { nearest, suggestion } from "@/lib/nearest";

/** A text that is no YAML, or no YAML of one meaning; at a line. */
export class YamlError extends Error {
  override name = "YamlError";
  constructor(
    readonly line: number,
    message: string,
    options: ErrorOptions = {},
  ) {
    super(message, options);
  }
}

/** A YAML text: its value, and the lines where what stands in it is written. Aliases are refused. Throws YamlError. */
export function readYaml(text: string): { value: unknown; lines: LineOf } {
  const counter = new LineCounter();
  const document = parseDocument(text, { version: "1.2", uniqueKeys: true, prettyErrors: false, lineCounter: counter });
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem !== undefined)
    throw new YamlError(counter.linePos(problem.pos[0]).line, problem.message, { cause: problem });
  visit(document, {
    Alias(_key, { source, range }) {
      const say = `*${source} is an alias, which is not taken: write the value itself, in quotes where it begins with *.`;
      throw new YamlError(counter.linePos(range?.[0] ?? 0).line, say);
    },
  });
  return { value: document.toJS({ maxAliasCount: 0 }), lines: new LineOf(document.contents, text, counter) };
}

type Where = readonly PropertyKey[];
/** Something that is wrong in a file although its schema accepts it. */
export interface ContentFault {
  /** Where it stands. */
  readonly where: Where;
  /** The key itself below that, and not its value; in a text, how far within. */
  readonly key?: PropertyKey;
  readonly offset?: number;
  readonly message: string;
}

const BLANK = /\s/;

/** Lines of a YAML document by path; of the nearest parent that stands in the file. */
export class LineOf {
  constructor(
    private readonly root: Node | null,
    private readonly text: string,
    private readonly counter: LineCounter,
  ) {}

  at(where: Where): number {
    for (let length = where.length; length > 0; length--) {
      const node = this.node(where.slice(0, length));
      if (node?.range) return this.counter.linePos(node.range[0]).line;
    }
    return 1;
  }

  /** Of a key itself, whose value may begin on a later line. */
  ofKey(where: Where, name: PropertyKey): number {
    const map = this.node(where);
    const pair = isMap(map)
      ? map.items.find(({ key }) => isScalar(key) && String(key.value) === String(name))
      : undefined;
    const range = isScalar(pair?.key) ? pair.key.range : undefined;
    return range ? this.counter.linePos(range[0]).line : this.at(where);
  }

  /** Of a place within a text, by its offset there. A folded text has other blanks than the file, and the same characters. */
  within(where: Where, offset: number): number {
    const node = this.node(where);
    if (!isScalar(node) || typeof node.value !== "string" || !node.range) return this.at(where);
    let left = node.value.trimStart().slice(0, offset).replace(/\s/g, "").length;
    const [start, end] = node.range;
    const isBlock = node.type === Scalar.BLOCK_FOLDED || node.type === Scalar.BLOCK_LITERAL;
    let at = isBlock ? this.text.indexOf("\n", start) : node.type === Scalar.PLAIN ? start : start + 1;
    for (; at < end && (left > 0 || BLANK.test(this.text.charAt(at))); at++)
      if (!BLANK.test(this.text.charAt(at))) left--;
    return this.counter.linePos(Math.min(at, end - 1)).line;
  }

  of({ where, key, offset }: ContentFault): number {
    if (key !== undefined) return this.ofKey(where, key);
    return offset === undefined ? this.at(where) : this.within(where, offset);
  }

  /** What stands at a path, where that is a single value. */
  valueAt(where: Where): unknown {
    const node = this.node(where);
    return isScalar(node) ? node.value : undefined;
  }

  has(where: Where): boolean {
    return where.length === 0 || this.node(where) !== undefined;
  }

  private node(where: Where): Node | undefined {
    let node: unknown = this.root;
    for (const step of where) node = isCollection(node) ? node.get(step, true) : undefined;
    return isNode(node) ? node : undefined;
  }
}

/** What a schema does not accept of a file, a line of text for each: `a.yaml:8: there is no field mesage. Did you mean message?` */
export function faultsOf(file: string, error: z.ZodError, lines: LineOf, schema: z.core.$ZodType): string {
  const issues = error.issues.flatMap((issue) => flat(issue, []));
  // Where a field is misspelt it is missing too: that is one fault.
  const meant = new Set(issues.flatMap((issue) => (issue.code === "unrecognized_keys" ? meantBy(issue, schema) : [])));
  return issues
    .filter((issue) => !isMissing(issue, lines) || !meant.has(pathOf(issue.path)))
    .flatMap((issue) => said(issue, lines, schema).map((text) => `${file}:${text}`))
    .join("\n");
}

const pathOf = (where: Where): string => where.map(String).join(".");

/** Of the ways that something may be written the one that is nearest to what is there: not of another type altogether. */
function flat(issue: z.core.$ZodIssue, above: Where): z.core.$ZodIssue[] {
  const path = [...above, ...issue.path];
  if (issue.code !== "invalid_union") return [{ ...issue, path }];
  const near = issue.errors.filter(
    (way) => !way.some(({ code, path: own }) => code === "invalid_type" && own.length === 0),
  );
  if (near[0] !== undefined) return near[0].flatMap((inner) => flat(inner, path));
  const wanted = issue.errors.flatMap((way) => way.flatMap((one) => (one.code === "invalid_type" ? one.expected : [])));
  return [{ ...issue, path, message: `Invalid input: expected ${wanted.join(" or ")}` }];
}

const isMissing = (issue: z.core.$ZodIssue, lines: LineOf): boolean =>
  issue.code === "invalid_type" && !lines.has(issue.path);

/** The paths that were meant by keys which a schema does not know. */
function meantBy(issue: z.core.$ZodIssueUnrecognizedKeys, schema: z.core.$ZodType): string[] {
  const fields = fieldsAt(schema, issue.path);
  return issue.keys.flatMap((key) => {
    const near = nearest(key, fields);
    return near === null ? [] : pathOf([...issue.path, near]);
  });
}

function said(issue: z.core.$ZodIssue, lines: LineOf, schema: z.core.$ZodType): string[] {
  const place = pathOf(issue.path);
  const where = place === "" ? "" : `${place}: `;
  const parent = issue.path.slice(0, -1);
  const last = issue.path.at(-1);
  if (issue.code === "unrecognized_keys") {
    const fields = fieldsAt(schema, issue.path);
    return issue.keys.map(
      (key) => `${lines.ofKey(issue.path, key)}: ${where}there is no field ${key}.${suggestion(key, fields)}`,
    );
  }
  if (last !== undefined && (issue.code === "invalid_key" || isMissing(issue, lines))) {
    const line = lines.ofKey(parent, last);
    if (issue.code !== "invalid_key") return [`${line}: ${where}is missing.`];
    return [`${line}: ${where}${issue.issues.map(({ message }) => message).join(" ")}`];
  }
  const given = lines.valueAt(issue.path);
  const meant =
    issue.code === "invalid_value" && typeof given === "string" ? suggestion(given, issue.values.map(String)) : "";
  return [`${lines.at(issue.path)}: ${where}${issue.message}${meant === "" ? "" : `.${meant}`}`];
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
    case "record":
      return head === undefined ? fieldsAt(def.keyType, []) : fieldsAt(def.valueType, rest);
    case "enum":
      return Object.values(def.entries).map(String);
    case "object": {
      if (head === undefined) return Object.keys(def.shape);
      const inner = def.shape[String(head)];
      return inner === undefined ? [] : fieldsAt(inner, rest);
    }
    default:
      return [];
  }
}
