import { stringify } from "yaml";

export interface ExcerptLine {
  text: string;
  /** The line that the evidence points at. */
  hit: boolean;
}

const AROUND = 5;
const MOST_LINES = 14;
/** Fields whose text may be a secret: what a program is given. */
const HIDDEN = new Set(["args", "command", "value", "stringData", "data"]);
const MASK = "•••";
/** What a reader looks for first; long lists that say little come last, so that few lines tell. */
const ORDER: Readonly<Record<string, number>> = {
  name: -5,
  image: -4,
  securityContext: -3,
  resources: -2,
  ports: -1,
  env: 1,
  volumeMounts: 2,
  livenessProbe: 3,
  readinessProbe: 4,
};
const rank = (key: string): number => (Object.hasOwn(ORDER, key) ? (ORDER[key] ?? 0) : 0);

type Json = Record<string, unknown>;
const isRecord = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A copy without texts that may be secrets; the evidence is about what is set, never about its value. */
function masked(value: unknown, depth = 0): unknown {
  if (depth > 24) return "…";
  if (Array.isArray(value)) return value.map((item) => masked(item, depth + 1));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => rank(a) - rank(b))
      .map(([key, inner]) => [
        key,
        HIDDEN.has(key) && inner !== null && inner !== "" && typeof inner !== "boolean"
          ? MASK
          : masked(inner, depth + 1),
      ]),
  );
}

/** `spec.containers[0].env[3]` as steps; null when it is no such path. */
export function stepsOfPath(path: string): (string | number)[] | null {
  const steps: (string | number)[] = [];
  const rest = path.replace(
    /\.?([A-Za-z_$][\w$-]*)|\[(\d{1,6})\]|\["((?:[^"\\]|\\.)*)"\]/gy,
    (_all, key, index, quoted) => {
      steps.push(index === undefined ? String(key ?? quoted) : Number(index));
      return "";
    },
  );
  return rest === "" && steps.length > 0 ? steps : null;
}

/**
 * The lines of the object around the place that `path` names, as YAML, its own lines marked; null when the object does not
 * have it. Values that may be secrets are masked.
 */
export function excerpt(object: unknown, path: string): ExcerptLine[] | null {
  const steps = stepsOfPath(path);
  if (steps === null) return null;
  // A path may name what is missing: then the nearest thing that exists is shown, and nothing in it is marked.
  const chain: unknown[] = [object];
  for (const step of steps) {
    const current = chain.at(-1);
    const next =
      typeof step === "number"
        ? Array.isArray(current)
          ? current[step]
          : undefined
        : isRecord(current) && Object.hasOwn(current, step)
          ? current[step]
          : undefined;
    if (next === undefined) break;
    chain.push(next);
  }
  const found = chain.length - 1;
  if (found === 0) return null;
  const whole = found === steps.length;
  const last = steps[found - 1];
  const parent = chain[found - 1];
  const shown = masked(Array.isArray(parent) ? [parent[Number(last)]] : { [String(last)]: chain[found] });
  const inside = Array.isArray(parent) || !whole ? shown : masked(parent);
  const lines = stringify(inside, { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd().split("\n");
  const own = stringify(shown, { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd().split("\n");
  const begin = Math.max(
    0,
    lines.findIndex((line, index) => own.every((part, offset) => lines[index + offset] === part) && line === own[0]),
  );
  const end = Math.min(begin + own.length, begin + MOST_LINES - AROUND);
  const from = Math.max(0, begin - AROUND);
  return lines
    .slice(from, Math.min(lines.length, from + MOST_LINES))
    .map((text, index) => ({ text, hit: whole && from + index >= begin && from + index < end }));
}
