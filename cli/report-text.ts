import { type Outcome, SEVERITIES, type Severity } from "@/domain/posture/schema";
import { byResource, type Format, placeOf, plain, reaching, summaryOf, urgency } from "./report";
import type { Kept, Result } from "./result";
import { OUTCOMES, type Tally } from "./tally";

/** Colours of a terminal; each gives the text back unchanged where none are wanted. */
export interface Ink {
  bold: (text: string) => string;
  dim: (text: string) => string;
  tone: (state: string, text: string) => string;
}
const code =
  (sequence: string) =>
  (text: string): string =>
    `\u001b[${sequence}m${text}\u001b[0m`;
const TONES: Readonly<Record<string, string>> = {
  critical: "1;35",
  high: "31",
  medium: "33",
  low: "36",
  "not evaluated": "2",
  healthy: "32",
};
export const COLOURED: Ink = {
  bold: code("1"),
  dim: code("2"),
  tone: (state, text) => code(TONES[state] ?? "0")(text),
};
export const PLAIN: Ink = { bold: (text) => text, dim: (text) => text, tone: (_state, text) => text };

/** The report for people: what was found at which line, why, and what to do next. What is kept of a result are the lines of its evidence. */
export const textFormat = (ink: Ink = PLAIN): Format<string> => ({
  lines: true,
  write: evidenceWriter(ink),
  report: (tally, failOn) => textReport(tally, failOn, ink),
});

function* textReport(tally: Tally<string>, failOn: Severity, ink: Ink): Generator<string> {
  const states = statesOf(ink);
  let piece = "";
  for (const results of byResource(tally.results)) {
    piece += resourceText(results, ink, states);
    if (piece.length < PIECE) continue;
    yield piece;
    piece = "";
  }
  yield `${piece}${closing(tally, failOn, ink).join("\n")}\n`;
}

/** Characters that are printed at once. */
const PIECE = 65_536;
const MARGIN = " ".repeat(17);

/** Writes the lines of a result's evidence. Results of one file come one after the other. */
function evidenceWriter(ink: Ink): (result: Result) => string {
  let [file, shown] = ["", ""];
  return ({ outcome, evidence, source, lineOf }) => {
    // Controls that wait for the same fact say the same: it is told once.
    if (outcome === "not_evaluated") return "";
    if (source.file !== file) [file, shown] = [source.file, plain(source.file)];
    const lines: string[] = [];
    for (const { path, message } of evidence) {
      const at = path.startsWith("facts.") ? "" : `  ${shown}:${lineOf(path)}`;
      lines.push(`\n${MARGIN}`, plain(message), `\n${MARGIN}`, ink.dim(`${plain(path)}${at}`));
    }
    // Joined, it is one text, and not the many that it was made of.
    return lines.join("");
  };
}

type States = Readonly<Record<Severity | Outcome, string>>;
const WORDS = [...SEVERITIES, ...OUTCOMES] as const;
/** Severities and outcomes, each as wide as the widest. */
const statesOf = (ink: Ink): States =>
  Object.fromEntries(
    WORDS.map((word) => [word, ink.tone(word.replace("_", " "), word.replace("_", " ").padEnd(14))]),
  ) as Record<Severity | Outcome, string>;

function resourceText(results: Kept<string>[], ink: Ink, states: States): string {
  const [first] = results;
  if (first === undefined) return "";
  const { resource } = first.place;
  const name = resource.namespace === "" ? resource.name : `${resource.namespace}/${resource.name}`;
  let text = `${ink.bold(plain(`${resource.kind} ${name}`))}  ${ink.dim(plain(placeOf(first.place)))}\n`;
  const unknown = new Map<string, string[]>();
  for (const { control, outcome, unknown: why, written } of results.sort((a, b) => urgency(b) - urgency(a))) {
    const called = `${control.id} ${control.name}`;
    if (why !== null) {
      const waiting = unknown.get(why.message);
      if (waiting === undefined) unknown.set(why.message, [called]);
      else waiting.push(called);
      continue;
    }
    text += `  ${states[outcome === "unhealthy" ? control.severity : outcome]} ${called}${written}\n`;
  }
  // After the findings.
  for (const [why, names] of unknown) text += `  ${states.not_evaluated} ${names.join(", ")}\n${MARGIN}${plain(why)}\n`;
  return `${text}\n`;
}

const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

function closing(tally: Tally<string>, failOn: Severity, ink: Ink): string[] {
  const summary = summaryOf(tally);
  const found = SEVERITIES.filter((severity) => summary.severities[severity] > 0)
    .map((severity) => ink.tone(severity, `${summary.severities[severity]} ${severity}`))
    .join(", ");
  const lines = [
    `${counted(summary.resources, "resource")} in ${counted(summary.documents, "document")}: ${ink.bold(`${summary.unhealthy} unhealthy`)}${found === "" ? "" : ` (${found})`}, ${summary.healthy} healthy, ${summary.notEvaluated} not evaluated.`,
  ];
  if (summary.resources === 0) lines.push("No resource was judged.");
  if (summary.unreadable > 0) lines.push(`${summary.unreadable} could not be read: see above.`);
  lines.push(...next(tally, failOn));
  return lines;
}

/** What to do now. */
function next(tally: Tally<string>, failOn: Severity): string[] {
  const lines: string[] = [];
  let worst: Kept<string> | null = null;
  for (const result of tally.results)
    if (result.outcome === "unhealthy" && (worst === null || urgency(result) > urgency(worst))) worst = result;
  if (worst !== null) {
    const { id } = worst.control;
    const failing = reaching(tally.severities, failOn);
    lines.push(
      `Next: seawall control show ${id} says how to fix the worst of them${failing === 0 ? `; none reaches ${failOn}, so no finding fails this` : ""}.`,
    );
  } else if (tally.problems.length === 0 && tally.resources > 0) {
    if (tally.counts.not_evaluated === 0) lines.push("Nothing to fix.");
    else if (tally.counts.healthy > 0) lines.push("Nothing to fix in what could be judged.");
  }
  if (tally.counts.not_evaluated > 0) {
    lines.push(
      `${tally.counts.not_evaluated} could not be judged, and are not known to be healthy: --fail-on-unknown fails on them.`,
    );
  }
  return lines;
}
