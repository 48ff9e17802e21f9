import { Mark } from "@/components/marks";
import { SEVERITIES, type Severity } from "../schema";

const WORDS: Readonly<Record<Severity, string>> = { critical: "Critical", high: "High", medium: "Medium", low: "Low" };

/** Severity of a stored rank (3 critical … 0 low); anything else counts as low. */
export const severityOf = (rank: number): Severity => SEVERITIES[3 - rank] ?? "low";
export const severityWord = (severity: Severity): string => WORDS[severity];

/** Shape, word, and colour third. `tight` keeps the word for assistive technology only. */
export function SeverityMark({ severity, tight = false }: { severity: Severity; tight?: boolean }) {
  if (tight) return <Mark name={severity} label={WORDS[severity]} />;
  return (
    <span className={`sev ${severity}`}>
      <Mark name={severity} />
      <span>{WORDS[severity]}</span>
    </span>
  );
}
