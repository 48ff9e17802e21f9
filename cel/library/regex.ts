import { countedPattern, type Pattern } from "../pattern/pattern";
import type { Result, Value } from "../value/boxed";
import { isInt, NONE, Optional } from "../value/boxed";
import { spend, spendLength } from "../value/budget";
import { BAD_ARGUMENT, BAD_PATTERN, type Fault, NO_OVERLOAD } from "../value/fault";
import type { Library } from "./library";

type Match = ReturnType<Pattern["re2"]["matcher"]>;

/** The pattern of a call, or the fault it ends with. */
function patternOf(text: Value, source: Value): Pattern | Fault {
  if (typeof text !== "string" || typeof source !== "string") return NO_OVERLOAD;
  spend(8 + (text.length >> 4));
  return countedPattern(source) ?? BAD_PATTERN;
}

function matches(text: Value, source: Value): Result {
  if (typeof text !== "string" || typeof source !== "string") return NO_OVERLOAD;
  return countedPattern(source)?.test(text) ?? BAD_PATTERN;
}

/** One match after the other, as Go finds them: nothing matched right behind a match is none. */
function* matchesIn(pattern: Pattern, text: string): Generator<Match> {
  const matcher = pattern.re2.matcher(text);
  for (let before = -1; matcher.find(); before = matcher.end()) {
    spend(1);
    if (matcher.end() > matcher.start() || matcher.start() !== before) yield matcher;
  }
}

/** Kubernetes: the first match, or "". */
function find(text: Value, source: Value): Result {
  const pattern = patternOf(text, source);
  if (typeof pattern === "symbol") return pattern;
  const matcher = pattern.re2.matcher(String(text));
  return matcher.find() ? (matcher.group() ?? "") : "";
}

/** Kubernetes: all matches, or the first so many; a negative limit is none. */
function findAll(text: Value, source: Value, limit: Value = -1): Result {
  const pattern = patternOf(text, source);
  if (typeof pattern === "symbol") return pattern;
  if (!isInt(limit)) return NO_OVERLOAD;
  const found: string[] = [];
  for (const match of limit === 0 ? [] : matchesIn(pattern, String(text))) {
    found.push(match.group() ?? "");
    if (found.length === Number(limit)) break;
  }
  return found;
}

/** cel-go's `regex.extract`: the first match, or its one group. */
function extract(text: Value, source: Value): Result {
  const pattern = patternOf(text, source);
  if (typeof pattern === "symbol") return pattern;
  if (pattern.re2.groupCount() > 1) return BAD_ARGUMENT;
  const matcher = pattern.re2.matcher(String(text));
  if (!matcher.find()) return NONE;
  const group = matcher.group(pattern.re2.groupCount());
  return group === null ? NONE : new Optional(group);
}

function extractAll(text: Value, source: Value): Result {
  const pattern = patternOf(text, source);
  if (typeof pattern === "symbol") return pattern;
  const groups = pattern.re2.groupCount();
  if (groups > 1) return BAD_ARGUMENT;
  const found: string[] = [];
  for (const match of matchesIn(pattern, String(text))) {
    const group = match.group(groups);
    if (group !== null && (groups === 0 || group !== "")) found.push(group);
  }
  return found;
}

/** cel-go's `regex.replace`: `\1` in the replacement is a group, `\\` a backslash. */
function replace(text: Value, source: Value, by: Value, limit: Value = -1): Result {
  const pattern = patternOf(text, source);
  if (typeof pattern === "symbol") return pattern;
  if (typeof by !== "string" || !isInt(limit)) return NO_OVERLOAD;
  const groups = pattern.re2.groupCount();
  for (const [, escaped = ""] of by.matchAll(/\\(.?)/gs)) {
    if (escaped !== "\\" && !(/^\d$/.test(escaped) && Number(escaped) <= groups)) return BAD_ARGUMENT;
  }
  const input = String(text);
  let [result, from, count] = ["", 0, 0];
  for (const match of limit === 0 ? [] : matchesIn(pattern, input)) {
    const filled = by.replace(/\\(.)/gs, (_, one: string) => (one === "\\" ? one : (match.group(Number(one)) ?? "")));
    spendLength(filled.length);
    result += input.slice(from, match.start()) + filled;
    from = match.end();
    if (++count === Number(limit)) break;
  }
  return result + input.slice(from);
}

export const regexes: Library = {
  ".matches/1": matches,
  "matches/2": matches,
  ".find/1": find,
  ".findAll/1": findAll,
  ".findAll/2": findAll,
  "regex.extract/2": extract,
  "regex.extractAll/2": extractAll,
  "regex.replace/3": replace,
  "regex.replace/4": replace,
};
