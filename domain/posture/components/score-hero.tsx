import Link from "next/link";
import { CoverageFigure } from "@/components/coverage-figure";
import { count, date, day, percent, plural, signClass, signed, weekday } from "@/components/format";
import { Breaks } from "@/components/name";
import { scoreText } from "@/lib/score-text";
import type { Happening } from "../since/queries";
import type { Move, Trend } from "../trend/queries";
import { Ledger } from "./ledger";
import { dayWords } from "./moves";
import { ByControl } from "./not-made";
import { ScoreTrend } from "./trend";
import type { ChartMove } from "./trend-chart";

const DAY_MS = 86_400_000;

export interface MissingReason {
  amount: number;
  text: string;
}

interface HeroProps {
  score: number | null;
  /** Without exemptions. */
  bare: number | null;
  expected: number;
  evaluated: number;
  reasons: MissingReason[];
  trend: Trend;
  dayChange: number | null;
  /** What moved the score last, when nothing did since yesterday. */
  last: Happening | null;
  /** The accounts that it is the score of, as lists filter by them. */
  place: { account?: string };
  days: number;
  now: Date;
  timeZone: string;
}

function chartMoves(moves: Move[], trend: Trend, timeZone: string): ChartMove[] {
  return moves.flatMap((move) => {
    // The first point that holds the move: of several of one time only the last is drawn.
    const point = trend.points.find((each) => each.at.getTime() >= move.day.getTime()) ?? trend.points.at(-1);
    return point === undefined || point.score === null
      ? []
      : [
          {
            at: point.at.getTime(),
            score: point.score,
            label: signed(move.delta),
            texts: dayWords(move.parts),
            day: day(move.day, timeZone),
            rise: move.delta > 0,
          },
        ];
  });
}

/** Of a whole year the first and the last day are called alike. */
const dayWithin = (days: number): typeof day => (days < 365 ? day : date);

/** The one strong figure of the page, its coverage with the reasons, its trend and what moved it. */
export function ScoreHero({
  score,
  bare,
  expected,
  evaluated,
  reasons,
  trend,
  dayChange,
  last: lastMove,
  place,
  days,
  now,
  timeZone,
}: HeroProps) {
  const missing = expected - evaluated;
  const ratio = expected === 0 ? null : evaluated / expected;
  const first = trend.points.find((point) => point.score !== null);
  const last = trend.points.findLast((point) => point.score !== null);
  const periodChange = trend.ledger.reduce((sum, entry) => sum + entry.delta, 0);
  const moved = [...trend.ledger, ...trend.moves.flatMap(({ parts }) => parts)];
  const moves = chartMoves(trend.moves, trend, timeZone);
  // A history that is younger than the period says since when it is kept.
  const since =
    first !== undefined && first.at.getTime() > now.getTime() - days * DAY_MS
      ? `since ${day(first.at, timeZone)}`
      : null;
  const sentence = `Secure score ${since ?? `over ${days} days`}: from ${scoreText(first?.score ?? 0)} to ${scoreText(last?.score ?? 0)}. Coverage now ${ratio === null ? "unknown" : `${percent(ratio)} percent`}.${bare === null || bare === score ? "" : ` Without exemptions now ${scoreText(bare)}.`}${moves[0] === undefined ? "" : ` Largest move ${moves[0].label} on ${moves[0].day}: ${moves[0].texts[0]}.`}`;
  return (
    <section className="hero" aria-labelledby="score-title">
      <div>
        <div>
          <h2 className="lbl" id="score-title">
            Secure score
          </h2>
          <div className="score">
            {score === null ? null : <b>{scoreText(score)}</b>}
            <span>{score === null ? "nothing could be scored yet" : "of 100"}</span>
          </div>
          {bare === score ? null : (
            <p className="sm mut">
              <Link href="/exemptions?state=active">
                {bare === null ? "No score" : scoreText(bare)} without exemptions
              </Link>
            </p>
          )}
          <div className="delta">
            {dayChange === null ? null : lastMove !== null ? (
              <span>No change since {weekday(lastMove.at, timeZone)}</span>
            ) : (
              <span>
                <span className={signClass(dayChange)}>{signed(dayChange)}</span> since yesterday
              </span>
            )}
            {first === undefined ? null : (
              <span>
                <span className={signClass(periodChange)}>{signed(periodChange)}</span> {since ?? `in ${days} days`}
              </span>
            )}
          </div>
        </div>
        <div className="cov">
          <CoverageFigure ratio={ratio} none="nothing evaluated yet" done="evaluated, the rest not evaluated" />
          <p className="sm mut">
            {expected === 0
              ? "Nothing was there to evaluate yet."
              : missing === 0
                ? expected === 1
                  ? "The one expected assessment was made."
                  : `All ${count(expected)} expected assessments were made.`
                : `${count(missing)} of ${plural(expected, "assessment")} could not be made. None counts as healthy.${reasons.length > 0 ? " Where and why:" : ""}`}
          </p>
          <ul className="why">
            {reasons.map((reason) => (
              <li key={reason.text}>
                <span className="num">{count(reason.amount)}</span>
                <span className="wrap">
                  <Breaks text={reason.text} />
                </span>
              </li>
            ))}
          </ul>
          {missing === 0 ? null : (
            <p className="sm">
              <ByControl place={place} />
            </p>
          )}
        </div>
      </div>
      <div className="chart">
        {first === undefined || last === undefined ? (
          <p className="mut">
            No trend to show: it begins with the first scan, and is kept of each account and of the whole fleet. Score
            history has that of each account.
          </p>
        ) : (
          <>
            <ScoreTrend
              points={trend.points.map((point) => ({
                at: point.at.getTime(),
                score: point.score,
                bare: point.scoreWithoutExemptions,
                coverage: point.coverage === null ? null : point.coverage * 100,
              }))}
              moves={moves}
              from={first.at.getTime()}
              to={Math.max(now.getTime(), first.at.getTime() + 1)}
              sentence={sentence}
              timeZone={timeZone}
            />
            <ol className="marks narrow">
              {moves.map((move, index) => (
                <li key={`${move.at}${move.texts[0]}`}>
                  <span className="no">{index + 1}</span>
                  <span className={move.rise ? "plus" : "minus"}>{move.label}</span>
                  <span>{move.texts[1] ?? move.texts[0]}</span>
                  <time>{move.day}</time>
                </li>
              ))}
            </ol>
            <Ledger
              start={{ label: dayWithin(days)(first.at, timeZone), score: trend.from ?? 0 }}
              end={{ label: dayWithin(days)(now, timeZone), score: last.score ?? 0 }}
              entries={trend.ledger}
              span={since ?? `in ${days} days`}
              place={place}
              weighs={moved.some(({ step, delta }) => step === "weights" && signClass(delta) !== "zero")}
            />
          </>
        )}
      </div>
    </section>
  );
}
