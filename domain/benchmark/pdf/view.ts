import type { Tally } from "../rollup";
import type { DecidedBy, RequirementState } from "../schema";

/** Everything that the printed report shows: plain data, bounded, so that it can be handed to the thread that draws it. */
export interface ReportView {
  title: string;
  version: string;
  publisher: string;
  about: string;
  /** The place's name, and what kind of place it is. */
  place: string;
  placeKind: string;
  at: string;
  by: string;
  timeZone: string;
  /** Whether exemptions count in this report. */
  counted: "with" | "without";
  scoreWithoutExemptions: number | null;
  score: number | null;
  coverage: number | null;
  tally: Tally;
  states: Record<RequirementState, number>;
  requirements: number;
  clusters: number;
  history: { day: string; score: number | null }[];
  sections: {
    id: string;
    title: string;
    requirements: number;
    states: Record<RequirementState, number>;
    tally: Tally;
  }[];
  worst: {
    id: string;
    title: string;
    severity: string;
    failing: number;
    clusters: number;
    findings: number;
    examples: string[];
  }[];
  first: {
    id: string;
    title: string;
    severity: string;
    effort: string;
    resources: number;
    requirements: number;
    steps: string;
  }[];
  manual: { id: string; title: string; look: string; clusters: number }[];
  attested: {
    id: string;
    title: string;
    place: string;
    state: string;
    evidence: string;
    /** The ticket or document that was named; empty for none. */
    link: string;
    by: string;
    until: string;
  }[];
  /** How many there are beyond those that are named; the same of exemptions. */
  moreAttested: number;
  /** Exemptions that hold for something that is judged here. */
  exemptions: {
    id: string;
    /** Of one whose kind and targets cannot be read, that. */
    kind: "mitigated" | "waiver" | "unreadable";
    targets: string[];
    moreTargets: number;
    findings: number;
    reason: string;
    evidence: string;
    by: string;
    approvedBy: string;
    until: string;
  }[];
  moreExemptions: number;
  all: { id: string; title: string; state: RequirementState; decidedBy: DecidedBy; tally: Tally }[];
  sources: { name: string; account: string; distribution: string; collectedAt: string }[];
  /** How many clusters there are beyond those that are named. */
  moreSources: number;
  /** Set where texts had to be shortened for the pages to be drawn. */
  shortened?: true;
}
