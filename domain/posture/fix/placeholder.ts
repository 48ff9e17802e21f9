import { list } from "@/domain/inventory/json";
import { isMap, type Json } from "./target";

/** What a patch may take values from, by the name that its placeholders begin with. */
export type Roots = Readonly<Record<string, readonly unknown[]>>;

const PATH = String.raw`((?:\.\w+|\[\*\]|\[\d{1,3}\])+)`;
const WORD = new RegExp(String.raw`\{\{\s*(object|container|mount|port|variable|volume|webhook)${PATH}\s*\}\}`, "g");
/** Items of which the evidence may name several: an item of a list that speaks of one is repeated for each. */
const REPEATED = ["mount", "port", "variable", "volume", "webhook"] as const;
const MAX_VALUES = 50;

/**
 * The patch with `{{object.spec.rules[*].host}}` filled in from what `roots` holds under the first name: a scalar that is nothing else
 * becomes the value or the list of values (a map of texts too, such as labels), one inside a longer text its text. What is not there stays as it stands, so that the
 * reader sees what is open.
 */
export function filledIn(patch: unknown, roots: Roots): unknown {
  if (typeof patch === "string") return filledText(patch, roots);
  if (Array.isArray(patch)) return patch.flatMap((one) => repeated(one, roots));
  if (!isMap(patch)) return patch;
  return Object.fromEntries(Object.entries(patch).map(([key, value]) => [key, filledIn(value, roots)]));
}

function repeated(item: unknown, roots: Roots): unknown[] {
  const written = JSON.stringify(item) ?? "";
  const root = REPEATED.find(
    (name) => new RegExp(`\\{\\{\\s*${name}\\.`).test(written) && list(roots[name]).length > 0,
  );
  if (root === undefined) return [filledIn(item, roots)];
  const each = list(roots[root]).map((one) => filledIn(item, { ...roots, [root]: [one] }));
  return [...new Map(each.map((one) => [JSON.stringify(one), one])).values()];
}

function filledText(text: string, roots: Roots): unknown {
  const [, root, path] = new RegExp(`^${WORD.source}$`).exec(text) ?? [];
  if (root !== undefined && path !== undefined) {
    const values = valuesAt(path, list(roots[root])).filter((value) => isScalar(value) || isMapOfTexts(value));
    if (values.length === 0) return text;
    return path.includes("[*]") ? [...new Set(values)] : values[0];
  }
  return text.replace(
    WORD,
    (word, name: string, inner: string) =>
      valuesAt(inner, list(roots[name])).filter(isScalar).map(String).join(", ") || word,
  );
}

/** What stands under a path such as `.spec.rules[*].host`; own keys only. */
function valuesAt(path: string, from: readonly unknown[]): readonly unknown[] {
  let found: readonly unknown[] = from;
  for (const [step] of path.matchAll(/\.\w+|\[\*\]|\[\d+\]/g))
    found = found
      .flatMap((value) => {
        if (step === "[*]") return list(value);
        if (step.startsWith("["))
          return list(value)
            .slice(Number(step.slice(1, -1)))
            .slice(0, 1);
        const key = step.slice(1);
        return isMap(value) && Object.hasOwn(value, key) ? [value[key]] : [];
      })
      .slice(0, MAX_VALUES);
  return found;
}

const isScalar = (value: unknown): value is string | number | boolean =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean";
/** Labels, say; other maps are not copied into a patch. */
const isMapOfTexts = (value: unknown): boolean =>
  isMap(value) && Object.values(value).every((one) => typeof one === "string");

/**
 * The patch without removals of what `object` has not got. A removal of `prefix*` becomes one of each key that begins so. Lists stand
 * as they are, and so does everything when the object is not known.
 */
export function removing(patch: Json, object: unknown): Json {
  if (!isMap(object)) return patch;
  return Object.fromEntries(
    Object.entries(patch).flatMap(([key, value]): [string, unknown][] => {
      if (value === null) return removedKeys(key, object).map((one) => [one, null]);
      if (!isMap(value)) return [[key, value]];
      const inner = removing(value, Object.hasOwn(object, key) ? object[key] : {});
      return Object.keys(inner).length > 0 || Object.keys(value).length === 0 ? [[key, inner]] : [];
    }),
  );
}

function removedKeys(key: string, object: Json): string[] {
  if (!key.endsWith("*")) return Object.hasOwn(object, key) ? [key] : [];
  return Object.keys(object).filter((one) => one.startsWith(key.slice(0, -1)));
}
