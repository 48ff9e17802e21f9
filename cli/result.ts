import type { Assessment, Control, Evidence, Outcome } from "@/domain/posture/schema";
import type { Lines } from "./lines";

/** An object and where it was written. */
export interface Place {
  resource: { apiVersion: string; kind: string; namespace: string; name: string };
  source: { file: string; document: number; line: number };
  /** Where its object stands in the document, before the paths of its evidence: `items[3].` in a list, otherwise empty. */
  prefix: string;
}
/** A place whose document is at hand. */
export interface OpenPlace extends Place {
  lines: Pick<Lines, "of">;
}

/** A place as reports tell it. */
export interface ShownPlace extends Place {
  /** The line where the object is told to begin: its own in a list, otherwise its document's. */
  startLine: number;
}

/** One control on one object. */
interface Said {
  control: Control;
  outcome: Outcome;
  /** Why it was not evaluated; null otherwise. */
  unknown: Extract<Assessment, { outcome: "not_evaluated" }> | null;
}
/** What a control says of an object, while its document is at hand. */
export interface Result extends Said, ShownPlace {
  evidence: readonly Evidence[];
  /** Line of a piece of evidence, of the object for an empty path; of the document where it can't be told. */
  lineOf: (path: string) => number;
}
/** What is kept of a result: its evidence and its lines are what the format made of them. */
export interface Kept<W> extends Said {
  /** The same for all results of one object. */
  place: ShownPlace;
  written: W;
}

/** A result of an object, from what a control says of it. `lines`: of its document. */
export function resultOf(
  assessment: Assessment,
  control: Control,
  { resource, source, prefix, startLine }: ShownPlace,
  lines: OpenPlace["lines"],
): Result {
  const { outcome } = assessment;
  return {
    control,
    outcome,
    unknown: outcome === "not_evaluated" ? assessment : null,
    resource,
    source,
    prefix,
    startLine,
    evidence: evidenceOf(assessment),
    lineOf: (path) => lines.of(path === "" ? prefix.slice(0, -1) : `${prefix}${path}`) ?? source.line,
  };
}

function evidenceOf(assessment: Assessment): readonly Evidence[] {
  if (assessment.outcome === "unhealthy") return assessment.evidence;
  return assessment.outcome === "not_evaluated" ? [{ path: "", message: assessment.message }] : NONE;
}
const NONE: readonly Evidence[] = [];

/** Where an object is told to stand. */
export const shownPlace = ({ resource, source, prefix, lines }: OpenPlace): ShownPlace => ({
  resource,
  source,
  prefix,
  startLine: prefix === "" ? source.line : (lines.of(prefix.slice(0, -1)) ?? source.line),
});
