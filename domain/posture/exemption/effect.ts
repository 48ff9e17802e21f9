import { cellsOf, countCell } from "../cell";
import { LEDGER_STEPS, type Movements, type ResourceChange, replay } from "../ledger";
import { addSole, countSoleFailures, type Failing, type Sole } from "../recommendation/sole";
import { type Exemption, type ScoredControl, sumTotals } from "../score";
import type { ControlCounts } from "../store";

/** A resource whose open findings changed their exemption; all its open findings, by control. */
export interface ExemptResource {
  namespace: string;
  outcomes: Readonly<Record<string, string>>;
  open: ReadonlyMap<string, { before: Exemption | null; after: Exemption | null }>;
}
/** What a change of exemptions adds to a cluster's roll-ups, and why its groups moved. */
export interface ExemptionEffect {
  movements: Movements;
  counts: Map<string, ControlCounts>;
  sole: Map<string, Sole>;
}

type When = "before" | "after";
const exemptAt = ({ open }: ExemptResource, when: When) =>
  new Map([...open].flatMap(([id, at]) => (at[when] === null ? [] : [[id, { type: at[when] }] as const])));
const failingAt = ({ open, namespace }: ExemptResource, when: When): Failing => ({
  open: new Set([...open].flatMap(([id, at]) => (at[when] === null ? [id] : []))),
  namespace,
});

/** The exact difference that exemptions make to these resources: what counting the whole cluster again would find. Pure. */
export function exemptionEffect(
  resources: readonly ExemptResource[],
  controls: ReadonlyMap<string, ScoredControl>,
): ExemptionEffect {
  const counts = new Map<string, ControlCounts>();
  const changes: ResourceChange[] = resources.map((resource) => ({
    before: cellsOf(resource.outcomes, resource.open, exemptAt(resource, "before")),
    after: cellsOf(resource.outcomes, resource.open, exemptAt(resource, "after")),
  }));
  for (const { before, after } of changes) {
    for (const [id, cell] of before ?? []) countCell(counts, id, cell, -1);
    for (const [id, cell] of after ?? []) countCell(counts, id, cell);
  }
  const sole = countSoleFailures(
    resources.map((resource) => failingAt(resource, "after")),
    controls,
  );
  const was = countSoleFailures(
    resources.map((resource) => failingAt(resource, "before")),
    controls,
  );
  for (const [id, each] of was) addSole(sole, id, each, -1);
  const movements = replay(changes, { before: controls, after: controls, changed: new Set() });
  return { movements, counts, sole };
}

/** Movements of several clusters of one account, added up. */
export function sumMovements(some: readonly Movements[]): Movements {
  return Object.fromEntries(
    LEDGER_STEPS.map((step) => [
      step,
      {
        totals: sumTotals(some.map((one) => one[step].totals)),
        resources: some.reduce((sum, one) => sum + one[step].resources, 0),
        lost: some.reduce((sum, one) => sum + one[step].lost, 0),
      },
    ]),
  ) as Movements;
}
