import type { Part } from "./syntax";

/** Sets of at most this many characters count as known: one letter, or a letter in both cases. */
const FEW = 3;
const MOST_CHOICES = 60;

/**
 * Something that stands in every text where the pattern is found: a choice of runs of known characters, such as `://` or
 * `-----BEGIN `. Null when nothing can be said. A text without it needs no further look.
 */
export function requiredIn(part: Part): Part | null {
  const runs = runsOf(part);
  if (runs === null || runs.length > MOST_CHOICES || runs.some((run) => run.length < 2)) return null;
  return { kind: "choice", parts: runs.map((parts) => ({ kind: "sequence", parts })) };
}

type Set = Extract<Part, { kind: "set" }>;
type Run = readonly Set[];

const isKnown = (part: Part): part is Set =>
  part.kind === "set" && part.ranges.reduce((sum, [low, high]) => sum + high - low + 1, 0) <= FEW;

/** Shortest run of several: the one that lets the most texts through. */
const worth = (runs: readonly Run[]): number => Math.min(...runs.map((run) => run.length));

/** Runs of which every match holds at least one; null when there may be none. */
function runsOf(part: Part): readonly Run[] | null {
  switch (part.kind) {
    case "set":
      return isKnown(part) ? [[part]] : null;
    case "choice": {
      const all: Run[] = [];
      for (const one of part.parts) {
        const runs = runsOf(one);
        if (runs === null) return null;
        all.push(...runs);
      }
      return all;
    }
    case "repeat":
      return part.least > 0 ? runsOf(part.part) : null;
    case "sequence":
      return best(part.parts);
    default:
      return null;
  }
}

/** The most telling of a sequence: its longest run of known characters, or what one of its parts requires. */
function best(parts: readonly Part[]): readonly Run[] | null {
  let found: readonly Run[] | null = null;
  let run: Set[] = [];
  const consider = (runs: readonly Run[] | null): void => {
    if (runs === null || runs.length === 0) return;
    if (found === null || worth(runs) > worth(found)) found = runs;
  };
  for (const part of parts) {
    if (isKnown(part)) run.push(part);
    else {
      if (run.length > 0) consider([run]);
      run = [];
      consider(runsOf(part));
    }
  }
  if (run.length > 0) consider([run]);
  return found;
}
