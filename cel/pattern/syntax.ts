/** Code points from … to, both included, ascending and apart from each other. */
export type Ranges = readonly (readonly [number, number])[];

/** The part of RE2's syntax that has the same meaning in every engine. `most` is null for no upper bound. */
export type Part =
  | { readonly kind: "set"; readonly ranges: Ranges }
  | { readonly kind: "start" }
  | { readonly kind: "end" }
  | { readonly kind: "boundary" }
  | { readonly kind: "sequence"; readonly parts: readonly Part[] }
  | { readonly kind: "choice"; readonly parts: readonly Part[] }
  | { readonly kind: "repeat"; readonly part: Part; readonly least: number; readonly most: number | null };

const LAST = 0x10ffff;
const DIGIT: Ranges = [[48, 57]];
const WORD: Ranges = [
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
];
const SPACE: Ranges = [
  [9, 10],
  [12, 13],
  [32, 32],
];
const NOT_NEWLINE: Ranges = [
  [0, 9],
  [11, LAST],
];
const CONTROL: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, f: 12, v: 11, a: 7 };

const FOLDING = "(?i)";

/**
 * What a pattern means, or null when it uses more than the common part (classes by name, lazy repetition …). Of flags it
 * knows `(?i)` at the start and `(?i:…)`: letters of ASCII stand for themselves in every case.
 */
export function readPattern(source: string): Part | null {
  const folds = source.startsWith(FOLDING);
  const reader = new Reader(Array.from(folds ? source.slice(FOLDING.length) : source), folds);
  try {
    const part = reader.choice();
    return reader.done() ? part : null;
  } catch (error) {
    if (error instanceof Beyond) return null;
    throw error;
  }
}

class Beyond extends Error {}

class Reader {
  private at = 0;
  private depth = 0;
  constructor(
    private readonly chars: readonly string[],
    private folds: boolean,
  ) {}

  done(): boolean {
    return this.at === this.chars.length;
  }

  choice(): Part {
    if (++this.depth > 20) throw new Beyond();
    const parts = [this.sequence()];
    while (this.takes("|")) parts.push(this.sequence());
    this.depth--;
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: "choice", parts };
  }

  private takes(char: string): boolean {
    if (this.chars[this.at] !== char) return false;
    this.at++;
    return true;
  }

  private sequence(): Part {
    const parts: Part[] = [];
    for (
      let next = this.chars[this.at];
      next !== undefined && next !== "|" && next !== ")";
      next = this.chars[this.at]
    ) {
      parts.push(this.repeated(this.atom()));
    }
    return { kind: "sequence", parts };
  }

  private repeated(part: Part): Part {
    const bounds = this.bounds();
    if (bounds === null) return part;
    if (part.kind === "start" || part.kind === "end" || part.kind === "boundary") throw new Beyond();
    const next = this.chars[this.at];
    if (next === "?" || next === "*" || next === "+" || next === "{") throw new Beyond();
    return { kind: "repeat", part, ...bounds };
  }

  private bounds(): { least: number; most: number | null } | null {
    if (this.takes("*")) return { least: 0, most: null };
    if (this.takes("+")) return { least: 1, most: null };
    if (this.takes("?")) return { least: 0, most: 1 };
    if (this.chars[this.at] !== "{") return null;
    const match = /^\{(\d{1,4})(,(\d{0,4}))?\}/.exec(this.chars.slice(this.at, this.at + 12).join(""));
    if (match === null) throw new Beyond();
    this.at += match[0].length;
    const least = Number(match[1]);
    return { least, most: match[2] === undefined ? least : match[3] === "" ? null : Number(match[3]) };
  }

  private atom(): Part {
    const char = this.chars[this.at++] ?? "";
    if (char === "(") return this.group();
    if (char === "[") return { kind: "set", ranges: this.set() };
    if (char === ".") return { kind: "set", ranges: NOT_NEWLINE };
    if (char === "^") return { kind: "start" };
    if (char === "$") return { kind: "end" };
    if (char === "\\") return this.takes("b") ? { kind: "boundary" } : { kind: "set", ranges: this.escape() };
    if ("*+?{}]".includes(char)) throw new Beyond();
    return { kind: "set", ranges: this.cased(single(char)) };
  }

  private group(): Part {
    const folds = this.folds;
    if (this.takes("?")) {
      if (this.takes("i")) this.folds = true;
      if (!this.takes(":")) throw new Beyond();
    }
    const inner = this.choice();
    if (!this.takes(")")) throw new Beyond();
    this.folds = folds;
    return inner;
  }

  /** With the other cases of its letters, where case does not matter. A class is folded before it is negated. */
  private cased(ranges: Ranges): Ranges {
    return this.folds ? folded(ranges) : ranges;
  }

  private escape(): Ranges {
    const char = this.chars[this.at++] ?? "";
    const named = { d: DIGIT, w: WORD, s: SPACE }[char.toLowerCase()];
    if (named !== undefined) return char === char.toLowerCase() ? this.cased(named) : complement(this.cased(named));
    const control = Object.hasOwn(CONTROL, char) ? CONTROL[char] : undefined;
    if (control !== undefined) return [[control, control]];
    if (!/^[!-/:-@[-`{-~]$/.test(char)) throw new Beyond();
    return single(char); // no letter
  }

  private set(): Ranges {
    const negated = this.takes("^");
    const ranges: (readonly [number, number])[] = [];
    for (let first = true; first || this.chars[this.at] !== "]"; first = false) {
      const low = this.member();
      const [from] = low[0] ?? [0];
      if (low.length === 1 && this.chars[this.at] === "-" && this.chars[this.at + 1] !== "]") {
        this.at++;
        const [high, ...others] = this.member();
        if (high === undefined || others.length > 0 || high[0] !== high[1] || high[0] < from || low[0]?.[1] !== from)
          throw new Beyond();
        ranges.push([from, high[0]]);
      } else ranges.push(...low);
    }
    this.at++;
    const all = this.cased(merged(ranges));
    return negated ? complement(all) : all;
  }

  private member(): Ranges {
    const char = this.chars[this.at++];
    if (char === undefined || (char === "[" && this.chars[this.at] === ":")) throw new Beyond();
    return char === "\\" ? this.escape() : single(char);
  }
}

const single = (char: string): Ranges => {
  const point = char.codePointAt(0) ?? 0;
  return [[point, point]];
};

export function merged(ranges: Ranges): Ranges {
  const result: [number, number][] = [];
  for (const [low, high] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last !== undefined && low <= last[1] + 1) last[1] = Math.max(last[1], high);
    else result.push([low, high]);
  }
  return result;
}

/** Letters of ASCII that have a third case: the long s, and the sign of kelvin. */
const THIRD_CASE: Ranges = [
  [0x73, 0x17f],
  [0x6b, 0x212a],
];
/** Between a letter of ASCII and its other case. */
const CASES = 32;

/** Ranges with the other cases of their letters. Throws Beyond for letters beyond ASCII, which have cases of many kinds. */
function folded(ranges: Ranges): Ranges {
  const all: (readonly [number, number])[] = [...ranges];
  const add = (low: number, high: number, by: number): void => {
    if (low <= high) all.push([low + by, high + by]);
  };
  for (const [low, high] of ranges) {
    if (high > 0x7f) throw new Beyond();
    add(Math.max(low, 65), Math.min(high, 90), CASES);
    add(Math.max(low, 97), Math.min(high, 122), -CASES);
  }
  const both = merged(all);
  const holds = (point: number): boolean => both.some(([low, high]) => low <= point && point <= high);
  return merged([
    ...both,
    ...THIRD_CASE.flatMap(([letter, third]) => (holds(letter) ? [[third, third] as const] : [])),
  ]);
}

function complement(ranges: Ranges): Ranges {
  const result: [number, number][] = [];
  let next = 0;
  for (const [low, high] of ranges) {
    if (low > next) result.push([next, low - 1]);
    next = high + 1;
  }
  if (next <= LAST) result.push([next, LAST]);
  return result;
}
