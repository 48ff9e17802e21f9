import type { Readable } from "node:stream";
import { loadControls } from "@/domain/posture/load";
import { auditVerify } from "./audit";
import { check } from "./check";
import { listControls, showControl } from "./control-command";
import { exitCodeOf, jsonReport, plain, textReport } from "./report";
import { type Command, HELP, parseCommand, UsageError } from "./usage";

/** Where the command reads and writes; the process's own streams unless a test gives others. */
export interface Terminal {
  stdin: Readable;
  out: (text: string) => void;
  err: (text: string) => void;
}
const processTerminal: Terminal = {
  stdin: process.stdin,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
};

/** Runs the command line and gives its exit code: 0 clean, 1 findings, 2 unreadable input or wrong use. */
export async function main(args: readonly string[], terminal: Terminal = processTerminal): Promise<number> {
  try {
    return await run(parseCommand(args), terminal);
  } catch (error) {
    if (error instanceof UsageError) terminal.err(`seawall: ${plain(error.message)}\nSee seawall --help.\n`);
    else terminal.err(`seawall: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return 2;
  }
}

async function run(command: Command, { stdin, out, err }: Terminal): Promise<number> {
  switch (command.command) {
    case "help":
      out(HELP);
      return 0;
    case "control list":
      out(listControls(loadControls()));
      return 0;
    case "control show": {
      const shown = showControl(loadControls(), command.name);
      if (shown === null) throw new UsageError(`There is no control "${command.name}".`);
      out(shown);
      return 0;
    }
    case "check": {
      const checked = await check(command.paths, stdin, loadControls());
      for (const { file, line, message } of checked.problems) {
        err(`seawall: ${plain(`${file}${line === undefined ? "" : `:${line}`}: ${message}`)}\n`);
      }
      for (const line of new Set(checked.passedOver)) err(`seawall: ${plain(line)}\n`);
      out(command.format === "json" ? jsonReport(checked, command.all) : textReport(checked, command.all));
      return exitCodeOf(checked, command.failOn, command.failOnUnknown);
    }
    case "audit verify": {
      const { text, code } = await auditVerify(command.expect, command.format);
      out(text);
      return code;
    }
  }
}
