import { existsSync } from "node:fs";
import { EXAMPLE_LISTS, exampleFault } from "@/domain/posture/example";
import { ControlFileError, inspectControls, readControlFile } from "@/domain/posture/load";
import type { Control } from "@/domain/posture/schema";
import { plain } from "./report";
import { controlNamed } from "./selection";
import { UsageError } from "./usage-error";

/** `seawall control test`: runs the examples of a control, of a control file, or of all. 0 when all hold, otherwise 1. */
export function testControls(wanted: string | undefined): { text: string; code: 0 | 1 } {
  const { controls, faults } = wanted === undefined ? inspectControls() : one(wanted);
  const lines = faults.flatMap((fault) => fault.message.split("\n"));
  let examples = 0;
  for (const control of controls) {
    for (const list of EXAMPLE_LISTS) {
      for (const [index, example] of control.examples[list].entries()) {
        examples += 1;
        const fault = exampleFault(control, list, example);
        if (fault !== null) lines.push(`${control.id} ${control.name}, ${list}[${index}] "${example.name}": ${fault}`);
      }
    }
  }
  const failed = lines.length;
  const sum = `${controls.length} ${controls.length === 1 ? "control" : "controls"}, ${examples} examples: ${failed === 0 ? "all hold" : `${failed} wrong`}.`;
  return { text: `${[...lines.map(plain), sum].join("\n")}\n`, code: failed === 0 ? 0 : 1 };
}

function one(wanted: string): { controls: readonly Control[]; faults: readonly ControlFileError[] } {
  const isFile = /[/\\.]/.test(wanted);
  if (isFile && !existsSync(wanted)) throw new UsageError(`${wanted} does not exist.`);
  if (!isFile) {
    const { controls } = inspectControls();
    return { controls: [controlNamed(controls, wanted)], faults: [] };
  }
  try {
    return { controls: [readControlFile(wanted)], faults: [] };
  } catch (error) {
    if (!(error instanceof ControlFileError)) throw error;
    return { controls: [], faults: [error] };
  }
}
