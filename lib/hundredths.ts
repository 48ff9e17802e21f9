/**
 * Points as people, the API and files are told them: two decimals. Whatever shows fewer rounds from here, so that a page and a file
 * never round the same score to different sides.
 */
export const hundredths = (points: number): number =>
  (Math.sign(points) * Math.round(Math.abs(points) * 100)) / 100 + 0;

/** The same of a score 0…100: 100 only when nothing is missing. */
export const toldScore = (score: number): number => (score >= 100 ? 100 : Math.min(hundredths(score), 99.99));

/** A ratio 0…1 (or the difference of two) as hundredths of a percent: four decimals, 1 only when nothing is missing. */
export const toldRatio = (ratio: number): number =>
  Math.abs(ratio) >= 1 ? ratio : (Math.sign(ratio) * Math.min(Math.round(Math.abs(ratio) * 10_000), 9999)) / 10_000 + 0;

/** Whatever may be missing, told when it is there. */
export const orNull = (value: number | null, told: (value: number) => number): number | null =>
  value === null ? null : told(value);

/**
 * Parts as they are told beside their sum: in hundredths that add up to `hundredths` of the sum. Each is its own value rounded, up or
 * down; where that does not add up, those go the other way whose rounding took or gave most, of equals the last.
 */
export function toldParts(parts: readonly number[]): number[] {
  const cents = parts.map((part) => Math.round(hundredths(part) * 100));
  const whole = Math.round(hundredths(parts.reduce((sum, part) => sum + part, 0)) * 100);
  const rest = whole - cents.reduce((sum, cent) => sum + cent, 0);
  const step = Math.sign(rest);
  const lacks = (at: number): number => Math.round(step * ((parts[at] ?? 0) * 100 - (cents[at] ?? 0)) * 1e6);
  const order = [...cents.keys()].reverse().sort((a, b) => lacks(b) - lacks(a));
  const moved = new Set(order.slice(0, Math.abs(rest)));
  return cents.map((cent, at) => (cent + (moved.has(at) ? step : 0)) / 100 + 0);
}
