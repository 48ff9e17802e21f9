import { type Control, SCORE_GROUPS } from "@/domain/posture/schema";

/** A text in a table's cell. */
const cell = (text: string): string => text.replace(/\s+/g, " ").replaceAll("|", "\\|");
const fence = (language: string, text: string): string => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
const paragraph = (text: string): string => text.trim().replace(/\s*\n\s*/g, " ");

const CLOUDS: Readonly<Record<string, string>> = {
  aks: "AKS",
  eks: "EKS",
  gke: "GKE",
  arc: "Arc",
  default: "Elsewhere",
};

/** A text that may differ by distribution, each part with its cloud's name where it does. */
function variants(value: string | Partial<Record<string, string>>, shape: (text: string) => string): string[] {
  if (typeof value === "string") return [shape(value)];
  return Object.entries(value).flatMap(([name, text]) => [`${CLOUDS[name] ?? name}:`, shape(text ?? "")]);
}

/** Reference of one control in Markdown, from its file alone. */
export function controlSection(control: Control): string {
  const { id, name, title, severity, scoreGroup, maturity, appliesTo, forEach, remediation, params } = control;
  const where =
    appliesTo.distributions === undefined
      ? ""
      : ` (${appliesTo.distributions.map((one) => CLOUDS[one]).join(", ")} only)`;
  const rows: [string, string][] = [
    ["Name", `\`${name}\``],
    ["Severity", severity],
    [
      "Security control",
      `${SCORE_GROUPS[scoreGroup].title}${maturity === "stable" ? "" : `; ${maturity}, not scored`}`,
    ],
    ["Judges", `${appliesTo.resources.join(", ")}${forEach === undefined ? "" : `, each ${forEach}`}${where}`],
    ["Effort", remediation.effort],
    ...Object.entries(params).map(([key, value]): [string, string] => [
      `Parameter \`${key}\``,
      `\`${JSON.stringify(value).replaceAll("`", "'")}\``,
    ]),
    ...(control.aliases.length === 0 ? [] : [["Elsewhere called", control.aliases.join(", ")] as [string, string]]),
  ];
  return [
    `## ${id} ${title}`,
    ["| | |", "|---|---|", ...rows.map(([head, text]) => `| ${head} | ${cell(text)} |`)].join("\n"),
    paragraph(control.rationale),
    ...(appliesTo.when === undefined ? [] : ["Asked only of what this is true of:", fence("cel", appliesTo.when)]),
    "Violated when:",
    fence("cel", control.violates),
    `**What to do.** Impact: ${paragraph(remediation.impact)}`,
    ...variants(remediation.steps, paragraph),
    ...(remediation.cli === undefined ? [] : variants(remediation.cli, (text) => fence("sh", text))),
    ...(remediation.patch === undefined ? [] : [fence("yaml", remediation.patch)]),
    ...(remediation.terraform === undefined ? [] : variants(remediation.terraform, (text) => fence("hcl", text))),
    ...(control.references.length === 0 ? [] : [control.references.map((url) => `- <${url}>`).join("\n")]),
  ].join("\n\n");
}

export const GENERATED = "<!-- Written by `npm run docs` from the controls. Change the control, not this page. -->";

/** The page of one category. */
export const categoryPage = (category: string, controls: readonly Control[]): string =>
  `${[`# Controls: ${category}`, GENERATED, ...controls.map(controlSection)].join("\n\n")}\n`;

/** GitHub's anchor of a control's heading. */
const anchorOf = ({ id, title }: Control): string =>
  `${id} ${title}`
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-");

/** All controls in one table, each linked to its place. */
export function indexPage(categories: ReadonlyMap<string, readonly Control[]>): string {
  const tables = [...categories].map(([category, controls]) =>
    [
      `## [${category}](${category}.md)`,
      "",
      "| id | control | severity | judges |",
      "|---|---|---|---|",
      ...controls.map(
        (control) =>
          `| ${control.id} | [${cell(control.title)}](${category}.md#${anchorOf(control)}) | ${control.severity} | ${control.appliesTo.resources.join(", ")} |`,
      ),
    ].join("\n"),
  );
  const intro =
    "Every control of the product. `seawall control show ID` prints one; [adding a control](../adding-a-control.md) says how to write one. In commands, words in capitals stand for names of the resource, which Seawall fills in; what stands in `<…>` is for you to fill in.";
  return `${["# Controls", GENERATED, intro, ...tables].join("\n\n")}\n`;
}
