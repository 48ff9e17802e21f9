/** The middle value; the mean of the two middle ones of an even count; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low = Number.NaN, high = Number.NaN] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return (low + high) / 2;
}

/** The value that `share` (0…1) of all values do not exceed; NaN of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** One line: the median, the range, and the ratio to the goal when there is one. Never fails. */
export function figure(what: string, values: readonly number[], unit: string, goal?: number): void {
  const middle = median(values);
  const round = (value: number): string => value.toFixed(value < 3 ? 2 : value < 10 ? 1 : 0);
  const range = `${round(Math.min(...values))}–${round(Math.max(...values))}`;
  const beside = goal === undefined ? "" : `goal ${goal} ${unit}, ratio ${(middle / goal).toFixed(2)}`;
  process.stdout.write(
    `${what.padEnd(44)}${`${round(middle)} ${unit}`.padStart(10)}  ${range.padEnd(14)}${beside}`.trimEnd(),
  );
  process.stdout.write("\n");
}
