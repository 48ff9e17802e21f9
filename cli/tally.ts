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

/** An object that is to be judged, but its facts, and where it stands. */
export interface Asking {
  readonly subject: Unfinished;
  readonly place: OpenPlace;
}
/** What was noted of one object, and is counted when its facts are known. */
export interface Noted<W> extends Asking {
  /** Null where no control was asked yet. */
  begun: Begun | null;
  /** What will be shown and is not written yet. */
  said: [Assessment, Control][];
  readonly kept: Kept<W>[];
  readonly counts: Record<Outcome, number>;
}
/** What was noted of an object whose facts are known. */
export interface Known<W> {
  readonly noted: Noted<W>;
  readonly facts: Subject["facts"];
  readonly between: FileFacts["between"];
}
const none = (): Record<Outcome, number> => ({ healthy: 0, unhealthy: 0, not_evaluated: 0, not_applicable: 0 });
export const OUTCOMES = ["healthy", "unhealthy", "not_evaluated", "not_applicable"] as const;

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

  /** Begins to judge objects, whose facts are not known yet: some dozens at once (`Assessor.begin`). Nothing is counted before `judge`. */
  begin(asking: readonly Asking[]): Noted<W>[] {
    const all = asking.map(notedOf<W>);
    // Who has written the rules of a role that grows by labels is told by its facts.
    const now = all.filter(({ subject }) => !grows(subject));
    const subjects = now.map(({ subject }) => subject);
    const begun = this.#assessor.begin(subjects, (assessment, control, nth) => {
      const noted = now[nth];
      if (noted !== undefined) this.#note(noted, assessment, control);
    });
    for (const [nth, noted] of now.entries()) {
      noted.begun = begun[nth] ?? null;
      // One after the other, since lines are looked for in one document at a time.
      this.#write(noted);
    }
    return all;
  }

  /** Judges what was begun, and counts it in this order. */
  judge(known: readonly Known<W>[]): void {
    const ask = (one: Known<W> | undefined, assessment: Assessment, control: Control): void => {
      if (one !== undefined) this.#note(one.noted, this.#decided(one, assessment, control), control);
    };
    const late = known.filter(({ noted }) => noted.begun === null);
    const subjects = late.map(({ noted }) => noted.subject);
    const begun = this.#assessor.begin(subjects, (assessment, control, nth) => ask(late[nth], assessment, control));
    for (const [nth, { noted }] of late.entries()) noted.begun = begun[nth] ?? null;
    const finished = known.map(({ noted, facts }) => ({ ...(noted.begun ?? noted.subject), facts }));
    this.#assessor.finish(finished, (assessment, control, nth) => ask(known[nth], assessment, control));
    for (const { noted } of known) {
      this.#write(noted);
      // In the order of the controls, whenever each was asked.
      noted.kept.sort((a, b) => this.#rankOf(a) - this.#rankOf(b));
      this.#count(noted);
    }
  }

  /** What is to be said of an object that is judged with what files tell of others. */
  #decided({ noted, facts, between }: Known<W>, assessment: Assessment, control: Control): Assessment {
    if (control.forEach === "rule" && grows(noted.subject) && facts.builtIn !== true) return RULES_OF_OTHERS;
    if (assessment.outcome !== "not_evaluated") return assessment;
    return this.#condemned({ ...(noted.begun ?? noted.subject), facts }, control, between) ?? assessment;
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
    const noted = notedOf<W>({ subject: namespace, place });
    this.#byName.assess(namespace, (assessment, control) => {
      if (assessment.outcome === "unhealthy") this.#note(noted, assessment, control);
    });
    this.#write(noted);
    this.#count(noted);
  }

  /** Counts what a control says of an object, and keeps what will be shown. */
  #note({ said, counts }: Noted<W>, assessment: Assessment, control: Control): void {
    const { outcome } = assessment;
    counts[outcome] += 1;
    if (outcome === "unhealthy" || outcome === "not_evaluated" || this.asked.all) said.push([assessment, control]);
  }

  /** Writes what will be shown of an object. */
  #write(noted: Noted<W>): void {
    const { said, kept, place } = noted;
    if (said.length === 0) return;
    const shown = kept[0]?.place ?? shownPlace(place);
    for (const [assessment, control] of said) {
      const result = resultOf(assessment, control, shown, place.lines);
      const { outcome, unknown } = result;
      kept.push({ control, outcome, unknown, place: shown, written: this.write(result) });
    }
    noted.said = [];
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

const notedOf = <W>({ subject, place }: Asking): Noted<W> => ({
  subject,
  place,
  begun: null,
  said: [],
  kept: [],
  counts: none(),
});

/** Whether it is a ClusterRole whose rules are those of others. */
const grows = ({ appliesTo, object }: Unfinished): boolean => appliesTo === "ClusterRole" && isAggregated(object);
