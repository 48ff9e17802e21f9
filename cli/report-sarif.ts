import { type Control, type Outcome, SCORE_GROUPS, type Severity } from "@/domain/posture/schema";
import { type Format, made, plain, quotedPlain, withItems } from "./report";
import type { Kept, Result } from "./result";
import { FoundPrints, ObjectPrints } from "./sarif-fingerprints";
import { SarifPlaces } from "./sarif-places";
import type { Problem } from "./sources";
import type { Tally } from "./tally";

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
 * alert of it; with `all` it is a result of kind `open`. What could not be read is a notification of level error.
 */
export function sarifFormat(all: boolean): Format<Written> {
  const prints = new FoundPrints();
  const names = new Names();
  return {
    lines: true,
    write: (result) => (result.unknown === null || all ? writtenOf(result, prints, names) : NOTHING),
    report: sarifReport,
  };
}

function* sarifReport(tally: Tally<Written>): Generator<string> {
  const { controls } = tally.asked;
  const ruleIndex = new Map(controls.map(({ id }, index) => [id, index]));
  const places = new SarifPlaces();
  const ends = new Ends(ruleIndex, places);
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
  yield* withItems(log, 8, tally.results, (result) => ends.around(result));
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

/** A SARIF result for each piece of evidence, without what its object and its control tell of all of theirs. */
type Written = readonly string[];
const NOTHING: Written = [];

/** Names of objects. Results of one come one after the other. */
class Names {
  #last: Result["resource"] | null = null;
  #name = "";

  of(resource: Result["resource"]): string {
    if (resource !== this.#last) {
      this.#last = resource;
      this.#name = [resource.kind, resource.namespace, resource.name].filter((part) => part !== "").join("/");
    }
    return this.#name;
  }
}

/** The middle of SARIF results: from the second half of the fingerprint to the line. */
function writtenOf(result: Result, prints: FoundPrints, names: Names): Written {
  const { control, outcome, resource, startLine, lineOf } = result;
  const evidence =
    result.evidence.length > 0 ? result.evidence : [{ path: "", message: `${control.title}: ${KIND[outcome]}.` }];
  const name = names.of(resource);
  return evidence.map(({ path, message }) => {
    const isWhole = path === "" || path.startsWith("facts.");
    // Joined, it is one text, and not the ten that it was made of: a hundred thousand are kept.
    return [
      prints.of(result, path),
      `"},"message":{"text":`,
      quotedPlain(unlinked(message)),
      `},"locations":[{"logicalLocations":[{"fullyQualifiedName":`,
      quotedPlain(path === "" ? name : `${name}#${path}`),
      `,"kind":"resource"}],"physicalLocation":{"region":{"startLine":`,
      isWhole ? startLine : lineOf(path),
    ].join("");
  });
}

/** What stands around the middle of results. */
class Ends {
  readonly #prints = new ObjectPrints();
  readonly #heads: Readonly<Record<Outcome, Map<Control, string>>> = {
    unhealthy: new Map(),
    not_evaluated: new Map(),
    healthy: new Map(),
    not_applicable: new Map(),
  };
  #last: Kept<Written>["place"] | null = null;
  #print = "";
  #file = "";
  #artifact = "";

  constructor(
    private readonly ruleIndex: ReadonlyMap<string, number>,
    private readonly places: SarifPlaces,
  ) {}

  around({ control, outcome, place, written }: Kept<Written>): string[] {
    // Results of one object stand together, and so do those of one file.
    if (this.#last !== place) {
      const { resource, source } = place;
      if (this.#last === null || this.#file !== source.file)
        this.#artifact = JSON.stringify(this.places.of(source.file));
      this.#file = source.file;
      this.#print = this.#prints.next(this.#artifact, resource);
      this.#last = place;
    }
    const head = this.#headOf(control, outcome);
    return written.map((middle) => `${head}${this.#print}${middle}},"artifactLocation":${this.#artifact}}}]}`);
  }

  #headOf(control: Control, outcome: Outcome): string {
    return made(this.#heads[outcome], control, () => {
      const level = outcome === "unhealthy" ? LEVEL[control.severity] : "none";
      const head = { ruleId: control.id, ruleIndex: this.ruleIndex.get(control.id) ?? -1, kind: KIND[outcome], level };
      return `${JSON.stringify(head).slice(0, -1)},"partialFingerprints":{"seawallFinding/v1":"`;
    });
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
function unknowns(results: readonly Kept<Written>[], ruleIndex: ReadonlyMap<string, number>) {
  const counts = new Map<Control, Map<string, number>>();
  for (const { control, unknown } of results) {
    if (unknown === null) continue;
    const messages = counts.get(control) ?? new Map<string, number>();
    messages.set(unknown.message, (messages.get(unknown.message) ?? 0) + 1);
    counts.set(control, messages);
  }
  return [...counts].flatMap(([control, messages]) =>
    [...messages].map(([message, count]) => ({
      level: "note",
      message: { text: said(`${control.title}: not evaluated for ${count}. ${message}`) },
      associatedRule: { id: control.id, index: ruleIndex.get(control.id) ?? -1 },
    })),
  );
}

/** No text of a stranger's becomes a link in a viewer. */
const unlinked = (message: string): string => (message.includes("](") ? message.replaceAll("](", "] (") : message);
/** Harmless in a viewer: without control characters, too. */
const said = (message: string): string => unlinked(plain(message));
