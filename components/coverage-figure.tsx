import { Bar } from "./bar";
import { percent } from "./format";

/** How much was looked at, 0–1 (null: nothing was expected, and so nothing was), as a figure over a bar whose missing part is hatched. */
export function CoverageFigure({
  ratio,
  none,
  done,
  className = "v",
}: {
  ratio: number | null;
  /** What the bar says where nothing was looked at. */
  none: string;
  /** What it says after "… percent". */
  done: string;
  className?: string;
}) {
  return (
    <>
      <h2 className="lbl">Coverage</h2>
      <div className={className}>
        <b>
          {ratio === null ? (
            "–"
          ) : (
            <>
              {percent(ratio)}
              <span className="u"> %</span>
            </>
          )}
        </b>
      </div>
      <Bar
        filled={(ratio ?? 0) * 100}
        missing={ratio === null ? 100 : (1 - ratio) * 100}
        label={ratio === null ? none : `${percent(ratio)} percent ${done}`}
      />
    </>
  );
}
