/**
 * The word that a misspelt one most likely meant: at most a third of its letters off, or cut short by at most a third of what was
 * meant, which is likelier than any slip; null when none is near.
 */
export function nearest(word: string, words: Iterable<string>): string | null {
  let best: { word: string; off: number } | null = null;
  for (const candidate of words) {
    const off = offBy(word.toLowerCase(), candidate.toLowerCase());
    if (off <= Math.max(1, Math.floor(word.length / 3)) && (best === null || off < best.off))
      best = { word: candidate, off };
  }
  return best?.word ?? null;
}

/** ` Did you mean x?`, or nothing. */
export function suggestion(word: string, words: Iterable<string>): string {
  const near = nearest(word, words);
  return near === null ? "" : ` Did you mean ${near}?`;
}

function offBy(word: string, candidate: string): number {
  const cut = candidate.length - word.length;
  return cut > 0 && cut <= word.length / 2 && candidate.startsWith(word)
    ? cut / candidate.length
    : distance(word, candidate);
}

/** Edits between two words; neighbours swapped are one edit. */
function distance(a: string, b: string): number {
  let [before, last]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let row = 1; row <= a.length; row++) {
    const next = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let least = Math.min(
        (last[column] ?? 0) + 1,
        (next[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        least = Math.min(least, (before[column - 2] ?? 0) + 1);
      }
      next.push(least);
    }
    [before, last] = [last, next];
  }
  return last[b.length] ?? 0;
}
