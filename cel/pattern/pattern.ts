import { RE2JS } from "re2js";
import { spend } from "../value/budget";
import { nativeOf } from "./native";

/** Characters of one pattern, and its compiled size: `(x{1000}){1000}` is short and huge. */
const MAX_SOURCE = 1000;
const MAX_PROGRAM = 20_000;
/** A longer text goes to RE2: an unanchored native search may look at it once from each of its positions. */
const MAX_NATIVE_TEXT = 2048;
const MAX_CACHED = 500;

/** A regular expression with RE2's meaning and RE2's promise: time linear in the text. */
export class Pattern {
  private readonly native: RegExp | null;
  constructor(
    source: string,
    readonly re2: RE2JS,
  ) {
    this.native = nativeOf(source);
  }

  /** Whether it is found anywhere in the text. Throws OutOfBudget. */
  test(text: string): boolean {
    if (this.native !== null && text.length <= MAX_NATIVE_TEXT) return this.native.test(text);
    spend(1 + (text.length >> 5));
    return this.re2.test(text);
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

function make(source: string): Pattern | null {
  if (source.length > MAX_SOURCE) return null;
  try {
    const re2 = RE2JS.compile(source);
    return re2.programSize() > MAX_PROGRAM ? null : new Pattern(source, re2);
  } catch {
    // RE2JS throws for every pattern that is not RE2's syntax; the caller names the pattern.
    return null;
  }
}
