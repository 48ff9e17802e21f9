import { intOf, Opaque, type Result, type Value } from "../value/boxed";
import { BAD_ARGUMENT, NO_OVERLOAD } from "../value/fault";
import type { Implementation, Library } from "./library";

/** A version by Semantic Versioning 2; build metadata counts for nothing. */
class Semver extends Opaque {
  readonly $name = "kubernetes.Semver";
  constructor(
    readonly $core: readonly bigint[],
    readonly $before: readonly string[],
  ) {
    super();
  }
  $same(other: Opaque): boolean {
    return other instanceof Semver && compare(this, other) === 0;
  }
}

const NUMBER = "(0|[1-9]\\d{0,18})";
const FORM = new RegExp(
  `^${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-([0-9A-Za-z.-]+))?(?:\\+(?:[0-9A-Za-z-]+)(?:\\.[0-9A-Za-z-]+)*)?$`,
);

/** `normalise` takes a leading v, one or two numbers, and leading zeros, as Kubernetes' second argument says. */
function parse(text: string, normalise: boolean): Semver | null {
  if (text.length > 256) return null;
  const match = FORM.exec(normalise ? normalised(text) : text);
  if (match === null) return null;
  const before = match[4]?.split(".") ?? [];
  if (before.some((part) => part === "" || /^0\d+$/.test(part))) return null;
  return new Semver(match.slice(1, 4).map(BigInt), before);
}

function normalised(text: string): string {
  const [, numbers = "", rest = ""] = /^v?([\d.]*)(.*)$/s.exec(text) ?? [];
  const parts = numbers.split(".").map((part) => part.replace(/^0+(?=\d)/, ""));
  while (parts.length < 3 && rest === "") parts.push("0");
  return parts.join(".") + rest;
}

function compare(a: Semver, b: Semver): number {
  for (let index = 0; index < 3; index++) {
    const [x = 0n, y = 0n] = [a.$core[index], b.$core[index]];
    if (x !== y) return x < y ? -1 : 1;
  }
  if (a.$before.length === 0 || b.$before.length === 0) return Math.sign(b.$before.length - a.$before.length);
  for (const [index, x] of a.$before.entries()) {
    const y = b.$before[index];
    if (y === undefined) return 1;
    if (x !== y) return comparePart(x, y);
  }
  return Math.sign(a.$before.length - b.$before.length);
}

/** Numbers come before words. */
function comparePart(x: string, y: string): number {
  const [first, second] = [/^\d+$/.test(x), /^\d+$/.test(y)];
  if (first && second) return BigInt(x) < BigInt(y) ? -1 : 1;
  if (first !== second) return first ? -1 : 1;
  return x < y ? -1 : 1;
}

function make(text: Value, normalise: Value = false): Result {
  if (typeof text !== "string" || typeof normalise !== "boolean") return NO_OVERLOAD;
  return parse(text, normalise) ?? BAD_ARGUMENT;
}
function test(text: Value, normalise: Value = false): Result {
  if (typeof text !== "string" || typeof normalise !== "boolean") return NO_OVERLOAD;
  return parse(text, normalise) !== null;
}
const part =
  (index: number): Implementation =>
  (version) =>
    version instanceof Semver ? intOf(version.$core[index] ?? 0n) : NO_OVERLOAD;

/** What a Semver says against another value; undefined when the receiver is none. */
export const orderOfVersions = (a: Value, b: Value): number | undefined =>
  a instanceof Semver && b instanceof Semver ? compare(a, b) : undefined;

/** Kubernetes' semver library; its comparisons share their names with the quantities'. */
export const versions: Library = {
  "semver/1": make,
  "semver/2": make,
  "isSemver/1": test,
  "isSemver/2": test,
  ".major/0": part(0),
  ".minor/0": part(1),
  ".patch/0": part(2),
};
