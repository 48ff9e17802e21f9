import Link from "next/link";
import { withParameters } from "@/components/address";
import { signClass, signed } from "@/components/format";
import { scoreText } from "@/lib/score-text";
import type { LedgerStep } from "../ledger";
import { STEP_WORDS, WEIGHTS_MEANING } from "./moves";

interface End {
  label: string;
  score: number;
}

/** Points of the score that fill the drawing at least: less would make much of a calm month. */
const LEAST = 1;
/** Of the drawing, in its own units. */
const MIDDLE = 26;

/** Decimals of changes: one, unless none of them would show, and the ends could differ by nothing that is seen. */
export function digitsOf(deltas: readonly number[]): 1 | 2 {
  const isNothing = (digits: number): boolean => deltas.every((delta) => signClass(delta, digits) === "zero");
  return isNothing(1) && !isNothing(2) ? 2 : 1;
}

/** The waterfall of why the score moved, in the fixed order of the replay; its figures sum to the change. */
export function Ledger({
  start,
  end,
  entries,
  span,
  place,
  weighs,
}: {
  start: End;
  end: End;
  entries: readonly { step: LedgerStep; delta: number }[];
  /** Over what they sum: `in 30 days`. */
  span: string;
  /** The account it is of, as the list of points filters by it. */
  place: { account?: string };
  /** Accounts weighed differently, here or at a pin of the chart above. */
  weighs: boolean;
}) {
  const levels: number[] = [start.score];
  for (const entry of entries) levels.push((levels.at(-1) ?? 0) + entry.delta);
  const digits = digitsOf(entries.map(({ delta }) => delta));
  const [low, high] = [Math.min(...levels, end.score), Math.max(...levels, end.score)];
  const y = (value: number) => MIDDLE - ((value - (low + high) / 2) / Math.max(high - low, LEAST)) * 44;
  return (
    <div className="ledger">
      <div className="cap">
        <h3>What moved it</h3>
        <span className="dim sm">Entries sum to the change {span}</span>
        <Link className="lnk spacer" href={withParameters("/score-history", place)} prefetch={false}>
          Open ledger
        </Link>
      </div>
      <svg
        className="wide"
        viewBox="0 0 1000 52"
        preserveAspectRatio="none"
        aria-hidden="true"
        style={{ height: 52, marginBottom: 6 }}
      >
        <rect className="lf-t" x="0" y={y(start.score) - 1} width="62" height="2" />
        {entries.map((entry, index) => {
          const [was, is] = [levels[index] ?? 0, levels[index + 1] ?? 0];
          const x = (index + 1) * 100;
          return (
            <g key={entry.step}>
              <line className="lf-c" x1={x - 38} x2={x} y1={y(was)} y2={y(was)} vectorEffect="non-scaling-stroke" />
              <rect
                className={signClass(entry.delta, digits) === "zero" ? "lf-t" : entry.delta > 0 ? "lf-p" : "lf-m"}
                x={x}
                y={Math.min(y(was), y(is))}
                width="62"
                height={Math.max(Math.abs(y(was) - y(is)), 1.5)}
              />
            </g>
          );
        })}
        <line
          className="lf-c"
          x1="862"
          x2="900"
          y1={y(end.score)}
          y2={y(end.score)}
          vectorEffect="non-scaling-stroke"
        />
        <rect className="lf-p" x="900" y={y(end.score) - 1} width="62" height="2.5" />
      </svg>
      <ol>
        <li>
          <span className="k">{start.label}</span>
          <span className="vv">{scoreText(start.score)}</span>
        </li>
        {entries.map((entry) => (
          <li key={entry.step}>
            <span className="k">{STEP_WORDS[entry.step]}</span>
            <span className={`vv ${signClass(entry.delta, digits)}`}>{signed(entry.delta, digits)}</span>
          </li>
        ))}
        <li>
          <span className="k">{end.label}</span>
          <span className="vv">{scoreText(end.score)}</span>
        </li>
      </ol>
      {weighs ? (
        <p className="dim sm" style={{ marginTop: 8 }}>
          {WEIGHTS_MEANING}
        </p>
      ) : null}
    </div>
  );
}
