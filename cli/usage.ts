import { parseArgs } from "node:util";
import { DISTRIBUTIONS, type Distribution } from "@/domain/inventory/schema";
import { SEVERITIES, type Severity } from "@/domain/posture/schema";
import { nearest, suggestion } from "@/lib/nearest";
import { UsageError } from "./usage-error";
import { refuseTwice, wrongOption } from "./wrong-option";

export const FORMATS = ["text", "json", "sarif", "junit"] as const;
export type Format = (typeof FORMATS)[number];

/** What both checks are told: which controls judge, with which parameters, what fails, how it is printed. */
export interface Checking {
  benchmark: string | undefined;
  controls: string[] | undefined;
  distribution: Distribution | undefined;
  /** The release of Kubernetes that manifests are for: `1.34`. */
  version: string | undefined;
  params: string | undefined;
  all: boolean;
  failOn: Severity;
  failOnUnknown: boolean;
  format: Format;
}

export type Command =
  | { command: "help" }
  | { command: "version" }
  | { command: "check"; paths: string[]; checking: Checking }
  | { command: "check-cluster"; file: string; distribution: Distribution; checking: Checking }
  | { command: "control list" }
  | { command: "control show"; name: string }
  | { command: "control test"; wanted: string | undefined }
  | { command: "access recover"; email: string; factor: "keep" | "off" }
  | { command: "audit verify"; expect: { seq: bigint; hash: Buffer } | undefined; format: "text" | "json" };

const CHECK_OPTIONS = [
  "benchmark",
  "controls",
  "distribution",
  "params",
  "all",
  "fail-on",
  "fail-on-unknown",
  "format",
] as const;

/** Options that each command takes. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  check: [...CHECK_OPTIONS, "kubernetes-version"],
  "check-cluster": CHECK_OPTIONS,
  "control list": [],
  "control show": [],
  "control test": [],
  "access recover": ["second-factor-off"],
  "audit verify": ["expect", "format"],
};

/** All of them; `compliance export` takes options of its own. */
const COMMANDS = [...Object.keys(OPTIONS), "compliance export"];

/** Parses the arguments after `seawall`. Throws UsageError. */
export function parseCommand(args: readonly string[]): Command {
  const { values, positionals, tokens } = parse(args);
  const [word, verb] = positionals;
  if (values.help === true || word === "help") return { command: "help" };
  if (values.version === true || word === "version") return { command: "version" };
  refuseTwice(tokens, ALL_OPTIONS);
  if (word === undefined) throw new UsageError(`A command is missing: one of ${COMMANDS.join(", ")}.`);
  const name = Object.hasOwn(OPTIONS, word) ? word : `${word} ${verb ?? ""}`.trim();
  const own = OPTIONS[name];
  if (own === undefined) throw new UsageError(`There is no command "${name}".${meant(name, word)}`);
  for (const option of Object.keys(values)) {
    if (own.includes(option)) continue;
    const others = Object.keys(OPTIONS).filter((other) => OPTIONS[other]?.includes(option) === true);
    throw new UsageError(`--${option} belongs to seawall ${others.join(" and ")}.`);
  }
  const rest = positionals.slice(name.split(" ").length);
  const [first, ...more] = rest;
  switch (name) {
    case "check":
      if (rest.length === 0) throw new UsageError("seawall check needs at least one PATH, or - for standard input.");
      return { command: "check", paths: rest, checking: checkingOf(values) };
    case "check-cluster":
      return checkClusterOf(rest, checkingOf(values));
    case "access recover":
      if (first === undefined || more.length > 0) throw new UsageError("seawall access recover needs one EMAIL.");
      return {
        command: name,
        email: first.toLowerCase(),
        factor: values["second-factor-off"] === true ? "off" : "keep",
      };
    case "audit verify":
      if (first !== undefined) throw new UsageError(`seawall audit verify takes no "${first}".`);
      return auditOf(values);
    case "control list":
      if (first !== undefined) throw new UsageError(`seawall control list takes no "${first}".`);
      return { command: "control list" };
    case "control show":
      if (first === undefined || more.length > 0) throw new UsageError("seawall control show needs one ID or NAME.");
      return { command: "control show", name: first };
    default:
      if (more.length > 0) throw new UsageError("seawall control test takes one ID, NAME or FILE, or none for all.");
      return { command: "control test", wanted: first };
  }
}

/** What may have been meant by a command that there is none of: one that is written alike, or those that begin with its first word. */
function meant(name: string, word: string): string {
  const near = nearest(name, COMMANDS);
  if (near !== null) return ` Did you mean seawall ${near}?`;
  const head = nearest(
    word,
    COMMANDS.map((one) => one.split(" ", 1)[0] ?? one),
  );
  const under = COMMANDS.filter((one) => one.split(" ", 1)[0] === head);
  return under.length === 0 ? "" : ` Did you mean ${under.map((one) => `seawall ${one}`).join(" or ")}?`;
}

type Values = ReturnType<typeof parse>["values"];

const ALL_OPTIONS = {
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
  benchmark: { type: "string" },
  controls: { type: "string" },
  distribution: { type: "string" },
  "kubernetes-version": { type: "string" },
  params: { type: "string" },
  all: { type: "boolean" },
  "fail-on": { type: "string" },
  "fail-on-unknown": { type: "boolean" },
  format: { type: "string" },
  expect: { type: "string" },
  "second-factor-off": { type: "boolean" },
} as const;

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, tokens: true, options: ALL_OPTIONS });
  } catch (error) {
    throw wrongOption(error, ALL_OPTIONS);
  }
}

/** One of the words an option takes. */
function oneOf<T extends string>(option: string, words: readonly T[], given: string): T {
  const found = words.find((word) => word === given);
  if (found === undefined)
    throw new UsageError(`--${option} is one of ${words.join(", ")}, not "${given}".${suggestion(given, words)}`);
  return found;
}

function checkingOf(values: Values): Checking {
  const names = values.controls?.split(",").map((name) => name.trim());
  if (names?.some((name) => name === "") === true)
    throw new UsageError(
      "--controls is a list of ids or names with commas between them: --controls SW-0001,host-port.",
    );
  const { distribution } = values;
  // Who names a benchmark asks whether it is met, and a requirement is broken by a breach of any severity.
  const failOn = values["fail-on"] ?? (values.benchmark === undefined ? "medium" : "low");
  return {
    benchmark: values.benchmark,
    controls: names,
    distribution: distribution === undefined ? undefined : oneOf("distribution", DISTRIBUTIONS, distribution),
    version: releaseOf(values["kubernetes-version"]),
    params: values.params,
    all: values.all === true,
    failOn: oneOf("fail-on", SEVERITIES, failOn),
    failOnUnknown: values["fail-on-unknown"] === true,
    format: oneOf("format", FORMATS, values.format ?? "text"),
  };
}

function releaseOf(given: string | undefined): string | undefined {
  if (given !== undefined && !/^v?1\.(0|[1-9]\d{0,2})(\.\d+([-+].*)?)?$/.test(given))
    throw new UsageError(`--kubernetes-version is a release as Kubernetes writes it, 1.34 or v1.34.2, not "${given}".`);
  return given;
}

function checkClusterOf([file, ...more]: string[], checking: Checking): Command {
  const { distribution } = checking;
  if (distribution === undefined)
    throw new UsageError(`seawall check-cluster needs --distribution: one of ${DISTRIBUTIONS.join(", ")}.`);
  if (file === undefined || more.length > 0)
    throw new UsageError("seawall check-cluster needs one FILE, or - for standard input.");
  return { command: "check-cluster", file, distribution, checking };
}

function auditOf(values: Values): Command {
  const noted = /^(0|[1-9]\d{0,17}):([0-9a-f]{64})$/.exec(values.expect ?? "");
  if (values.expect !== undefined && noted === null) throw new UsageError("--expect is SEQ:HASH, as verify prints it.");
  const expect = noted === null ? undefined : { seq: BigInt(noted[1] ?? ""), hash: Buffer.from(noted[2] ?? "", "hex") };
  return {
    command: "audit verify",
    expect,
    format: oneOf("format", ["text", "json"] as const, values.format ?? "text"),
  };
}
