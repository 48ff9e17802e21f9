import { list, record, stringMap, text, texts } from "./json";

/** Whether a label selector (`matchLabels`, `matchExpressions`) selects these labels. An empty selector selects everything. */
export function selects(selector: unknown, labels: unknown): boolean {
  const has = stringMap(labels);
  const { matchLabels, matchExpressions } = record(selector);
  for (const [key, value] of stringMap(matchLabels)) if (has.get(key) !== value) return false;
  return list(matchExpressions).every((item) => {
    const { key, operator, values } = record(item);
    const value = has.get(text(key));
    if (operator === "In") return value !== undefined && texts(values).includes(value);
    if (operator === "NotIn") return value === undefined || !texts(values).includes(value);
    if (operator === "Exists") return value !== undefined;
    return operator === "DoesNotExist" && value === undefined;
  });
}

/** Whether a Service's plain selector selects these labels. A Service without one selects nothing itself. */
export function serviceSelects(selector: unknown, labels: unknown): boolean {
  const wanted = stringMap(selector);
  return wanted.size > 0 && selects({ matchLabels: selector }, labels);
}

/**
 * Whether pods of a template with these labels may be selected, once they run: operators and StatefulSets label them further. At
 * least one label must agree, and none may differ.
 */
export function maySelect(wanted: unknown, labels: unknown): boolean {
  const has = stringMap(labels);
  const agreeing = [...stringMap(wanted)].filter(([key]) => has.has(key));
  return agreeing.length > 0 && agreeing.every(([key, value]) => has.get(key) === value);
}

const OPERATORS: ReadonlySet<unknown> = new Set(["In", "NotIn", "Exists", "DoesNotExist"]);

/** Absent, as Kubernetes reads null too, or a map. */
export const isAbsentOrMap = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === "object" && !Array.isArray(value));
/** Absent, or a list of which every item passes. */
export const isAbsentOrList = (value: unknown, item: (item: unknown) => boolean = () => true): boolean =>
  value === undefined || value === null || (Array.isArray(value) && value.every(item));
export const isAbsentOrText = (value: unknown): boolean =>
  value === undefined || value === null || typeof value === "string";

/** Labels, or a Service's selector, of which every value can be compared. */
export const areLabels = (value: unknown): boolean =>
  isAbsentOrMap(value) && Object.values(record(value)).every((item) => typeof item === "string");

/** Whether everything in a label selector can be read. One that can't would seem to select everything. */
export const isSelector = (value: unknown): boolean =>
  isAbsentOrMap(value) &&
  areLabels(record(value).matchLabels) &&
  isAbsentOrList(
    record(value).matchExpressions,
    (item) =>
      typeof record(item).key === "string" &&
      OPERATORS.has(record(item).operator) &&
      isAbsentOrList(record(item).values, (one) => typeof one === "string"),
  );
