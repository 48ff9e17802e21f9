import type { Case } from "./cases";
import type { Shape } from "./shape";

export interface Verdict {
  readonly passed: boolean;
  /** What was given instead; empty when it passed. */
  readonly given: string;
}

/** Whether an engine does what a case expects. A case that only a type checker can decide is missed by all that have none. */
export function judge(one: Case, run: (one: Case) => Shape): Verdict {
  if (one.expected === "static") return { passed: false, given: "no static type checker" };
  try {
    const given = JSON.stringify(run(one));
    if (one.expected === "error") return { passed: false, given };
    return { passed: given === JSON.stringify(one.expected), given };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { passed: one.expected === "error", given: `error: ${message.split("\n", 1)[0]}` };
  }
}
