const WORD = /\{\{\s*object((?:\.\w+|\[\*\])+)\s*\}\}/g;
const MAX_VALUES = 50;

/**
 * The patch with `{{object.spec.rules[*].host}}` filled in from the object: a scalar that is nothing else becomes the value or the list of
 * values, one inside a longer text its text. What the object does not hold stays as it stands, so that the reader sees what is open.
 */
export function filledIn(patch: unknown, object: unknown): unknown {
  if (typeof patch === "string") return filledText(patch, object);
  if (Array.isArray(patch)) return patch.map((one) => filledIn(one, object));
  if (typeof patch !== "object" || patch === null) return patch;
  return Object.fromEntries(Object.entries(patch).map(([key, value]) => [key, filledIn(value, object)]));
}

function filledText(text: string, object: unknown): unknown {
  const whole = new RegExp(`^${WORD.source}$`).exec(text)?.[1];
  if (whole !== undefined) {
    const values = valuesAt(whole, object);
    if (values.length === 0) return text;
    return whole.includes("[*]") ? [...new Set(values)] : values[0];
  }
  return text.replace(WORD, (word, path: string) => valuesAt(path, object).map(String).join(", ") || word);
}

/** Texts, numbers and booleans under a path such as `.spec.rules[*].host`; own keys only. */
function valuesAt(path: string, object: unknown): (string | number | boolean)[] {
  let found: unknown[] = [object];
  for (const [step] of path.matchAll(/\.\w+|\[\*\]/g))
    found = found
      .flatMap((value) => {
        if (step === "[*]") return Array.isArray(value) ? value : [];
        const key = step.slice(1);
        return typeof value === "object" && value !== null && Object.hasOwn(value, key)
          ? [(value as Record<string, unknown>)[key]]
          : [];
      })
      .slice(0, MAX_VALUES);
  return found.flatMap((value) =>
    typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? [value] : [],
  );
}
