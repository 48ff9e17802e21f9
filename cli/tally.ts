import { isAggregated } from "@/domain/inventory/rbac";
import { Assessor, asksNameOnly, assess, type Begun } from "@/domain/posture/engine";
import type { Assessment, Control, Outcome, Severity, Subject } from "@/domain/posture/schema";
import type { FileFacts } from "./file-facts";
import { type Kept, type OpenPlace, type Result, resultOf, shownPlace } from "./result";
import type { Problem } from "./sources";

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

/** What is said of the rules of a ClusterRole that grows by labels: none of them is its own. */
const RULES_OF_OTHERS: Assessment = {
  outcome: "not_evaluated",
  reason: "fact_absent",
  message:
    "Kubernetes writes the rules of a ClusterRole with an aggregationRule: those of all roles that its labels select, of which some may not be given. Each that is given is judged for itself.",
};

type Unfinished = Omit<Subject, "facts">;
type Note = (assessment: Assessment, control: Control) => void;

/** What was noted of one object, and is counted when its facts are known. */
export interface Noted<W> {
  readonly subject: Unfinished;
  readonly place: OpenPlace;
  /** Null where no control was asked yet. */
  begun: Begun | null;
  readonly kept: Kept<W>[];
  readonly counts: Record<Outcome, number>;
}
const none = (): Record<Outcome, number> => ({ healthy: 0, unhealthy: 0, not_evaluated: 0, not_applicable: 0 });
const OUTCOMES = ["healthy", "unhealthy", "not_evaluated", "not_applicable"] as const;

/**
 * What a command found. `results` are those to be shown; the counts are of all. `write` makes of a result what a report needs of its
 * evidence: at once, since thousands of files are read by another thread meanwhile.
 */
export class Tally<W = unknown> {
  documents = 0;
  resources = 0;
  readonly counts = none();
  readonly severities: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0 };
  readonly results: Kept<W>[] = [];
  readonly problems: Problem[] = [];
  /** What was left alone, as lines for people: `FILE: passed over, …`. */
  readonly passedOver: string[] = [];

  readonly #assessor: Assessor;
  /** Made when the first namespace comes that is only named. */
  #byName: Assessor | undefined;
  /** Where a control stands among those asked. */
  readonly #rank: ReadonlyMap<Control, number>;

  constructor(
    readonly asked: Asked,
    readonly write: (result: Result) => W,
  ) {
    this.#assessor = new Assessor(asked.controls, asked.cluster, asked.params);
    this.#rank = new Map(asked.controls.map((control, index) => [control, index]));
  }

  /** Begins to judge a subject, whose facts are not known yet. Nothing is counted before `judge`. */
  begin(subject: Unfinished, place: OpenPlace): Noted<W> {
    const noted: Noted<W> = { subject, place, begun: null, kept: [], counts: none() };
    // Who has written the rules of a role that grows by labels is told by its facts.
    if (!grows(subject)) noted.begun = this.#assessor.begin(subject, this.#noteIn(noted));
    return noted;
  }

  /** Judges what was begun, and counts it. */
  judge(noted: Noted<W>, facts: Subject["facts"], between?: FileFacts["between"]): void {
    const note = this.#noteIn(noted);
    const subject = { ...(noted.begun ?? noted.subject), facts };
    const isOfOthers = grows(subject) && facts.builtIn !== true;
    const each: Note = (assessment, control) => {
      if (isOfOthers && control.forEach === "rule") note(RULES_OF_OTHERS, control);
      else if (assessment.outcome !== "not_evaluated") note(assessment, control);
      else note(this.#condemned(subject, control, between) ?? assessment, control);
    };
    const begun = noted.begun ?? this.#assessor.begin(noted.subject, each);
    this.#assessor.finish(begun, facts, each);
    // In the order of the controls, whenever each was asked.
    noted.kept.sort((a, b) => this.#rankOf(a) - this.#rankOf(b));
    this.#count(noted);
  }

  /**
   * Judges a namespace that files name and do not hold, by the controls that need no more of it than its name and facts. Nobody
   * asked about it, so that only findings count.
   */
  judgeNamed(namespace: Subject, place: OpenPlace): void {
    if (this.#byName === undefined) {
      const { controls, cluster, params } = this.asked;
      const ofNamespaces = controls.filter(({ appliesTo }) => appliesTo.resources.includes("Namespace"));
      this.#byName = new Assessor(ofNamespaces.filter(asksNameOnly), cluster, params);
    }
    const noted: Noted<W> = { subject: namespace, place, begun: null, kept: [], counts: none() };
    const note = this.#noteIn(noted);
    this.#byName.assess(namespace, (assessment, control) => {
      if (assessment.outcome === "unhealthy") note(assessment, control);
    });
    this.#count(noted);
  }

  /** Counts what is noted of one subject, and keeps and writes what will be shown. */
  #noteIn({ place, kept, counts }: Noted<W>): Note {
    const { all } = this.asked;
    let shown: Kept<W>["place"] | undefined = kept[0]?.place;
    return (assessment, control) => {
      const { outcome } = assessment;
      counts[outcome] += 1;
      if (outcome !== "unhealthy" && outcome !== "not_evaluated" && !all) return;
      shown ??= shownPlace(place);
      const result = resultOf(assessment, control, shown, place.lines);
      kept.push({ control, outcome, unknown: result.unknown, place: shown, written: this.write(result) });
    };
  }

  #count({ kept, counts }: Noted<W>): void {
    for (const outcome of OUTCOMES) this.counts[outcome] += counts[outcome];
    if (counts.healthy + counts.unhealthy + counts.not_evaluated > 0) this.resources += 1;
    for (const one of kept) {
      if (one.outcome === "unhealthy") this.severities[one.control.severity] += 1;
      this.results.push(one);
    }
  }

  #rankOf({ control }: Kept<W>): number {
    return this.#rank.get(control) ?? 0;
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

/** Whether it is a ClusterRole whose rules are those of others. */
const grows = ({ appliesTo, object }: Unfinished): boolean => appliesTo === "ClusterRole" && isAggregated(object);
