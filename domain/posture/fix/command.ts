import { shellWord } from "./quote";
import { othersHold } from "./subject";
import { anewNote, blanksIn, type FixBlock, type FixTarget, shellWords } from "./target";
import { itemWords, knownWords, type Value, WORD, type Words } from "./words";

const CLI_NAMES: Readonly<Record<FixTarget["distribution"], string>> = {
  aks: "Azure CLI",
  eks: "AWS CLI",
  gke: "gcloud",
  arc: "Azure CLI",
};
const DELETE = "kubectl delete RESOURCE --interactive";
const TAKE_OUT = "kubectl patch RESOURCE --type=json --patch=SUBJECTS_OUT --dry-run=server --output=yaml";
const SHARED = "Others hold this binding too, so it stays, and the last command takes out only who is named here.";
/** Commands that Kubernetes refuses for what runs; only the image of a Pod may change. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  Pod: /^kubectl (set env|edit) RESOURCE/m,
  Job: /^kubectl (set \w+|edit) RESOURCE/m,
};
const TRIED = "What ends in a dry run changes nothing: run it again without --dry-run=server when its answer is right.";

/** `template` with what is known put in by `quote`. Answers too which words are left. */
export function filled(
  template: string,
  values: Words,
  quote: (value: Value) => string | null,
): { text: string; left: string[] } {
  const left = new Set<string>();
  const text = template.replace(WORD, (word, _name: string, offset: number) => {
    const value = values[word];
    const quoted = value === undefined ? null : quote(value);
    if (value === undefined || quoted === null) {
      left.add(word);
      return word;
    }
    // A word that begins with a dash would be read as an option: bind it to its own.
    const loose = typeof value === "string" && value.startsWith("-") && /--[a-z-]+ $/.test(template.slice(0, offset));
    return loose ? `\u0000${quoted}` : quoted;
  });
  return { text: text.replaceAll(" \u0000", "=").replaceAll("\u0000", ""), left: [...left] };
}

/** What is left for a person to fill in; null when nothing is. */
export function openWords(filledText: string, left: readonly string[]): string | null {
  const blanks = blanksIn(filledText);
  const unknown = left.length === 0 ? "" : `Seawall does not know ${left.length === 1 ? "it" : "them"}.`;
  const sentences = [
    left.length === 0 ? "" : `Fill in ${left.join(", ")}: ${unknown}`,
    blanks.length === 0 ? "" : `Fill in ${blanks.join(", ")} yourself.`,
  ].filter((sentence) => sentence !== "");
  return sentences.length === 0 ? null : sentences.join(" ");
}

/** The account and region that a cloud's command line must be told, unless the line says them already. */
function scopeOf(target: FixTarget, line: string): string {
  const flag = (name: string, value: string | null) => {
    const word = value === null || line.includes(`${name} `) ? null : shellWord(value);
    return word === null ? "" : ` ${name} ${word}`;
  };
  if (line.startsWith("az ")) return flag("--subscription", target.account);
  if (line.startsWith("aws ")) return flag("--region", target.region);
  return line.startsWith("gcloud ") ? flag("--project", target.account) : "";
}

/** The template's lines; a binding that somebody holds whom the finding does not name is never deleted. */
const linesOf = (template: string, shared: boolean): string[] =>
  template.split("\n").map((line) => (shared && line === DELETE ? TAKE_OUT : line));

/** A control's command lines filled in for this very resource, those about one of several items once for each of them. */
export function commandFor(template: string, target: FixTarget): FixBlock {
  const known = knownWords(target);
  const items = Object.entries(itemWords(target)).filter(([, values]) => values.length > 0);
  const quote = (value: Value) => shellWords(typeof value === "string" ? [value] : value);
  const shared = template.includes(DELETE) && othersHold(target);
  const lines = linesOf(template, shared).flatMap((line) => {
    const inLine = new Set(line.match(WORD));
    const each = items.find(([, [one]]) => Object.keys(one ?? {}).some((word) => inLine.has(word)))?.[1] ?? [{}];
    return each.map((words) => filled(line + scopeOf(target, line), { ...known, ...words }, quote));
  });
  const text = lines.map((line) => line.text).join("\n");
  const sentences = [
    openWords(text, [...new Set(lines.flatMap((line) => line.left))]),
    shared ? SHARED : null,
    text.includes("--dry-run=server") ? TRIED : null,
    REFUSED[target.kind]?.test(template) ? anewNote(target) : null,
  ].filter((sentence) => sentence !== null);
  return { id: "cli", title: titleOf(template, target), text, open: sentences.join(" ") || null };
}

function titleOf(template: string, { distribution }: FixTarget): string {
  if (/^kubectl /m.test(template)) return "kubectl";
  return /^(az|aws|gcloud) /.test(template) ? CLI_NAMES[distribution] : "Shell";
}
