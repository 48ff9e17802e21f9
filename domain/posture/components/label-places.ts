export interface Placeable {
  /** Pixels from the plot's left edge. */
  x: number;
  /** Of its wordings, the best one first. */
  widths: readonly number[];
  /** Above the line or below it; the two sides cannot touch. */
  above: boolean;
}
export interface Place {
  anchor: "start" | "middle" | "end";
  /** Which of the wordings fits. */
  wording: number;
}

const GAP = 12;

/**
 * Where labels stand so that none touches another or leaves the plot: the first of `labels` are the most important and are placed
 * first, in the best wording that fits; one that fits nowhere gets null and stays a point without words.
 */
export function placeLabels(labels: readonly Placeable[], plot: number): (Place | null)[] {
  const taken: { from: number; to: number; above: boolean }[] = [];
  return labels.map(({ x, widths, above }) => {
    for (const [wording, width] of widths.entries())
      for (const [anchor, from] of [
        ["start", x],
        ["end", x - width],
        ["middle", x - width / 2],
      ] as const) {
        const to = from + width;
        if (from < 0 || to > plot) continue;
        if (taken.some((other) => other.above === above && from < other.to + GAP && to + GAP > other.from)) continue;
        taken.push({ from, to, above });
        return { anchor, wording };
      }
    return null;
  });
}
