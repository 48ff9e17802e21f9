import { Spark } from "@/components/spark";
import { scoreText } from "@/lib/score-text";
import { ScoreFigure } from "./states";

/** What the last thirty days' scores say, for who does not see the line. */
function trendWords(trend: readonly (number | null)[]): string {
  const known = trend.filter((score) => score !== null);
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined) return "No score in the last 30 days";
  const since = known.length < trend.length ? `since ${(known.length - 1) * 3} days ago` : "over 30 days";
  const [low, high] = [Math.min(...known), Math.max(...known)];
  return `Score ${since}: from ${scoreText(first)} to ${scoreText(last)}, lowest ${scoreText(low)}, highest ${scoreText(high)}`;
}

/** A score over the line of its last thirty days, every third day. */
export function ScoreWithTrend({
  score,
  stale,
  none = "no score",
  trend,
}: {
  score: number | null;
  stale: boolean;
  /** Why there is no score. */
  none?: string;
  trend: readonly (number | null)[];
}) {
  return (
    <span className="score-trend">
      <ScoreFigure score={score} stale={stale} none={none} />
      {trend.every((each) => each === null) ? null : (
        <Spark values={trend} label={trendWords(trend)} width={104} height={16} />
      )}
    </span>
  );
}
