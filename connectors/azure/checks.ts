import type { ConnectionCheck } from "@/connectors/connector";
import { toConnectorError } from "./error";

/** One step of a connection test: its name, and what it does, giving the message of a success. */
export interface Step {
  name: string;
  about?: "cluster";
  run(): Promise<string | null>;
}

/** Runs steps in order. After a failure the rest is not tested; a step that gives null had nothing to test. Never rejects. */
export async function runSteps(steps: readonly Step[]): Promise<ConnectionCheck[]> {
  const checks: ConnectionCheck[] = [];
  let failed = false;
  for (const { name, about, run } of steps) {
    const of = about === undefined ? {} : { about };
    if (failed) {
      checks.push({ name, outcome: "not_tested", message: "An earlier step failed.", ...of });
      continue;
    }
    try {
      const message = await run();
      checks.push({
        name,
        outcome: message === null ? "not_tested" : "ok",
        message: message ?? "There is no cluster to try it on.",
        ...of,
      });
    } catch (error) {
      failed = true;
      checks.push({ name, outcome: "failed", message: toConnectorError(error, { what: name }).message, ...of });
    }
  }
  return checks;
}
