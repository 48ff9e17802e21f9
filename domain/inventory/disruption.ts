import { record } from "./json";
import type { KubernetesObject } from "./schema";
import { isAbsentOrMap, isSelector, selects } from "./selector";

/** What PodDisruptionBudgets say of a workload: `none` covers it; one `allows` its pods to be moved; one `blocks` every move. */
export type Budget = "none" | "allows" | "blocks";

const amount = (value: unknown): number | `${number}%` | null =>
  typeof value === "number"
    ? value
    : typeof value === "string" && /^\d+%$/.test(value)
      ? (value as `${number}%`)
      : null;

/** Whether a budget's share of so many replicas is all (`of` 100) or nothing (`of` 0). */
const isShare = (value: unknown, of: 0 | 100, replicas: number): boolean =>
  value === `${of}%` || (typeof value === "number" && (of === 0 ? value === 0 : value >= replicas));

/** A budget that can be read; one that can't may cover anything. */
function isBudget({ spec }: KubernetesObject): boolean {
  const { selector, minAvailable, maxUnavailable } = record(spec);
  const said = [minAvailable, maxUnavailable].filter((value) => value !== undefined && value !== null);
  return isAbsentOrMap(spec) && isSelector(selector) && said.every((value) => amount(value) !== null);
}

/**
 * The budget of pods with these labels, of which there are so many, among the budgets of their namespace. A budget without a
 * selector covers nothing, one with an empty selector everything. Undefined when one can't be read.
 */
export function budgetOf(
  budgets: readonly KubernetesObject[],
  labels: unknown,
  replicas: number | undefined,
): Budget | undefined {
  if (!budgets.every(isBudget)) return undefined;
  const covering = budgets.filter(({ spec }) => {
    const { selector } = record(spec);
    return selector !== undefined && selector !== null && selects(selector, labels);
  });
  if (covering.length === 0) return "none";
  // The eviction API refuses pods with more than one budget. Files may hold one of them several times, once for each stage.
  if (new Set(covering.map(({ metadata }) => metadata.name)).size > 1) return "blocks";
  const blocks = covering
    .map(({ spec }) => record(spec))
    .some(
      ({ minAvailable, maxUnavailable }) =>
        isShare(maxUnavailable, 0, replicas ?? 0) ||
        minAvailable === "100%" ||
        (replicas !== undefined && replicas > 0 && isShare(minAvailable, 100, replicas)),
    );
  return blocks ? "blocks" : "allows";
}
