import path from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { inspectControls } from "@/domain/posture/load";
import type { Control } from "@/domain/posture/schema";

const controlsFolder = fileURLToPath(new URL("../domain/posture/controls", import.meta.url));

/** Left by whoever was not finished. */
const UNFINISHED = /\b(TODO|FIXME|XXX|TBD|lorem ipsum)\b/i;
/** How publishers of benchmarks begin and frame their items; theirs is copyrighted, ours says it in its own words. */
const PUBLISHERS: readonly RegExp[] = [
  /\bensure that the --/i,
  /\bminimi[sz]e the admission of\b/i,
  /\b(profile applicability|rationale statement|impact statement|audit procedure|remediation procedure)\b/i,
  /\bthis recommendation (is|applies)\b/i,
  /\bthis policy (audits|restricts|is generally available)\b/i,
];

type Text = readonly [where: string, text: string];

const per = (where: string, value: string | Partial<Record<string, string>>): Text[] =>
  typeof value === "string"
    ? [[where, value]]
    : Object.entries(value).map(([name, text]): Text => [`${where}.${name}`, text ?? ""]);

/** Everything in a control that people read as sentences. */
const sentences = ({ rationale, message, remediation }: Control): Text[] => [
  ["rationale", rationale],
  ["message", message],
  ["remediation.impact", remediation.impact],
  ...per("remediation.steps", remediation.steps),
];

/** What is incomplete in what a control says to people, as `field: what is missing`. */
export function proseFaults(control: Control): string[] {
  const faults: string[] = [];
  const { title, remediation, references, examples } = control;
  for (const [where, text] of sentences(control))
    if (!/[.!?)`]\s*$/.test(text) || /[^.!?]\)\s*$/.test(text)) faults.push(`${where}: end with a full stop.`);
  if (/\.\s*$/.test(title)) faults.push("title: a title has no full stop.");
  const commands = [
    ...per("remediation.cli", remediation.cli ?? ""),
    ...per("remediation.terraform", remediation.terraform ?? ""),
  ];
  for (const [where, text] of [["title", title] as Text, ...sentences(control), ...commands]) {
    if (UNFINISHED.test(text)) faults.push(`${where}: holds ${UNFINISHED.exec(text)?.[0]}: finish it.`);
    const phrase = PUBLISHERS.map((one) => one.exec(text)?.[0]).find((found) => found !== undefined);
    if (phrase !== undefined) faults.push(`${where}: "${phrase}" is a publisher's phrase: say it in other words.`);
  }
  for (const url of references) if (!url.startsWith("https://")) faults.push(`references: ${url} is not https.`);
  if (remediation.patch !== undefined) faults.push(...patchFaults(remediation.patch));
  const names = Object.values(examples).flatMap((list) => list.map(({ name }) => name));
  for (const name of new Set(names.filter((one, index) => names.indexOf(one) !== index)))
    faults.push(`examples: two are called "${name}".`);
  return faults;
}

function patchFaults(patch: string): string[] {
  try {
    const value: unknown = parse(patch, { logLevel: "error" });
    return typeof value === "object" && value !== null ? [] : ["remediation.patch: is no YAML map."];
  } catch (error) {
    return [`remediation.patch: is no YAML: ${error instanceof Error ? (error.message.split("\n", 1)[0] ?? "") : ""}`];
  }
}

/** The same for every control of the product, with its file. */
export function controlProseFaults(): string[] {
  const { controls, files } = inspectControls(controlsFolder);
  const root = path.resolve(controlsFolder, "../../..");
  return controls.flatMap((control) =>
    proseFaults(control).map((fault) => `${path.relative(root, files.get(control.id) ?? "")}: ${fault}`),
  );
}
