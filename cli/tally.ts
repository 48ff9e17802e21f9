import { Assessor } from "@/domain/posture/engine";
import type { Assessment, Control, Evidence, Outcome, Severity, Subject } from "@/domain/posture/schema";
import type { Lines } from "./lines";
import type { Problem } from "./sources";

/** One control on one resource, as it is printed. */
export interface Result {
  control: Control;
  outcome: Outcome;
  /** Why it was not evaluated; null otherwise. */
  reason: string | null;
  resource: { apiVersion: string; kind: string; namespace: string; name: string };
  source: { file: string; document: number; line: number };
  evidence: readonly Evidence[];
  /** Line of a piece of evidence; of the document where it can't be told. */
  lineOf: (path: string) => number;
}

/** How the controls are asked: which, with which parameters, and what is known of the cluster. */
export interface Asked {
  controls: readonly Control[];
  /** Parameters by control id that replace the control's own. */
  params: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  cluster: Readonly<Record<string, unknown>>;
  /** Keep healthy and not applicable results too. */
  all: boolean;
  /** Lines of evidence will be asked for, so that texts are kept. */
  lines: boolean;
}

/** Where a subject was written. `prefix` stands before the paths of its evidence: `items[3].`. */
export interface Place {
  resource: Result["resource"];
  source: Result["source"];
  lines: Pick<Lines, "of">;
  prefix: string;
}

/** One object on its way to being judged. `results`: of the controls that read it alone; null when none has judged it. */
export interface Begun {
  subject: Omit<Subject, "facts">;
  place: Place;
  lineOf: Result["lineOf"];
  results: Result[] | null;
  applied: boolean;
}

/** What a command found. `results` are those to be shown; the counts are of all. */
export class Tally {
  documents = 0;
  resources = 0;
  readonly counts: Record<Outcome, number> = { healthy: 0, unhealthy: 0, not_evaluated: 0, not_applicable: 0 };
  readonly severities: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0 };
  readonly results: Result[] = [];
  readonly problems: Problem[] = [];
  /** What was left alone, as lines for people: `FILE: passed over, …`. */
  readonly passedOver: string[] = [];

  readonly #assessor: Assessor;
  readonly #order: ReadonlyMap<Control, number>;

  constructor(readonly asked: Asked) {
    this.#assessor = new Assessor(asked.controls, asked.cluster, asked.params);
    this.#order = new Map(asked.controls.map((control, index) => [control, index]));
  }

  /** Judges one subject by the controls that judge its kind. */
  judge({ facts, ...subject }: Subject, place: Place): void {
    this.finish(this.begin(subject, place, "later"), facts);
  }

  /** Judges what can be judged without facts of other objects now, or nothing yet; `finish` does the rest. */
  begin(subject: Omit<Subject, "facts">, place: Place, when: "now" | "later"): Begun {
    const { lines, prefix, source } = place;
    const lineOf = (path: string): number => lines.of(`${prefix}${path}`) ?? source.line;
    const begun: Begun = { subject, place, lineOf, results: null, applied: false };
    if (when === "later") return begun;
    const results: Result[] = [];
    begun.subject = this.#assessor.assessAlone(subject, (assessment, control) =>
      this.#note(assessment, control, begun, results),
    );
    begun.results = results;
    return begun;
  }

  /** Judges by the controls that `begin` left. Results stand in the order of their objects' ends, of each in that of the controls. */
  finish(begun: Begun, facts: Subject["facts"]): void {
    const { subject, results } = begun;
    const rest: Result[] = [];
    const note = (assessment: Assessment, control: Control): void => this.#note(assessment, control, begun, rest);
    if (results === null) this.#assessor.assess({ ...subject, facts }, note);
    else this.#assessor.assessJoined({ ...subject, facts }, note);
    this.resources += begun.applied ? 1 : 0;
    let next = 0;
    for (const result of results ?? []) {
      for (let one = rest[next]; one !== undefined && this.#comesFirst(one, result); one = rest[++next])
        this.results.push(one);
      this.results.push(result);
    }
    this.results.push(...rest.slice(next));
  }

  #comesFirst(one: Result, other: Result): boolean {
    return (this.#order.get(one.control) ?? 0) < (this.#order.get(other.control) ?? 0);
  }

  #note(assessment: Assessment, control: Control, begun: Begun, into: Result[]): void {
    const { outcome } = assessment;
    this.counts[outcome] += 1;
    if (outcome !== "not_applicable") begun.applied = true;
    if (outcome === "unhealthy") this.severities[control.severity] += 1;
    else if (outcome !== "not_evaluated" && !this.asked.all) return;
    const reason = outcome === "not_evaluated" ? assessment.reason : null;
    const { resource, source } = begun.place;
    into.push({ control, outcome, reason, resource, source, evidence: evidenceOf(assessment), lineOf: begun.lineOf });
  }
}

function evidenceOf(assessment: Assessment): readonly Evidence[] {
  if (assessment.outcome === "unhealthy") return assessment.evidence;
  return assessment.outcome === "not_evaluated" ? [{ path: "", message: assessment.message }] : [];
}
