import type { Control } from "@/domain/posture/schema";

export function listControls(controls: readonly Control[]): string {
  const rows = controls.map(({ id, severity, appliesTo, name, title }) => ({
    head: `${id}  ${severity.padEnd(8)}  ${name}`,
    tail: `${title} (${appliesTo.resources.join(", ")})`,
  }));
  const width = Math.max(...rows.map(({ head }) => head.length));
  return rows.map(({ head, tail }) => `${head.padEnd(width)}  ${tail}\n`).join("");
}

/** One control for people. */
export function showControl(control: Control): string {
  const { remediation } = control;
  const per = (title: string, value: string | Partial<Record<string, string>> | undefined): string[] => {
    if (value === undefined) return [];
    if (typeof value === "string") return ["", title, `  ${value.trim().replace(/\n(?=.)/g, "\n  ")}`];
    return ["", title, ...Object.entries(value).map(([key, text]) => `  ${key}: ${(text ?? "").trim()}`)];
  };
  return [
    `${control.id} ${control.name}`,
    control.title,
    "",
    `Severity ${control.severity}, ${control.scoreGroup}, ${control.maturity}; judges ${control.appliesTo.resources.join(", ")}`,
    "",
    control.rationale.trim(),
    "",
    ...(control.appliesTo.when === undefined
      ? []
      : ["Asked only of what this is true of:", `  ${control.appliesTo.when.replace(/\s+/g, " ")}`, ""]),
    `Violated ${control.forEach === undefined ? "when" : `by each ${control.forEach} with`}:`,
    `  ${control.violates.replace(/\s+/g, " ")}`,
    ...(Object.keys(control.params).length > 0
      ? [
          "",
          "Parameters",
          ...Object.entries(control.params).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`),
        ]
      : []),
    ...per("What to do", remediation.steps),
    ...per("Impact", remediation.impact),
    ...per("Command line", remediation.cli),
    ...per("Patch", remediation.patch),
    ...(control.references.length > 0 ? ["", "References", ...control.references.map((url) => `  ${url}`)] : []),
    "",
  ].join("\n");
}
