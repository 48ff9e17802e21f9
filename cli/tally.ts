import { isAggregated } from "@/domain/inventory/rbac";
import { Assessor, asksNameOnly, assess, type Begun } from "@/domain/posture/engine";
import type { Assessment, Control, Evidence, Outcome, Severity, Subject } from "@/domain/posture/schema";
import type { FileFacts } from "./facts";
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
  /** Where its object stands in the document: `items[3].` in a list, otherwise empty. */
  prefix: string;
  evidence: readonly Evidence[];
  /** Line of a piece of evidence, of the object for an empty path; of the document where it can't be told. */
  lineOf: (path: string) => number;
}

/** How the controls are asked: which, with which parameters, and what is known of the cluster. */
export interface Asked {
  controls: readonly Control[];
  /** Parameters by control id that replace the control's own. */
  params: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  cluster: Readonly<Record<string, unknown>>;
  /** The release of Kubernetes that the manifests are for; absent when nobody said. */
  version?: string | undefined;
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

/** What is said of the rules of a ClusterRole that grows by labels: none of them is its own. */
const RULES_OF_OTHERS: Assessment = {
  outcome: "not_evaluated",
  reason: "fact_absent",
  message:
    "Kubernetes writes the rules of a ClusterRole with an aggregationRule: those of all roles that its labels select, of which some may not be given. Each that is given is judged for itself.",
};

type Note = (assessment: Assessment, control: Control) => void;

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
  /** Made when the first namespace comes that is only named. */
  #byName: Assessor | undefined;

  constructor(readonly asked: Asked) {
    this.#assessor = new Assessor(asked.controls, asked.cluster, asked.params);
  }

  /** Begins to judge a subject, whose facts are not known yet. Nothing is counted before `judge`. */
  begin(subject: Omit<Subject, "facts">): Begun {
    return this.#assessor.begin(subject);
  }

  /** Judges what was begun by the controls that judge its kind. */
  judge(begun: Begun, facts: Subject["facts"], place: Place, between?: FileFacts["between"]): void {
    const subject = { ...begun.subject, facts };
    const grows = subject.appliesTo === "ClusterRole" && isAggregated(subject.object) && facts.builtIn !== true;
    this.#take(place, (note) =>
      this.#assessor.finish(begun, facts, (assessment, control) => {
        if (grows && control.forEach === "rule") note(RULES_OF_OTHERS, control);
        else if (assessment.outcome !== "not_evaluated") note(assessment, control);
        else note(this.#condemned(subject, control, between) ?? assessment, control);
      }),
    );
  }

  /**
   * Judges a namespace that files name and do not hold, by the controls that need no more of it than its name and facts. Nobody
   * asked about it, so that only findings count.
   */
  judgeNamed(namespace: Subject, place: Place): void {
    if (this.#byName === undefined) {
      const { controls, cluster, params } = this.asked;
      const ofNamespaces = controls.filter(({ appliesTo }) => appliesTo.resources.includes("Namespace"));
      this.#byName = new Assessor(ofNamespaces.filter(asksNameOnly), cluster, params);
    }
    const assessor = this.#byName;
    this.#take(place, (note) =>
      assessor.assess(namespace, (assessment, control) => {
        if (assessment.outcome === "unhealthy") note(assessment, control);
      }),
    );
  }

  /** Keeps and counts what is noted of one subject. */
  #take({ resource, source, lines, prefix }: Place, judge: (note: Note) => void): void {
    const { all } = this.asked;
    const lineOf = (path: string): number =>
      lines.of(path === "" ? prefix.slice(0, -1) : `${prefix}${path}`) ?? source.line;
    let applied = 0;
    judge((assessment, control) => {
      const { outcome } = assessment;
      this.counts[outcome] += 1;
      if (outcome !== "not_applicable") applied = 1;
      if (outcome === "unhealthy") this.severities[control.severity] += 1;
      else if (outcome !== "not_evaluated" && !all) return;
      const reason = outcome === "not_evaluated" ? assessment.reason : null;
      const evidence = evidenceOf(assessment);
      this.results.push({ control, outcome, reason, resource, source, prefix, evidence, lineOf });
    });
    this.resources += applied;
  }

  /** What the least says, where it condemns and the most does too: then nothing that was not given can acquit. */
  #condemned(subject: Subject, control: Control, between: FileFacts["between"]): Assessment | null {
    if (between === undefined) return null;
    const { cluster, params } = this.asked;
    const own = params.get(control.id);
    const [least, most] = [between.least, between.most].map((facts) =>
      assess(control, { ...subject, facts: { ...subject.facts, ...facts } }, { cluster, ...(own && { params: own }) }),
    );
    return least?.outcome === "unhealthy" && most?.outcome === "unhealthy" ? least : null;
  }
}

function evidenceOf(assessment: Assessment): readonly Evidence[] {
  if (assessment.outcome === "unhealthy") return assessment.evidence;
  return assessment.outcome === "not_evaluated" ? [{ path: "", message: assessment.message }] : [];
}
