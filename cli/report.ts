import { SEVERITY_RANK, type Severity } from "@/domain/posture/schema";
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

const printed = ({ control, outcome, reason, resource, source, evidence }: Result) => ({
  control: control.id,
  name: control.name,
  severity: control.severity,
  outcome,
  reason,
  resource,
  source,
  evidence,
});

/** The report as JSON, in pieces: whole it may be larger than all that was read. */
export const jsonReport = (tally: Tally): Generator<string> =>
  withItems({ schema: "seawall.check/1", summary: summaryOf(tally), results: [] }, 2, tally.results, (one) => [
    printed(one),
  ]);

const PIECE = 500;

/**
 * An object as JSON whose last list, `results: []`, is filled piece by piece with what each of `from` gives. `indent` is that of
 * the list's key.
 */
export function* withItems<T>(
  object: object,
  indent: number,
  from: readonly T[],
  itemsOf: (one: T) => readonly object[],
): Generator<string> {
  const whole = JSON.stringify(object, null, 2);
  const at = whole.lastIndexOf('"results": []') + '"results": ['.length;
  yield whole.slice(0, at);
  const margin = `\n${" ".repeat(indent + 2)}`;
  let any = false;
  for (let index = 0; index < from.length; index += PIECE) {
    let piece = "";
    for (const item of from.slice(index, index + PIECE).flatMap(itemsOf)) {
      // Line ends inside texts are escaped, so every one is the form's.
      piece += `${any ? "," : ""}${margin}${JSON.stringify(item, null, 2).replaceAll("\n", margin)}`;
      any = true;
    }
    yield piece;
  }
  yield `${any ? `\n${" ".repeat(indent)}` : ""}${whole.slice(at)}\n`;
}

/** Names come from files of strangers: nothing in them may steer the terminal, or break an XML document. */
export const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\uFFFE\uFFFF]/gu, "�");

/** Findings first, the worst on top, then what was not evaluated. */
export const urgency = ({ outcome, control }: Result): number =>
  (outcome === "unhealthy" ? 20 : outcome === "not_evaluated" ? 10 : 0) + SEVERITY_RANK[control.severity];

/** Results of one object that stands at one place, in the order of the files. Names repeat, so the place is the key. */
export function byResource(results: readonly Result[]): Map<string, Result[]> {
  const groups = new Map<string, Result[]>();
  for (const result of results) {
    const { resource, source } = result;
    const { apiVersion, kind, namespace, name } = resource;
    const key = JSON.stringify([source.file, source.document, apiVersion, kind, namespace, name]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [result]);
    else group.push(result);
  }
  return groups;
}
