import { parse } from "yaml";
import type { BenchmarkFile } from "@/domain/benchmark/schema";
import type { ContentFault } from "@/domain/posture/file-fault";
import { WORDS } from "@/domain/posture/fix/words";
import type { Control } from "@/domain/posture/schema";
import { suggestion } from "@/lib/nearest";

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

type Where = readonly PropertyKey[];
type Text = readonly [where: Where, text: string];

const per = (where: Where, value: string | Partial<Record<string, string>>): Text[] =>
  typeof value === "string"
    ? [[where, value]]
    : Object.entries(value).map(([name, text]): Text => [[...where, name], text ?? ""]);

const fault = (where: Where, message: string, offset?: number): ContentFault => ({
  where,
  message: `${where.join(".")}: ${message}`,
  ...(offset === undefined ? {} : { offset }),
});

/** A sentence that has no end; the end is where it is told. */
const endless = ([where, text]: Text): ContentFault[] =>
  !/[.!?)`]\s*$/.test(text) || /[^.!?]\)\s*$/.test(text)
    ? [fault(where, "end with a full stop.", Math.max(0, text.trimEnd().length - 1))]
    : [];
const endedTitle = (where: Where, title: string): ContentFault[] =>
  /\.\s*$/.test(title) ? [fault(where, "a title has no full stop.")] : [];

/** What somebody did not finish, or took from a publisher. */
function phrases([where, text]: Text): ContentFault[] {
  const unfinished = UNFINISHED.exec(text);
  const phrase = PUBLISHERS.map((one) => one.exec(text)).find((found) => found !== null);
  return [
    ...(unfinished === null ? [] : [fault(where, `holds ${unfinished[0]}: finish it.`, unfinished.index)]),
    ...(phrase == null
      ? []
      : [fault(where, `"${phrase[0]}" is a publisher's phrase: say it in other words.`, phrase.index)]),
  ];
}

/** Everything in a control that people read as sentences. */
const sentences = ({ rationale, message, remediation }: Control): Text[] => [
  [["rationale"], rationale],
  [["message"], message],
  [["remediation", "impact"], remediation.impact],
  ...per(["remediation", "steps"], remediation.steps),
];

/** What is incomplete in what a control says to people. */
export function proseFaults(control: Control): ContentFault[] {
  const { title, remediation, references, examples } = control;
  const names = Object.entries(examples).flatMap(([list, some]) =>
    some.map(({ name }, index): Text => [["examples", list, index, "name"], name]),
  );
  const copied = [
    ...per(["remediation", "cli"], remediation.cli ?? ""),
    ...per(["remediation", "terraform"], remediation.terraform ?? ""),
    ...per(["remediation", "patch"], remediation.patch ?? ""),
  ];
  return [
    ...sentences(control).flatMap(endless),
    ...endedTitle(["title"], title),
    ...[[["title"], title] as Text, ...sentences(control), ...copied, ...names].flatMap(phrases),
    ...references.flatMap((url, index) =>
      url.startsWith("https://") ? [] : [fault(["references", index], `${url} is not https.`)],
    ),
    ...(remediation.patch === undefined ? [] : patchFaults(remediation.patch)),
    ...copied.flatMap(wordFaults),
    ...names.flatMap(([where, name], at) =>
      names.findIndex(([, other]) => other === name) < at ? [fault(where, `two examples are called "${name}".`)] : [],
    ),
  ];
}

/** The same of a benchmark. */
export function benchmarkProseFaults({ title, about, sections }: BenchmarkFile): ContentFault[] {
  const titles: Text[] = [[["title"], title]];
  const prose: Text[] = [[["about"], about]];
  const manual = (where: Where, given: BenchmarkFile["sections"][number]["manual"]): void => {
    if (given !== undefined)
      prose.push([[...where, "manual", "why"], given.why], [[...where, "manual", "look"], given.look]);
  };
  sections.forEach((section, s) => {
    titles.push([["sections", s, "title"], section.title]);
    manual(["sections", s], section.manual);
    section.requirements.forEach((requirement, r) => {
      titles.push([["sections", s, "requirements", r, "title"], requirement.title]);
      manual(["sections", s, "requirements", r], requirement.manual);
    });
  });
  return [
    ...prose.flatMap(endless),
    ...titles.flatMap(([where, text]) => endedTitle(where, text)),
    ...[...titles, ...prose].flatMap(phrases),
  ];
}

/** Words in capitals that nothing fills in, and that are near to one which is. */
const wordFaults = ([where, text]: Text): ContentFault[] =>
  [...text.matchAll(/\b[A-Z][A-Z_]{2,}\b/g)].flatMap(({ 0: word, index }) => {
    const meant = WORDS.some((known) => known === word) ? "" : suggestion(word, WORDS);
    return meant === "" ? [] : [fault(where, `nothing fills in ${word}.${meant}`, index)];
  });

function patchFaults(patch: string): ContentFault[] {
  const where = ["remediation", "patch"];
  try {
    const value: unknown = parse(patch, { logLevel: "error" });
    return typeof value === "object" && value !== null ? [] : [fault(where, "is no YAML map.")];
  } catch (error) {
    return [fault(where, `is no YAML: ${error instanceof Error ? (error.message.split("\n", 1)[0] ?? "") : ""}`)];
  }
}
