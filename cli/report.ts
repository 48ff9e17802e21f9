import { SEVERITIES, SEVERITY_RANK, type Severity } from "@/domain/posture/schema";
import type { Checked, Result } from "./check";

export interface Summary {
  documents: number;
  resources: number;
  healthy: number;
  unhealthy: number;
  notEvaluated: number;
  notApplicable: number;
  /** Unhealthy results by severity. */
  severities: Record<Severity, number>;
  /** Documents and files that could not be read. */
  unreadable: number;
}

export function summaryOf({ documents, resources, results, problems }: Checked): Summary {
  const count = (outcome: Result["outcome"]): number => results.filter((result) => result.outcome === outcome).length;
  const severities = { critical: 0, high: 0, medium: 0, low: 0 };
  for (const { outcome, severity } of results) if (outcome === "unhealthy") severities[severity] += 1;
  return {
    documents,
    resources,
    healthy: count("healthy"),
    unhealthy: count("unhealthy"),
    notEvaluated: count("not_evaluated"),
    notApplicable: count("not_applicable"),
    severities,
    unreadable: problems.length,
  };
}

/** 2 when something was unreadable, 1 when a finding reaches `failOn` or, if asked, something is unknown; otherwise 0. */
export function exitCodeOf({ problems, results }: Checked, failOn: Severity, failOnUnknown: boolean): 0 | 1 | 2 {
  if (problems.length > 0) return 2;
  if (failOnUnknown && results.some(({ outcome }) => outcome === "not_evaluated")) return 1;
  const reaches = ({ outcome, severity }: Result): boolean =>
    outcome === "unhealthy" && SEVERITY_RANK[severity] >= SEVERITY_RANK[failOn];
  return results.some(reaches) ? 1 : 0;
}

const shown = (results: readonly Result[], all: boolean): Result[] =>
  results.filter(({ outcome }) => all || outcome === "unhealthy" || outcome === "not_evaluated");

export const jsonReport = (checked: Checked, all: boolean): string =>
  `${JSON.stringify({ schema: "seawall.check/1", summary: summaryOf(checked), results: shown(checked.results, all) }, null, 2)}\n`;

/** Names come from files of strangers: nothing in them may steer the terminal. */
export const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "�");

export function textReport(checked: Checked, all: boolean): string {
  const lines: string[] = [];
  const groups = new Map<string, Result[]>();
  for (const result of shown(checked.results, all)) {
    const { resource, source } = result;
    const place = resource.namespace === "" ? resource.name : `${resource.namespace}/${resource.name}`;
    const title = plain(`${source.file}:${source.line}  ${resource.kind} ${place}`);
    groups.set(title, [...(groups.get(title) ?? []), result]);
  }
  for (const [title, results] of groups) {
    lines.push(title);
    for (const result of results.sort((a, b) => urgency(b) - urgency(a))) {
      const state = result.outcome === "unhealthy" ? result.severity : result.outcome.replace("_", " ");
      lines.push(`  ${state.padEnd(13)} ${result.control} ${result.name}`);
      for (const { path, message } of result.evidence) {
        lines.push(`${" ".repeat(16)}${plain(path === "" ? message : `${path}: ${message}`)}`);
      }
    }
    lines.push("");
  }
  return `${[...lines, ...closing(summaryOf(checked))].join("\n")}\n`;
}

/** Findings first, the worst on top, then what was not evaluated. */
const urgency = ({ outcome, severity }: Result): number =>
  (outcome === "unhealthy" ? 20 : outcome === "not_evaluated" ? 10 : 0) + SEVERITY_RANK[severity];

function closing(summary: Summary): string[] {
  const found = SEVERITIES.filter((severity) => summary.severities[severity] > 0)
    .map((severity) => `${summary.severities[severity]} ${severity}`)
    .join(", ");
  const lines = [
    `${summary.resources} resources in ${summary.documents} documents: ${summary.unhealthy} unhealthy${found === "" ? "" : ` (${found})`}, ${summary.healthy} healthy, ${summary.notEvaluated} not evaluated.`,
  ];
  if (summary.notEvaluated > 0) {
    lines.push(
      `${summary.notEvaluated} could not be judged, and are not known to be healthy: --fail-on-unknown fails on them.`,
    );
  }
  if (summary.resources === 0) lines.push("No resource was judged.");
  if (summary.unreadable > 0) lines.push(`${summary.unreadable} could not be read: see above.`);
  return lines;
}
