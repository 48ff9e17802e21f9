import { createHash } from "node:crypto";
import type { Control } from "./schema";

/** Sorted keys all the way down, so that the order in a file means nothing. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, item]) => [key, canonical(item)]),
  );
}

const versions = new WeakMap<Control, string>();

/** 16 hex digits that change when the verdict of a control may change: expression, loop, parameters, what it applies to. */
export function controlVersion(control: Control): string {
  const known = versions.get(control);
  if (known !== undefined) return known;
  const { violates, forEach = null, params, appliesTo } = control;
  const text = JSON.stringify(canonical({ violates, forEach, params, appliesTo }));
  const version = createHash("sha256").update(text).digest("hex").slice(0, 16);
  versions.set(control, version);
  return version;
}
