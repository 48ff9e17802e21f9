import { Bar } from "@/components/bar";
import { percent } from "@/components/format";
import { Mark, type MarkName } from "@/components/marks";
import { scoreText } from "@/lib/score-text";

/** Mark and word of a scan's state. Never scanned is a hatch, not a tick. */
export function scanMark(status: string | null): { name: MarkName; word: string } {
  if (status === "complete" || status === "partial" || status === "failed" || status === "running")
    return { name: status, word: status };
  return status === "queued" ? { name: "running", word: "waiting" } : { name: "unknown", word: "never scanned" };
}

/** The share of a cluster's expected assessments that were made; null when none was expected, so nothing is known. */
export const coverageOf = (cluster: { expected: number; evaluated: number }): number | null =>
  cluster.expected === 0 ? null : cluster.evaluated / cluster.expected;

/** Coverage as a figure; below 97 % it carries the hatch. */
export function CoverageFigure({ expected, evaluated }: { expected: number; evaluated: number }) {
  const coverage = coverageOf({ expected, evaluated });
  if (coverage === null) return <Mark name="unknown" label="nothing evaluated" />;
  return (
    <>
      {coverage < 0.97 ? <Mark name="unknown" /> : null} {percent(coverage)}
      <span className="u"> %</span>
    </>
  );
}

/** Score with its bar; last known only when the scan failed. `none`: why there is none. */
export function ScoreFigure({ score, stale, none }: { score: number | null; stale: boolean; none?: string }) {
  if (score === null) return <Mark name="unknown" label={none ?? "no score"} />;
  return (
    <span className="score-cell">
      <Bar thin filled={score} stale={stale} />
      <b className={stale ? "dim" : ""}>{scoreText(score)}</b>
    </span>
  );
}
