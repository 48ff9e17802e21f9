import { readFileSync } from "node:fs";
import type { Readable } from "node:stream";
import { z } from "zod";
import { loadControls } from "@/domain/posture/load";
import { accessRecover } from "./access";
import { auditVerify } from "./audit";
import { check } from "./check";
import { checkCluster } from "./check-cluster";
import { exportComplianceFile } from "./compliance";
import { listControls, showControl } from "./control-command";
import { testControls } from "./control-test";
import { HELP } from "./help";
import { readParams } from "./params-file";
import { exitCodeOf, type Format, plain } from "./report";
import { jsonFormat } from "./report-json";
import { junitFormat } from "./report-junit";
import { sarifFormat } from "./report-sarif";
import { COLOURED, PLAIN, textFormat } from "./report-text";
import { controlNamed, selectControls } from "./selection";
import { type Asked, Tally } from "./tally";
import { type Checking, type Command, parseCommand } from "./usage";
import { UsageError } from "./usage-error";

/** Where the command reads and writes; the process's own streams unless a test gives others. */
export interface Terminal {
  stdin: Readable;
  out: (text: string) => void;
  err: (text: string) => void;
  colour: boolean;
}
const processTerminal: Terminal = {
  stdin: process.stdin,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  // https://no-color.org: any value but the empty one.
  colour: process.stdout.isTTY === true && (process.env.NO_COLOR ?? "") === "" && process.env.TERM !== "dumb",
};

/** Runs the command line and gives its exit code: 0 clean, 1 findings, 2 unreadable input or wrong use. */
export async function main(args: readonly string[], terminal: Terminal = processTerminal): Promise<number> {
  try {
    if (args[0] === "compliance" && !args.includes("--help")) return exportComplianceFile(args.slice(1));
    return await run(parseCommand(args), terminal);
  } catch (error) {
    if (error instanceof UsageError) terminal.err(`seawall: ${plain(error.message)}\nSee seawall --help.\n`);
    else terminal.err(`seawall: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return 2;
  }
}

const packageSchema = z.object({ version: z.string() });
/** The version of the package that the command belongs to. */
function ownVersion(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return packageSchema.parse(JSON.parse(text)).version;
}

async function run(command: Command, terminal: Terminal): Promise<number> {
  const { stdin, out } = terminal;
  switch (command.command) {
    case "help":
      out(HELP);
      return 0;
    case "version":
      out(`seawall ${ownVersion()}\n`);
      return 0;
    case "control list":
      out(listControls(loadControls()));
      return 0;
    case "control show":
      out(showControl(controlNamed(loadControls(), command.name)));
      return 0;
    case "control test": {
      const { text, code } = testControls(command.wanted);
      out(text);
      return code;
    }
    case "check":
      return judged(command.checking, terminal, (tally) => check(command.paths, stdin, tally));
    case "check-cluster": {
      const { file, distribution, checking } = command;
      return judged(checking, terminal, (tally) => checkCluster(file, stdin, distribution, tally));
    }
    case "access recover":
      out(await accessRecover(command.email, command.factor));
      return 0;
    case "audit verify": {
      const { text, code } = await auditVerify(command.expect, command.format);
      out(text);
      return code;
    }
  }
}

/** What is to judge, with the tally that it fills. */
type Judging = <W>(tally: Tally<W>) => Promise<void>;

/** Judges, prints what was found in the format that was asked for, and gives the exit code. */
function judged(checking: Checking, terminal: Terminal, judge: Judging): Promise<number> {
  const told = <W>(format: Format<W>): Promise<number> => toldAs(format, checking, terminal, judge);
  switch (checking.format) {
    case "text":
      return told(textFormat(terminal.colour ? COLOURED : PLAIN));
    case "json":
      return told(jsonFormat());
    case "sarif":
      return told(sarifFormat(checking.all));
    case "junit":
      return told(junitFormat());
  }
}

async function toldAs<W>(
  { lines, write, report }: Format<W>,
  checking: Checking,
  { out, err }: Terminal,
  judge: Judging,
): Promise<number> {
  const { failOn, failOnUnknown } = checking;
  const tally = new Tally(askedOf(checking, lines), write);
  await judge(tally);
  for (const { file, line, message } of tally.problems) {
    err(`seawall: ${plain(`${file}${line === undefined ? "" : `:${line}`}: ${message}`)}\n`);
  }
  for (const line of new Set(tally.passedOver)) err(`seawall: ${plain(line)}\n`);
  for await (const piece of report(tally, failOn)) out(piece);
  return exitCodeOf(tally, failOn, failOnUnknown);
}

function askedOf({ benchmark, controls: named, distribution, version, params, all }: Checking, lines: boolean): Asked {
  const every = loadControls();
  return {
    controls: selectControls(every, benchmark, named, distribution),
    params: params === undefined ? new Map() : readParams(params, every),
    cluster: distribution === undefined ? {} : { distribution },
    version,
    all,
    lines,
  };
}
