import { hash } from "node:crypto";
import { groupOf } from "@/domain/inventory/schema";
import { type Control, SCORE_GROUPS, type Severity } from "@/domain/posture/schema";
import { made, plain, quoted, startLine, withItems } from "./report";
import { SarifPlaces } from "./sarif-places";
import type { Problem } from "./sources";
import type { Result, Tally } from "./tally";

/** GitHub sorts by the number, others by the level. */
const LEVEL: Readonly<Record<Severity, "error" | "warning" | "note">> = {
  critical: "error",
  high: "error",
  medium: "warning",
  low: "note",
};
const SECURITY_SEVERITY: Readonly<Record<Severity, string>> = {
  critical: "9.5",
  high: "8.0",
  medium: "5.5",
  low: "2.0",
};
/** What SARIF calls our outcomes; `open` is "not enough is known to decide". */
const KIND = { unhealthy: "fail", not_evaluated: "open", healthy: "pass", not_applicable: "notApplicable" } as const;

/**
 * SARIF 2.1.0: one result for each piece of evidence. What was not evaluated is a notification, so that code scanning makes no
 * alert of it; with `--all` it is a result of kind `open`. What could not be read is a notification of level error.
 */
export function* sarifReport(tally: Tally): Generator<string> {
  const { controls } = tally.asked;
  const ruleIndex = new Map(controls.map(({ id }, index) => [id, index]));
  const places = new SarifPlaces();
  const writer = new ResultWriter(ruleIndex, places);
  const log = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "Seawall", rules: controls.map(ruleOf) } },
        automationDetails: { id: "seawall/" },
        columnKind: "utf16CodeUnits",
        invocations: [
          {
            executionSuccessful: tally.problems.length === 0,
            toolExecutionNotifications: [
              ...tally.problems.map((problem) => unreadable(problem, places)),
              ...unknowns(tally.results, ruleIndex),
            ],
          },
        ],
        results: [],
      },
    ],
  };
  const shown = tally.results.filter(({ outcome }) => outcome !== "not_evaluated" || tally.asked.all);
  yield* withItems(log, 8, shown, (result) => writer.write(result));
}

function ruleOf(control: Control) {
  const { id, name, title, rationale, severity, remediation, references, scoreGroup } = control;
  const steps = typeof remediation.steps === "string" ? { default: remediation.steps } : remediation.steps;
  const fix = Object.entries(steps).map(([cloud, text]): [string, string] => [
    cloud === "default" ? "" : `${cloud.toUpperCase()}: `,
    (text ?? "").trim(),
  ]);
  const help = [
    rationale.trim(),
    ...fix.map(([cloud, text]) => `${cloud}${text}`),
    `Impact: ${remediation.impact.trim()}`,
  ];
  const patch = remediation.patch === undefined ? [] : [`\`\`\`yaml\n${remediation.patch.trimEnd()}\n\`\`\``];
  const links = references.map((url) => `<${url}>`);
  return {
    id,
    name: name.replace(/(^|-)([a-z0-9])/g, (_whole, _dash, letter: string) => letter.toUpperCase()),
    shortDescription: { text: title },
    fullDescription: { text: rationale.trim() },
    help: { text: help.join("\n\n"), markdown: [...help, ...patch, ...links].join("\n\n") },
    ...(references[0] === undefined ? {} : { helpUri: references[0] }),
    defaultConfiguration: { level: LEVEL[severity] },
    properties: {
      tags: ["security", "kubernetes", SCORE_GROUPS[scoreGroup].title.toLowerCase()],
      precision: "very-high",
      "security-severity": SECURITY_SEVERITY[severity],
    },
  };
}

/** Writes results as JSON: one for each piece of evidence. What many of them say alike is written once. */
class ResultWriter {
  readonly #prints = new Fingerprints();
  readonly #heads = new Map<string, string>();
  #file = "";
  #artifact = "";

  constructor(
    private readonly ruleIndex: ReadonlyMap<string, number>,
    private readonly places: SarifPlaces,
  ) {}

  write(result: Result): string[] {
    const { control, outcome, resource, source } = result;
    const evidence =
      result.evidence.length > 0 ? result.evidence : [{ path: "", message: `${control.title}: ${KIND[outcome]}.` }];
    const head = this.#headOf(result);
    const artifact = this.#artifactOf(source.file);
    const name = [resource.kind, resource.namespace, resource.name].filter((part) => part !== "").join("/");
    return evidence.map(({ path: at, message }) => {
      const line = at === "" || at.startsWith("facts.") ? startLine(result) : result.lineOf(at);
      const logical = plain(at === "" ? name : `${name}#${at}`);
      const rest = `"message":{"text":${quoted(said(message))}},"locations":[{"physicalLocation":{${artifact},"region":{"startLine":${line}}},"logicalLocations":[{"fullyQualifiedName":${quoted(logical)},"kind":"resource"}]}]`;
      return `{${head},${rest},"partialFingerprints":{"seawallFinding/v1":"${this.#prints.of(result, at)}"}}`;
    });
  }

  #headOf({ control, outcome }: Result): string {
    return made(this.#heads, `${outcome} ${control.id}`, () => {
      const level = outcome === "unhealthy" ? LEVEL[control.severity] : "none";
      const head = { ruleId: control.id, ruleIndex: this.ruleIndex.get(control.id) ?? -1, kind: KIND[outcome], level };
      return JSON.stringify(head).slice(1, -1);
    });
  }

  /** Results of one file stand together. */
  #artifactOf(file: string): string {
    if (this.#artifact === "" || this.#file !== file)
      this.#artifact = `"artifactLocation":${JSON.stringify(this.places.of(file))}`;
    this.#file = file;
    return this.#artifact;
  }
}

function unreadable({ file, line, message }: Problem, places: SarifPlaces) {
  return {
    level: "error",
    message: { text: said(message) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: places.of(file),
          ...(line === undefined ? {} : { region: { startLine: line } }),
        },
      },
    ],
  };
}

/** One notification for each control and reason, with how many resources it left undecided. */
function unknowns(results: readonly Result[], ruleIndex: ReadonlyMap<string, number>) {
  const counts = new Map<string, { control: Control; message: string; count: number }>();
  for (const { control, outcome, evidence } of results) {
    if (outcome !== "not_evaluated") continue;
    const message = evidence[0]?.message ?? "";
    const key = `${control.id} ${message}`;
    const known = counts.get(key) ?? { control, message, count: 0 };
    known.count += 1;
    counts.set(key, known);
  }
  return [...counts.values()].map(({ control, message, count }) => ({
    level: "note",
    message: { text: said(`${control.title}: not evaluated for ${count}. ${message}`) },
    associatedRule: { id: control.id, index: ruleIndex.get(control.id) ?? -1 },
  }));
}

/** Harmless in a viewer: no control characters, and no text of a stranger's becomes a link. */
const said = (message: string): string => plain(message).replaceAll("](", "] (");

/** Half of the hash. Written at once: through a buffer it takes three times as long, of a hundred thousand findings. */
const printOf = (who: string, nth: number): string => hash("sha256", `${who}#${nth}`).slice(0, 32);

/** Who a finding is, whatever its line: equal ones of one file are told apart by their order. */
class Fingerprints {
  readonly #seen = new Map<number, number>();

  #last: Result["resource"] | null = null;
  #resource = "";

  of({ control, resource, source }: Result, at: string): string {
    // Results of one object stand together, and all of it but the control and the path is written once.
    if (resource !== this.#last) {
      const { apiVersion, kind, namespace, name } = resource;
      this.#resource = [source.file, groupOf(apiVersion), kind, namespace, name].map(quoted).join(",");
      this.#last = resource;
    }
    const who = `["${control.id}",${this.#resource},${quoted(at)}]`;
    const first = printOf(who, 1);
    // Of a hundred thousand findings 52 bits take a tenth of the room that texts do. Two that share them are told apart needlessly, no more.
    const key = Number.parseInt(first.slice(0, 13), 16);
    const nth = (this.#seen.get(key) ?? 0) + 1;
    this.#seen.set(key, nth);
    return nth === 1 ? first : printOf(who, nth);
  }
}
