import type { Distribution } from "@/domain/inventory/schema";
import type { Control } from "../schema";

type PerDistribution = string | Partial<Record<Distribution | "default", string>> | undefined;

const pick = (value: PerDistribution, distribution: Distribution): string | null =>
  value === undefined ? null : typeof value === "string" ? value : (value[distribution] ?? value.default ?? null);

/** What to do on one distribution: steps, and commands where the control has them. */
export function stepsFor(
  control: Control,
  distribution: Distribution,
): { steps: string; cli: string | null; terraform: string | null } {
  const { steps, cli, terraform } = control.remediation;
  return {
    steps: pick(steps, distribution) ?? "There is no step for this distribution.",
    cli: pick(cli, distribution),
    terraform: pick(terraform, distribution),
  };
}

/** All variants of a remediation with the distributions' names, for pages that are about no single cluster. */
export function variants(value: PerDistribution): { name: string; text: string }[] {
  if (value === undefined) return [];
  if (typeof value === "string") return [{ name: "", text: value }];
  return Object.entries(value).flatMap(([name, text]) =>
    text === undefined ? [] : [{ name: name === "default" ? "" : name.toUpperCase(), text }],
  );
}
