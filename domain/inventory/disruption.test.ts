import { expect, test } from "vitest";
import { budgetOf } from "./disruption";
import type { KubernetesObject } from "./schema";

const budget = (spec: Record<string, unknown>, index: number): KubernetesObject => ({
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name: `b${index}`, namespace: "shop" },
  spec,
});
const selector = { matchLabels: { app: "web" } };
const labels = { app: "web", tier: "front" };

test.each([
  ["no budget", [], 3, "none"],
  ["of other pods", [{ selector: { matchLabels: { app: "db" } }, minAvailable: 1 }], 3, "none"],
  ["without a selector", [{ minAvailable: 1 }], 3, "none"],
  ["an empty selector", [{ selector: {}, minAvailable: 1 }], 3, "allows"],
  ["one may go", [{ selector, maxUnavailable: 1 }], 3, "allows"],
  ["a share may go", [{ selector, minAvailable: "50%" }], 2, "allows"],
  ["none may go", [{ selector, maxUnavailable: 0 }], 3, "blocks"],
  ["no share may go", [{ selector, maxUnavailable: "0%" }], 3, "blocks"],
  ["all must stay", [{ selector, minAvailable: "100%" }], undefined, "blocks"],
  ["as many must stay as there are", [{ selector, minAvailable: 3 }], 3, "blocks"],
  ["of how many is not known", [{ selector, minAvailable: 3 }], undefined, undefined],
  ["a share of how many is not known", [{ selector, minAvailable: "80%" }], undefined, undefined],
  ["a share that is rounded up to all", [{ selector, minAvailable: "80%" }], 3, "blocks"],
  ["a share of two that is both", [{ selector, minAvailable: "51%" }], 2, "blocks"],
  ["any share of a single one", [{ selector, minAvailable: "1%" }], 1, "blocks"],
  ["no share must stay", [{ selector, minAvailable: "0%" }], 1, "allows"],
  ["a share that leaves one", [{ selector, minAvailable: "80%" }], 5, "allows"],
  ["a share that is rounded up to one may go", [{ selector, maxUnavailable: "1%" }], 3, "allows"],
  ["scaled to nothing", [{ selector, minAvailable: 1 }], 0, "allows"],
  [
    "two budgets, which evictions refuse",
    [
      { selector, maxUnavailable: 1 },
      { selector: {}, maxUnavailable: 1 },
    ],
    3,
    "blocks",
  ],
  ["unreadable selector", [{ selector: "app=web", minAvailable: 1 }], 3, undefined],
  ["unreadable number", [{ selector, minAvailable: "half" }], 3, undefined],
])("%s", (_name, specs, replicas, expected) => {
  expect(budgetOf(specs.map(budget), labels, replicas)).toBe(expected);
});

test("a budget that files hold for each stage is one", () => {
  const stages = [
    { selector, maxUnavailable: 1 },
    { selector, minAvailable: 2 },
  ].map((spec) => budget(spec, 0));
  expect(budgetOf(stages, labels, 3)).toBe("allows");
  expect(budgetOf([...stages, budget({ selector, maxUnavailable: 0 }, 0)], labels, 3)).toBe("blocks");
});
