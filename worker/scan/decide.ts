import { setImmediate as immediate } from "node:timers/promises";
import type { PoolClient } from "pg";
import { writeResources } from "@/domain/inventory/store";
import type { ControlStamp } from "@/domain/posture/cell";
import type { ActiveExemption } from "@/domain/posture/exemption/match";
import type { OpenFinding } from "@/domain/posture/store";
import type { Baseline } from "./baseline";
import { type Exempted, exemptFindings } from "./exempt";
import { WORTH } from "./head-start";
import { ownersIn } from "./owner";
import { type Plan, type PlanInput, planScan } from "./plan";
import { type Summary, summarise } from "./summary";
import { type Transitions, transitionsOf } from "./transition";

/** All that a scan decides by. */
export interface Matter {
  planned: PlanInput;
  baseline: Baseline;
  cluster: { id: string; accountId: string };
  stamp: ControlStamp;
}
export interface Decided {
  plan: Plan;
  transitions: Transitions;
  exempted: Exempted;
  summary: Summary;
}

/**
 * Plans the scan and writes its resources meanwhile: on a first look the database is busy with pods, which nobody judges, for
 * as long as it takes to judge the rest. `locked`: what it has to wait for before it writes. Settles when no statement of it is under
 * way any more. Errors: those of the database, and of `locked`.
 */
export async function planAndWrite(
  tx: PoolClient,
  { planned, cluster }: Matter,
  locked: Promise<unknown>,
): Promise<Plan> {
  const steps = planScan(planned);
  let sending = locked;
  let given = 0;
  try {
    for (let step = steps.next(); ; step = steps.next()) {
      const { writes } = step.value;
      if (writes.length - given >= WORTH || step.done) {
        const some = writes.slice(given);
        given = writes.length;
        sending = sending.then(() => writeResources(tx, cluster.id, some, planned.now));
        sending.catch(() => undefined); // it is awaited below, whatever the next steps do
      }
      if (step.done) {
        await sending;
        return step.value;
      }
      await immediate();
    }
  } finally {
    await Promise.allSettled([sending]);
  }
}

/** What a plan means for findings, score and ledger, under the exemptions that hold. Pure. */
export function decide(
  plan: Plan,
  { planned, baseline, cluster, stamp }: Matter,
  active: readonly ActiveExemption[],
  findings: readonly OpenFinding[],
): Decided {
  const { collected, controls } = planned;
  const transitions = transitionsOf(plan.decisions, findings, controls, ownersIn(collected.sightings));
  const exempted = exemptFindings({ active, findings, cluster, controls, collected }, plan.decisions, transitions);
  const summary = summarise(planned, plan.decisions, transitions, exempted, baseline.controls, stamp);
  return { plan, transitions, exempted, summary };
}
