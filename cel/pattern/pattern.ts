import { RE2JS } from "re2js";
import { spend, spendLength } from "../value/budget";
import { understood } from "./native";

/** Characters of one pattern, and its compiled size: `(x{1000}){1000}` is short and huge. */
const MAX_SOURCE = 1000;
const MAX_PROGRAM = 20_000;
/** A longer text goes to RE2: an unanchored native search may look at it once from each of its positions. */
const MAX_NATIVE_TEXT = 2048;
const MAX_CACHED = 500;
const MAX_REMEMBERED = 100;
const MAX_ANSWERS = 500;

/** A regular expression with RE2's meaning and RE2's promise: time linear in the text. */
export class Pattern {
  private readonly native: RegExp | null;
  /** Where RE2 must decide: what a text must hold before it is asked, and its answers for short texts, which come again and again. */
  private readonly required: RegExp | null;
  private readonly answers = new Map<string, boolean>();
  private compiled: RE2JS | null;

  /** Throws for a pattern that RE2 does not take. */
  constructor(private readonly source: string) {
    const ours = understood(source);
    this.native = ours?.native ?? null;
    this.required = ours?.required ?? null;
    // Compiling takes long, and few texts are asked of RE2 when another look comes first.
    this.compiled = ours === null ? RE2JS.compile(source) : null;
  }

  get re2(): RE2JS {
    this.compiled ??= RE2JS.compile(this.source);
    return this.compiled;
  }

  /** Its program is not larger than RE2 may run. */
  get isBounded(): boolean {
    return this.compiled === null || this.compiled.programSize() <= MAX_PROGRAM;
  }

  /** Whether it is found anywhere in the text. Throws OutOfBudget. */
  test(text: string): boolean {
    spendLength(text.length);
    if (this.native !== null && text.length <= MAX_NATIVE_TEXT) return this.native.test(text);
    if (this.required !== null && text.length <= MAX_NATIVE_TEXT && !this.required.test(text)) return false;
    const known = this.answers.get(text);
    if (known !== undefined) return known;
    spend(1 + (text.length >> 5));
    const answer = this.re2.test(text);
    if (text.length <= MAX_REMEMBERED) {
      if (this.answers.size >= MAX_ANSWERS) this.answers.clear();
      this.answers.set(text, answer);
    }
    return answer;
  }
}

const cache = new Map<string, Pattern | null>();

/** The compiled pattern, from a cache when it was met before; null when it is not valid or too large. */
export function compilePattern(source: string): Pattern | null {
  const known = cache.get(source);
  if (known !== undefined) return known;
  if (cache.size >= MAX_CACHED) cache.clear();
  const pattern = make(source);
  cache.set(source, pattern);
  return pattern;
}

/** As `compilePattern`, of a pattern that comes with the data: one not met before takes a thousand steps. Throws OutOfBudget. */
export function countedPattern(source: string): Pattern | null {
  const known = cache.get(source);
  if (known !== undefined) return known;
  spend(1000);
  return compilePattern(source);
}

/** One place in an expression where patterns come with the data, as a control's parameters: mostly the same one again and again. */
export class PatternPlace {
  #source: string | null = null;
  #pattern: Pattern | null = null;

  /** As `countedPattern`. */
  of(source: string): Pattern | null {
    if (source === this.#source) return this.#pattern;
    this.#pattern = countedPattern(source);
    this.#source = source;
    return this.#pattern;
  }
}

function make(source: string): Pattern | null {
  if (source.length > MAX_SOURCE) return null;
  try {
    const pattern = new Pattern(source);
    return pattern.isBounded ? pattern : null;
  } catch {
    // RE2JS throws for every pattern that is not RE2's syntax; the caller names the pattern.
    return null;
  }
}
