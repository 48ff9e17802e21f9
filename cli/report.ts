import { type Control, SEVERITY_RANK, type Severity } from "@/domain/posture/schema";
import type { Result, Tally } from "./tally";

export interface Summary {
  documents: number;
  resources: number;
  healthy: number;
  unhealthy: number;
  notEvaluated: number;
  notApplicable: number;
  /** Unhealthy results by severity. */
  severities: Record<Severity, number>;
  /** Documents and files that could not be read. */
  unreadable: number;
}

export const summaryOf = ({ documents, resources, counts, severities, problems }: Tally): Summary => ({
  documents,
  resources,
  healthy: counts.healthy,
  unhealthy: counts.unhealthy,
  notEvaluated: counts.not_evaluated,
  notApplicable: counts.not_applicable,
  severities,
  unreadable: problems.length,
});

/** 2 when something was unreadable, 1 when a finding reaches `failOn` or, if asked, something is unknown; otherwise 0. */
export function exitCodeOf(
  { problems, counts, severities }: Tally,
  failOn: Severity,
  failOnUnknown: boolean,
): 0 | 1 | 2 {
  if (problems.length > 0) return 2;
  if (failOnUnknown && counts.not_evaluated > 0) return 1;
  return reaching(severities, failOn) > 0 ? 1 : 0;
}

/** Unhealthy results of a severity or above. */
export const reaching = (severities: Readonly<Record<Severity, number>>, lowest: Severity): number =>
  (Object.keys(severities) as Severity[])
    .filter((severity) => SEVERITY_RANK[severity] >= SEVERITY_RANK[lowest])
    .reduce((sum, severity) => sum + severities[severity], 0);

/** The report as JSON, in pieces: whole it may be larger than all that was read. */
export function* jsonReport(tally: Tally): Generator<string> {
  const object = { schema: "seawall.check/1", summary: summaryOf(tally), results: [] };
  const heads = new Map<Control, string>();
  const verdicts = new Map<string, string>();
  let last: Result["resource"] | null = null;
  let place = "";
  yield* withItems(object, 2, tally.results, (result) => {
    const { control, outcome, reason, resource, source, prefix, evidence } = result;
    const { id, name, severity } = control;
    const head = made(heads, control, () => inside({ control: id, name, severity }, ITEM));
    // Only what was not evaluated has a reason, and no reason is called as an outcome is.
    const verdict = made(verdicts, reason ?? outcome, () => inside({ outcome, reason }, ITEM));
    // Results of one object stand together.
    if (last !== resource)
      place = inside({ resource, source: prefix === "" ? source : { ...source, item: itemOf(prefix) } }, ITEM);
    last = resource;
    return [`{${head},${verdict},${place},${ITEM}  "evidence": ${evidenceText(evidence)}${ITEM}}`];
  });
}

/** What was made for a key already, or is made now. */
export function made<K>(known: Map<K, string>, key: K, make: () => string): string {
  const text = known.get(key) ?? make();
  known.set(key, text);
  return text;
}

/** The margin of an item of `results`. */
const ITEM = "\n    ";

/** `value` as indented JSON without its braces, whose further lines stand at a margin: a line end and blanks. */
const inside = (value: object, margin: string): string =>
  // Line ends inside texts are escaped, so every one is the form's.
  JSON.stringify(value, null, 2)
    .replaceAll("\n", margin)
    .slice(1, -margin.length - 1);

function evidenceText(evidence: Result["evidence"]): string {
  if (evidence.length === 0) return "[]";
  let texts = "";
  for (const { path, message } of evidence) {
    texts += `${texts === "" ? "[" : ","}${ITEM}    {${ITEM}      "path": ${quoted(path)},${ITEM}      "message": ${quoted(message)}${ITEM}    }`;
  }
  return `${texts}${ITEM}  ]`;
}

/** Without anything that JSON escapes. */
const UNESCAPED = /^[ !#-[\]-~]*$/;
/** A text in JSON. Most hold nothing to escape, and to see that is faster than to write it anew. */
export const quoted = (text: string): string => (UNESCAPED.test(text) ? `"${text}"` : JSON.stringify(text));

const PIECE = 500;

/**
 * An object as JSON whose last list, `results: []`, is filled piece by piece with what each of `from` gives: JSON whose further
 * lines stand four blanks right of the list's key, which `indent` blanks precede.
 */
export function* withItems<T>(
  object: object,
  indent: number,
  from: readonly T[],
  itemsOf: (one: T) => readonly string[],
): Generator<string> {
  const whole = JSON.stringify(object, null, 2);
  const at = whole.lastIndexOf('"results": []') + '"results": ['.length;
  yield whole.slice(0, at);
  const margin = `\n${" ".repeat(indent + 2)}`;
  let any = false;
  let piece = "";
  for (const [index, one] of from.entries()) {
    for (const item of itemsOf(one)) {
      piece += `${any ? "," : ""}${margin}${item}`;
      any = true;
    }
    if (index % PIECE !== PIECE - 1) continue;
    yield piece;
    piece = "";
  }
  if (piece !== "") yield piece;
  yield `${any ? `\n${" ".repeat(indent)}` : ""}${whole.slice(at)}\n`;
}

/** Names come from files of strangers: nothing in them may steer the terminal, or break an XML document. */
export const plain = (text: string): string =>
  PRINTABLE.test(text) ? text : text.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\uFFFE\uFFFF]/gu, "�");
/** Most texts are of ASCII alone, which is seen far sooner. */
const PRINTABLE = /^[ -~]*$/;

/** Findings first, the worst on top, then what was not evaluated. */
export const urgency = ({ outcome, control }: Result): number =>
  (outcome === "unhealthy" ? 20 : outcome === "not_evaluated" ? 10 : 0) + SEVERITY_RANK[control.severity];

/** Which item of its list an object is: `items[3]`. */
const itemOf = (prefix: string): string => prefix.slice(0, -1);

/** The line where an object is told to begin: its own in a list, otherwise its document's. */
export const startLine = ({ source, prefix, lineOf }: Result): number => (prefix === "" ? source.line : lineOf(""));

/** File and line of an object, and which item of a list it is: many may stand on one line. */
export function placeOf(result: Result): string {
  const { source, prefix } = result;
  return `${source.file}:${startLine(result)}${prefix === "" ? "" : ` ${itemOf(prefix)}`}`;
}

/** Results by object, in the order of the files. Names repeat, and a file may be given twice: each time it was read is its own. */
export function byResource(results: readonly Result[]): Result[][] {
  const groups: Result[][] = [];
  let last: Result[] = [];
  // Results of one object stand together.
  for (const result of results) {
    if (last[0]?.resource !== result.resource) {
      last = [];
      groups.push(last);
    }
    last.push(result);
  }
  return groups;
}
