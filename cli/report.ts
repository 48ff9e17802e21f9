import { SEVERITY_RANK, type Severity } from "@/domain/posture/schema";
import type { Kept, Result } from "./result";
import type { Tally } from "./tally";

/** A form in which the command tells what it found. `W`: what it keeps of a result. */
export interface Format<W> {
  /** Whether it tells the lines of evidence. */
  lines: boolean;
  /** Called with each result that is shown, as soon as it is known, in no order of objects. */
  write: (result: Result) => W;
  /** The report, in pieces: whole it may be larger than all that was read. `failOn`: the severity from which on the command fails. */
  report: (tally: Tally<W>, failOn: Severity) => Iterable<string> | AsyncIterable<string>;
}

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

/** What was made for a key already, or is made now. */
export function made<K>(known: Map<K, string>, key: K, make: () => string): string {
  const text = known.get(key) ?? make();
  known.set(key, text);
  return text;
}

/** Without anything that JSON escapes. */
const UNESCAPED = /^[ !#-[\]-~]*$/;
/** A text in JSON. Most hold nothing to escape, and to see that is faster than to write it anew. */
export const quoted = (text: string): string => (UNESCAPED.test(text) ? `"${text}"` : JSON.stringify(text));
/** As `quoted`, of the text made plain: whatever needs that needs to be escaped. */
export const quotedPlain = (text: string): string => (UNESCAPED.test(text) ? `"${text}"` : JSON.stringify(plain(text)));

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
export const urgency = ({ outcome, control }: Pick<Result, "outcome" | "control">): number =>
  (outcome === "unhealthy" ? 20 : outcome === "not_evaluated" ? 10 : 0) + SEVERITY_RANK[control.severity];

/** Which item of its list an object is: `items[3]`. */
export const itemOf = (prefix: string): string => prefix.slice(0, -1);

/** File and line of an object, and which item of a list it is: many may stand on one line. */
export function placeOf({ source, prefix, startLine }: Kept<unknown>["place"]): string {
  return `${source.file}:${startLine}${prefix === "" ? "" : ` ${itemOf(prefix)}`}`;
}

/** Results by object, in the order of the files. Names repeat, and a file may be given twice: each time it was read is its own. */
export function byResource<W>(results: readonly Kept<W>[]): Kept<W>[][] {
  const groups: Kept<W>[][] = [];
  let last: Kept<W>[] = [];
  // Results of one object stand together.
  for (const result of results) {
    if (last[0]?.place !== result.place) {
      last = [];
      groups.push(last);
    }
    last.push(result);
  }
  return groups;
}
