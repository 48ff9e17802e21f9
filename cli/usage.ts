import { parseArgs } from "node:util";
import { SEVERITIES, type Severity } from "@/domain/posture/schema";

export const HELP = `seawall: posture of Kubernetes manifests

  seawall check PATH… [--all] [--fail-on SEVERITY] [--fail-on-unknown] [--format text|json]
      Judges manifests and dumps: YAML and JSON files, folders, or - for standard input.
        --all       show healthy and not applicable results too
        --fail-on   lowest severity that makes the command fail: ${SEVERITIES.join(", ")} (default medium)
        --fail-on-unknown
                    fail too when something could not be judged
        --format    text (default) or json
  seawall control list
  seawall control show ID|NAME
  seawall audit verify [--expect SEQ:HASH] [--format text|json]
      Verifies the hash chain of the product's audit log and names the first broken entry. Reads the database of
      DATABASE_URL, or that of a running Seawall in SEAWALL_DATA_DIR.
        --expect    the head of the chain as noted before: it must still be part of it
  seawall --help

Exit code: 0 nothing found, 1 findings at or above --fail-on (or unknown ones) or a broken audit log, 2 something was unreadable or the command was wrong.
`;

/** The command line is wrong; the message says how. */
export class UsageError extends Error {
  override name = "UsageError";
}

export type Command =
  | { command: "help" }
  | {
      command: "check";
      paths: string[];
      all: boolean;
      failOn: Severity;
      failOnUnknown: boolean;
      format: "text" | "json";
    }
  | { command: "control list" }
  | { command: "control show"; name: string }
  | { command: "audit verify"; expect: { seq: bigint; hash: Buffer } | undefined; format: "text" | "json" };

/** Parses the arguments after `seawall`. Throws UsageError. */
export function parseCommand(args: readonly string[]): Command {
  const { values, positionals } = parse(args);
  if (values.help === true) return { command: "help" };
  const [word, ...rest] = positionals;
  if (word === undefined) throw new UsageError("A command is missing.");
  if (word === "check") return checkOf(rest, values);
  if (values["fail-on-unknown"] !== undefined) throw new UsageError("--fail-on-unknown belongs to seawall check.");
  if (word === "audit") return auditOf(rest, values);
  if (values.expect !== undefined) throw new UsageError("--expect belongs to seawall audit verify.");
  if (values.all !== undefined || values["fail-on"] !== undefined || values.format !== undefined) {
    throw new UsageError("--all, --fail-on and --format belong to seawall check.");
  }
  const [verb, name, ...more] = rest;
  if (word === "control" && verb === "list" && name === undefined) return { command: "control list" };
  if (word === "control" && verb === "show" && name !== undefined && more.length === 0) {
    return { command: "control show", name };
  }
  throw new UsageError(`There is no command "${positionals.slice(0, 2).join(" ")}" with these arguments.`);
}

type Values = ReturnType<typeof parse>["values"];

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: "boolean", short: "h" },
        all: { type: "boolean" },
        "fail-on": { type: "string" },
        "fail-on-unknown": { type: "boolean" },
        format: { type: "string" },
        expect: { type: "string" },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function formatOf(values: Values): "text" | "json" {
  const format = values.format ?? "text";
  if (format !== "text" && format !== "json") throw new UsageError(`--format is text or json, not "${format}".`);
  return format;
}

function auditOf([verb, ...more]: string[], values: Values): Command {
  if (verb !== "verify" || more.length > 0) throw new UsageError("The command is seawall audit verify.");
  if (values.all !== undefined || values["fail-on"] !== undefined)
    throw new UsageError("--all and --fail-on belong to seawall check.");
  const noted = /^(0|[1-9]\d{0,17}):([0-9a-f]{64})$/.exec(values.expect ?? "");
  if (values.expect !== undefined && noted === null) throw new UsageError("--expect is SEQ:HASH, as verify prints it.");
  const expect = noted === null ? undefined : { seq: BigInt(noted[1] ?? ""), hash: Buffer.from(noted[2] ?? "", "hex") };
  return { command: "audit verify", expect, format: formatOf(values) };
}

function checkOf(paths: string[], values: Values): Command {
  if (paths.length === 0) throw new UsageError("seawall check needs at least one PATH, or - for standard input.");
  const wanted = values["fail-on"] ?? "medium";
  const failOn = SEVERITIES.find((severity) => severity === wanted);
  if (failOn === undefined) throw new UsageError(`--fail-on is one of ${SEVERITIES.join(", ")}, not "${wanted}".`);
  return {
    command: "check",
    paths,
    all: values.all === true,
    failOn,
    failOnUnknown: values["fail-on-unknown"] === true,
    format: formatOf(values),
  };
}
