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
