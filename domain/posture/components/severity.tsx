import { Mark } from "@/components/marks";
import type { Severity } from "../schema";
import { SEVERITY_WORDS } from "./words";

const BY_RANK = Object.keys(SEVERITY_WORDS) as Severity[]; // the record's keys are the severities, worst first

/** Severity of a stored rank (3 critical … 0 low); anything else counts as low. */
export const severityOf = (rank: number): Severity => BY_RANK[3 - rank] ?? "low";
export { severityWord } from "./words";

/** Shape, word, and colour third. `tight` keeps the word for assistive technology only. */
export function SeverityMark({ severity, tight = false }: { severity: Severity; tight?: boolean }) {
  if (tight) return <Mark name={severity} label={SEVERITY_WORDS[severity]} />;
  return (
    <span className={`sev ${severity}`}>
      <Mark name={severity} />
      <span>{SEVERITY_WORDS[severity]}</span>
    </span>
  );
}
