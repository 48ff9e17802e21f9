import { CoverageFigure } from "@/components/coverage-figure";
import { count, plural, signClass, signed } from "@/components/format";
import { Spark } from "@/components/spark";
import { scoreText, shownChange } from "@/lib/score-text";
import type { DayPoint } from "../history/queries";
import type { BenchmarkReport } from "../report/schema";
import { REQUIREMENT_STATES } from "../schema";
import { historyWords } from "./benchmark-table";
import { HISTORY_DAYS, spanWords } from "./words";

/**
 * Score beside its coverage, what is missing and who could say it, and the last weeks, which are kept with exemptions. `without`: the
 * report is as if there were no exemption.
 */
export function BenchmarkFigures({
  report,
  days,
  without,
}: {
  report: BenchmarkReport;
  days: readonly DayPoint[];
  without: boolean;
}) {
  const { score, scoreWithoutExemptions: bare, coverage, tally } = report;
  const missing = tally.not_evaluated + tally.manual;
  const answers = REQUIREMENT_STATES.reduce((sum, state) => sum + tally[state], 0);
  const begins = days.findIndex((day) => day.score !== null);
  const first = days[begins];
  const change =
    without || first === undefined || first.score === null || score === null ? null : shownChange(first.score, score);
  return (
    <section className="comp-head" aria-label="Score and coverage">
      <div>
        <h2 className="lbl">Compliance score</h2>
        <div className="score">
          {score === null ? null : <b>{scoreText(score)}</b>}
          <span>{score === null ? "nothing was decided" : "of 100"}</span>
        </div>
        <p className="delta">
          {change === null || days.length - begins < 2 ? null : (
            <span>
              <span className={signClass(change)}>{signed(change)}</span> in {plural(days.length - 1 - begins, "day")}
            </span>
          )}
          {without ? <span>without exemptions</span> : null}
          {!without && bare !== score ? (
            <span>{bare === null ? "no score" : scoreText(bare)} without exemptions</span>
          ) : null}
        </p>
      </div>
      <div>
        <CoverageFigure ratio={coverage} none="nothing decided" done="decided" className="cov-v" />
        <p className="sm mut">
          {answers === 0 || answers === report.requirements
            ? ""
            : `${count(answers)} answers: each requirement on each cluster. `}
          {coverage === null
            ? "Nothing was there to decide yet."
            : missing === 0
              ? "Everything that applies was decided."
              : `${plural(tally.not_evaluated, "answer")} could not be had, ${count(tally.manual)} ${tally.manual === 1 ? "waits" : "wait"} for a person: none of them counts as passed.`}
        </p>
      </div>
      <div>
        <h2 className="lbl">{spanWords(days.length, HISTORY_DAYS)}</h2>
        <Spark values={days.map((day) => day.score)} label={historyWords(days)} width={320} height={72} />
        <p className="sm mut">
          {days.length === 0
            ? "A point is kept for every day."
            : `${historyWords(days)}; one point a day${without ? ", kept with exemptions" : ""}.`}
        </p>
      </div>
    </section>
  );
}
