import { list, record, stringMap, text, texts } from "./json";

/** A label selector, read once. `wanted`: the labels that it asks for by their value. `terms`: how much it takes to ask it. */
export interface Selector {
  wanted: ReadonlyMap<string, string>;
  terms: number;
  selects(labels: ReadonlyMap<string, string>): boolean;
}

/** Reads a label selector (`matchLabels`, `matchExpressions`). An empty one selects everything. */
export function selectorOf(selector: unknown): Selector {
  const { matchLabels, matchExpressions } = record(selector);
  const wanted = stringMap(matchLabels);
  const expressions = list(matchExpressions).map((item) => {
    const { key, operator, values } = record(item);
    return { key: text(key), operator, values: new Set(texts(values)) };
  });
  return {
    wanted,
    terms: wanted.size + expressions.length,
    selects: (labels) => {
      for (const [key, value] of wanted) if (labels.get(key) !== value) return false;
      return expressions.every(({ key, operator, values }) => {
        const value = labels.get(key);
        if (operator === "In") return value !== undefined && values.has(value);
        if (operator === "NotIn") return value === undefined || !values.has(value);
        if (operator === "Exists") return value !== undefined;
        return operator === "DoesNotExist" && value === undefined;
      });
    },
  };
}

/** A Service's plain selector as a label selector. A Service without one selects nothing itself: undefined. */
export const ofService = (selector: unknown): unknown =>
  stringMap(selector).size > 0 ? { matchLabels: selector } : undefined;

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
