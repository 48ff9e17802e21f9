import { Choice } from "./choice";
import { record } from "./json";
import { onceFor } from "./once";
import type { KubernetesObject } from "./schema";
import { isAbsentOrMap, isSelector } from "./selector";

/** What PodDisruptionBudgets say of a workload: `none` covers it; one `allows` its pods to be moved; one `blocks` every move. */
export type Budget = "none" | "allows" | "blocks";

/** What a budget may say: a number of pods, or a share of them. */
const amount = (value: unknown): number | `${number}%` | null =>
  typeof value === "number"
    ? value
    : typeof value === "string" && /^\d+%$/.test(value)
      ? (value as `${number}%`)
      : null;

/** How many of so many pods an amount is. The disruption controller rounds shares up. */
const countOf = (value: number | `${number}%`, pods: number): number =>
  typeof value === "number" ? value : Math.ceil((Number.parseInt(value, 10) * pods) / 100);

/**
 * Whether a budget lets none of so many pods go; undefined when that depends on how many there are, which is not known.
 * https://kubernetes.io/docs/tasks/run-application/configure-pdb/#rounding-logic-when-specifying-percentages
 */
function holdsAll({ spec }: KubernetesObject, replicas: number | undefined): boolean | undefined {
  const { minAvailable, maxUnavailable } = record(spec);
  const [least, most] = [amount(minAvailable), amount(maxUnavailable)];
  // A share is rounded up, so that only 0% is nothing; and of one pod all only when it is all of any.
  if ((most !== null && countOf(most, 1) === 0) || least === "100%") return true;
  if (least === null) return false;
  return replicas === undefined ? undefined : replicas > 0 && countOf(least, replicas) >= replicas;
}

/** A budget that can be read; one that can't may cover anything. */
function isBudget({ spec }: KubernetesObject): boolean {
  const { selector, minAvailable, maxUnavailable } = record(spec);
  const said = [minAvailable, maxUnavailable].filter((value) => value !== undefined && value !== null);
  return isAbsentOrMap(spec) && isSelector(selector) && said.every((value) => amount(value) !== null);
}

const choiceOf = onceFor((budgets: readonly KubernetesObject[]) => ({
  readable: budgets.every(isBudget),
  choice: new Choice(budgets, ({ spec }) => record(spec).selector ?? undefined),
}));

/**
 * The budget of pods with these labels, of which there are so many, among the budgets of their namespace. A budget without a
 * selector covers nothing, one with an empty selector everything. Undefined when one can't be read, there are too many to ask, or
 * `replicas`, that it depends on, is not known.
 */
export function budgetOf(
  budgets: readonly KubernetesObject[],
  labels: unknown,
  replicas: number | undefined,
): Budget | undefined {
  const { readable, choice } = choiceOf(budgets);
  const covering = readable ? choice.of(labels) : undefined;
  if (covering === undefined) return undefined;
  if (covering.length === 0) return "none";
  // The eviction API refuses pods with more than one budget. Files may hold one of them several times, once for each stage.
  if (new Set(covering.map(({ metadata }) => metadata.name)).size > 1) return "blocks";
  const held = covering.map((budget) => holdsAll(budget, replicas));
  if (held.includes(true)) return "blocks";
  return held.includes(undefined) ? undefined : "allows";
}
