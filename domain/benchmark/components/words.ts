import { plural } from "@/components/format";
import type { MarkName } from "@/components/marks";
import type { Attested, DecidedBy, RequirementState } from "../schema";

/** Words for the closed sets of benchmarks, in their order. Little is imported, so that a leaf in the browser stays small. */
export const STATE_WORDS: Readonly<Record<RequirementState, string>> = {
  failed: "Failed",
  not_evaluated: "Not evaluated",
  manual: "For a person",
  exempted: "Met with exemptions",
  passed: "Passed",
  not_applicable: "Not applicable",
};
export const STATE_MARKS: Readonly<Record<RequirementState, MarkName | null>> = {
  failed: "failed",
  not_evaluated: "unknown",
  manual: "person",
  exempted: "exempt",
  passed: "healthy",
  not_applicable: null,
};
export const DECIDED_WORDS: Readonly<Record<DecidedBy, string>> = {
  controls: "Automatic",
  "controls-or-person": "Automatic, else a person",
  "controls-and-person": "Automatic and a person",
  person: "A person",
};
export const ATTESTED_WORDS: Readonly<Record<Attested, string>> = {
  met: "Met",
  not_met: "Not met",
  not_applicable: "Not applicable",
};

/** Who decides a requirement, beside its state; nothing where that says so already. */
export const decidedBeside = (state: RequirementState, decided: DecidedBy): string =>
  state === "manual" && decided === "person" ? "" : ` · ${DECIDED_WORDS[decided].toLowerCase()}`;

/** `CIS AKS Benchmark 1.8` */
export const named = ({ title, version }: { title: string; version: string }): string => `${title} ${version}`;

/** Days of a benchmark's history that its page and its report show. */
export const HISTORY_DAYS = 90;

/** What a line of days covers: the whole span, or as much of it as there is. */
export const spanWords = (have: number, span: number): string =>
  have >= span ? `Last ${span} days` : have === 0 ? "No history yet" : `${plural(have, "day")} of history so far`;
