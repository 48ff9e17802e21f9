interface SparkProps {
  /** From left to right, at equal steps; null is a gap. */
  values: readonly (number | null)[];
  /** What the line says, for who does not see it. */
  label: string;
  width?: number;
  height?: number;
}

/** A line without axes, drawn by the server. Its scale is its own, at least four units high, so that noise stays flat. */
export function Spark({ values, label, width = 96, height = 24 }: SparkProps) {
  const known = values.flatMap((value, at) => (value === null ? [] : [{ at, value }]));
  const last = known.at(-1);
  if (last === undefined) return <span className="dim sm">no history yet</span>;
  const [low, high] = [Math.min(...known.map(({ value }) => value)), Math.max(...known.map(({ value }) => value))];
  const middle = (low + high) / 2;
  const span = Math.max(high - low, 4);
  const x = (at: number) => 2 + (values.length < 2 ? width - 4 : (at / (values.length - 1)) * (width - 4));
  const y = (value: number) => 3 + (0.5 - (value - middle) / span) * (height - 6);
  const path = values
    .map((value, at) => {
      if (value === null) return "";
      const before = values[at - 1];
      return `${before === null || before === undefined ? "M" : "L"}${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
    })
    .join("");
  return (
    <svg
      className="spark"
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      role="img"
      aria-label={label}
    >
      <path d={path} />
      <circle cx={x(last.at)} cy={y(last.value)} r="2" />
    </svg>
  );
}
