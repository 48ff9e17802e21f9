/** Code points from … to, both included, ascending and apart from each other. */
export type Ranges = readonly (readonly [number, number])[];

/** The part of RE2's syntax that has the same meaning in every engine. `most` is null for no upper bound. */
export type Part =
  | { readonly kind: "set"; readonly ranges: Ranges }
  | { readonly kind: "start" }
  | { readonly kind: "end" }
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

/** What a pattern means, or null when it uses more than the common part (flags, classes by name, word boundaries, lazy …). */
export function readPattern(source: string): Part | null {
  const reader = new Reader(Array.from(source));
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
  constructor(private readonly chars: readonly string[]) {}

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
    if (part.kind === "start" || part.kind === "end") throw new Beyond();
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
    if (char === "(") {
      if (this.takes("?") && !this.takes(":")) throw new Beyond();
      const inner = this.choice();
      if (!this.takes(")")) throw new Beyond();
      return inner;
    }
    if (char === "[") return { kind: "set", ranges: this.set() };
    if (char === ".") return { kind: "set", ranges: NOT_NEWLINE };
    if (char === "^") return { kind: "start" };
    if (char === "$") return { kind: "end" };
    if (char === "\\") return { kind: "set", ranges: this.escape() };
    if ("*+?{}]".includes(char)) throw new Beyond();
    return { kind: "set", ranges: single(char) };
  }

  private escape(): Ranges {
    const char = this.chars[this.at++] ?? "";
    const named = { d: DIGIT, w: WORD, s: SPACE }[char.toLowerCase()];
    if (named !== undefined) return char === char.toLowerCase() ? named : complement(named);
    const control = Object.hasOwn(CONTROL, char) ? CONTROL[char] : undefined;
    if (control !== undefined) return [[control, control]];
    if (!/^[!-/:-@[-`{-~]$/.test(char)) throw new Beyond();
    return single(char);
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
    return negated ? complement(merged(ranges)) : merged(ranges);
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
