import { requiredIn } from "./required";
import { type Part, type Ranges, readPattern } from "./syntax";

const MAX_PATHS = 200;
const MAX_POSITIONS = 400;
/** RE2 refuses no pattern of this size: it repeats at most 1,000 times, within each other too. */
const MAX_SIZE = 1000;

/** What JavaScript's own engine can do for a pattern that RE2 takes, too. */
export interface Understood {
  /** The same pattern, where it is safe. */
  readonly native: RegExp | null;
  /** Where it is not, a look for what every text must hold in which the pattern is found. Linear: it repeats nothing. */
  readonly required: RegExp | null;
}

/** Null where the syntax or the size is beyond this reader: only RE2 can tell whether it is a pattern at all. */
export function understood(source: string): Understood | null {
  const part = readPattern(source);
  if (part === null || sizeOf(part) > MAX_SIZE) return null;
  const native = nativeOf(part);
  const required = native === null ? requiredIn(part) : null;
  return { native, required: required === null ? null : new RegExp(written(required), "u") };
}

/**
 * The same pattern for JavaScript's own engine, which is ten times faster and backtracks; null unless it provably never has
 * anything to go back to: either it has no unbounded repetition and few ways to match, or at every point the next character
 * leaves one way only (its position automaton is deterministic). Restarting at every position of a text remains; whoever
 * calls it bounds the text.
 */
const nativeOf = (part: Part): RegExp | null =>
  pathsOf(part) > MAX_PATHS && !deterministic(part) ? null : new RegExp(written(part), "u");

/** How many sets and anchors the pattern has when every repetition is written out. */
function sizeOf(part: Part): number {
  switch (part.kind) {
    case "sequence":
    case "choice":
      return part.parts.reduce((sum, one) => sum + sizeOf(one), 1);
    case "repeat":
      return sizeOf(part.part) * Math.max(part.least, part.most ?? 1, 1);
    default:
      return 1;
  }
}

/** In how many ways the pattern can match; infinite with an unbounded repetition. */
function pathsOf(part: Part): number {
  switch (part.kind) {
    case "sequence":
      return part.parts.reduce((product, one) => product * pathsOf(one), 1);
    case "choice":
      return part.parts.reduce((sum, one) => sum + pathsOf(one), 0);
    case "repeat": {
      const { least, most } = part;
      if (most === null) return Number.POSITIVE_INFINITY;
      const once = pathsOf(part.part);
      let sum = 0;
      for (let times = least; times <= most && sum <= MAX_PATHS; times++) sum += once ** times;
      return sum;
    }
    default:
      return 1;
  }
}

/** A part's automaton: which positions may come first and last, and whether it may be empty. */
interface Shape {
  readonly first: readonly number[];
  readonly last: readonly number[];
  readonly empty: boolean;
}
/** Too large to be looked through, or seen to leave two ways. */
class Ambiguous extends Error {}

function deterministic(part: Part): boolean {
  const body = anchored(part);
  if (body === null) return false;
  const sets: Ranges[] = [];
  const follow: Set<number>[] = [];
  const join = (from: readonly number[], to: readonly number[]): void => {
    for (const position of from) {
      for (const next of to) {
        // The same step by two ways, as from the inner and the outer loop of (a+)+, is a choice between them.
        if (follow[position]?.has(next)) throw new Ambiguous();
        follow[position]?.add(next);
      }
    }
  };
  const shapeOf = (one: Part): Shape => {
    switch (one.kind) {
      case "set": {
        if (sets.length >= MAX_POSITIONS) throw new Ambiguous();
        const position = sets.push(one.ranges) - 1;
        follow.push(new Set());
        return { first: [position], last: [position], empty: false };
      }
      case "choice": {
        const shapes = one.parts.map(shapeOf);
        return {
          first: shapes.flatMap((s) => s.first),
          last: shapes.flatMap((s) => s.last),
          empty: shapes.some((s) => s.empty),
        };
      }
      case "repeat": {
        // x{2,} is x x x*, and x{2,4} is x x (x (x)?)?: every copy has positions of its own.
        const copies = Array.from({ length: one.most ?? Math.max(one.least, 1) }, () => shapeOf(one.part));
        const last = copies.at(-1);
        if (one.most === null && last !== undefined) join(last.last, last.first);
        return sequence(
          copies.map((shape, index) => (index >= one.least ? { ...shape, empty: true } : shape)),
          join,
        );
      }
      case "sequence":
        return sequence(one.parts.map(shapeOf), join);
      default:
        throw new Ambiguous();
    }
  };
  try {
    const { first } = shapeOf(body);
    return [first, ...follow.map((set) => [...set])].every((positions) => apart(positions, sets));
  } catch (error) {
    if (error instanceof Ambiguous) return false;
    throw error;
  }
}

function sequence(shapes: readonly Shape[], join: (from: readonly number[], to: readonly number[]) => void): Shape {
  let [first, last, empty]: [readonly number[], readonly number[], boolean] = [[], [], true];
  for (const shape of shapes) {
    join(last, shape.first);
    first = empty ? [...first, ...shape.first] : first;
    last = shape.empty ? [...last, ...shape.last] : shape.last;
    empty &&= shape.empty;
  }
  return { first, last, empty };
}

/** The pattern without an anchor at its very start and end, where none stands elsewhere; null otherwise. */
function anchored(part: Part): Part | null {
  const parts = part.kind === "sequence" ? [...part.parts] : [part];
  if (parts[0]?.kind === "start") parts.shift();
  if (parts.at(-1)?.kind === "end") parts.pop();
  return parts.some(hasAnchor) ? null : { kind: "sequence", parts };
}
function hasAnchor(part: Part): boolean {
  if (part.kind === "repeat") return hasAnchor(part.part);
  if (part.kind === "sequence" || part.kind === "choice") return part.parts.some(hasAnchor);
  return part.kind !== "set";
}

/** Whether no character belongs to two of the positions. */
function apart(positions: readonly number[], sets: readonly Ranges[]): boolean {
  const ranges = [...new Set(positions)].flatMap((position) => sets[position] ?? []).sort((a, b) => a[0] - b[0]);
  return ranges.every(([low], index) => index === 0 || low > (ranges[index - 1]?.[1] ?? -1));
}

const point = (value: number): string => `\\u{${value.toString(16)}}`;

/** The pattern in JavaScript's syntax, every character written by its number. */
function written(part: Part): string {
  switch (part.kind) {
    case "set": {
      const ranges = part.ranges.map(([low, high]) => (low === high ? point(low) : `${point(low)}-${point(high)}`));
      // Words of single characters are found by their letters at once, classes one after another.
      return ranges.length === 1 && part.ranges[0]?.[0] === part.ranges[0]?.[1]
        ? ranges.join("")
        : `[${ranges.join("")}]`;
    }
    case "start":
      return "^";
    case "end":
      return "$";
    case "boundary":
      return "\\b";
    case "sequence":
      return part.parts.map(written).join("");
    case "choice":
      return `(?:${part.parts.map(written).join("|")})`;
    case "repeat": {
      const { least, most } = part;
      return `(?:${written(part.part)}){${least},${most ?? ""}}`;
    }
  }
}
