import { CONTROL_PLANE_KINDS, isManagedVersion } from "@/domain/inventory/control-plane";
import { addMissing, type Missing, type MissingCause } from "@/domain/inventory/missing";
import { CONFIG_MAPS, LISTED_KINDS } from "@/domain/inventory/schema";
import { addLift, type ControlStamp, cellsOf, countCell, scoredOf } from "@/domain/posture/cell";
import { addCoverage, addUnknownKind, type Coverage } from "@/domain/posture/coverage";
import { type Movements, type ResourceChange, replay } from "@/domain/posture/ledger";
import { countSoleFailures, type Sole } from "@/domain/posture/recommendation/sole";
import type { Control } from "@/domain/posture/schema";
import { addStates, type Cell, groupStates, type Totals } from "@/domain/posture/score";
import type { ControlCounts } from "@/domain/posture/store";
import { type Exempted, failingOf } from "./exempt";
import { appliesToOf } from "./judge";
import { causeOf, unknownCause } from "./missing";
import { KUBELET_KIND } from "./part";
import { type Decision, MANAGED_KIND, type PlanInput } from "./plan";
import type { Transitions } from "./transition";

export interface Summary {
  totals: Totals;
  /** What exemptions add to the totals. */
  lift: Totals;
  coverage: Coverage;
  missing: Missing;
  counts: ControlCounts[];
  movements: Movements;
  workloads: number;
  nodes: number;
  /** Resources by the only control that keeps them unhealthy in its group. */
  sole: Map<string, Sole>;
}

const UNSEEN: Cell = { outcome: "e:not_listed", open: false };

/** Controls that would have applied to kinds which could not be listed and of which nothing is known, and why that is so. */
function unknownControls(
  input: PlanInput,
  decisions: ReadonlyMap<string, Decision>,
  distribution: string,
): [Control, MissingCause][] {
  const known = new Set<string>();
  for (const { key, after } of decisions.values()) if (after) known.add(key.kind);
  const missing = LISTED_KINDS.filter(({ kind }) => !input.collected.complete.has(kind) && !known.has(kind));
  const words = new Map<string, MissingCause>();
  const add = (kind: string): void => {
    words.set(appliesToOf(kind) ?? "", unknownCause(kind, input.collected));
  };
  for (const { kind } of missing) add(kind);
  // A control plane of one's own whose processes were not seen runs as something else than static pods, or could not be looked at.
  const ownControlPlane = distribution === "arc" && !isManagedVersion(input.collected.version ?? "");
  if (ownControlPlane && !CONTROL_PLANE_KINDS.some((kind) => known.has(kind))) CONTROL_PLANE_KINDS.forEach(add);
  // Once for the cluster, not for each node: see docs/decisions/0012-configz.md.
  if (!known.has(KUBELET_KIND) && known.has("Node")) add(KUBELET_KIND);
  // The same of ConfigMaps: docs/decisions/0016-config-maps.md.
  if (!known.has(CONFIG_MAPS.kind) && !input.collected.complete.has(CONFIG_MAPS.kind)) add(CONFIG_MAPS.kind);
  if (input.managed === null && !known.has(MANAGED_KIND)) add(MANAGED_KIND);
  return input.controls.flatMap((control): [Control, MissingCause][] => {
    const { resources, distributions } = control.appliesTo;
    const cause = resources.flatMap((word) => words.get(word) ?? [])[0];
    if (cause === undefined || distributions?.every((name) => name !== distribution)) return [];
    return [[control, cause]];
  });
}

/** Adds up a cluster after a scan, and why its groups moved. `previous` are the controls of the scan before. */
export function summarise(
  input: PlanInput & { distribution: string },
  decisions: ReadonlyMap<string, Decision>,
  transitions: Transitions,
  exempted: Exempted,
  previous: ControlStamp,
  current: ControlStamp,
): Summary {
  const after = scoredOf(current);
  const before = Object.keys(previous).length === 0 ? after : scoredOf(previous);
  const changed = new Set(
    Object.keys(current).filter((id) => previous[id] !== undefined && previous[id] !== current[id]),
  );
  const recount = changed.size > 0 || [...before.keys()].some((id) => !after.has(id));
  const totals: Totals = {};
  const lift: Totals = {};
  const coverage: Coverage = { expected: 0, evaluated: 0 };
  const missing: Missing = {};
  const controls = new Map(input.controls.map((control) => [control.id, control]));
  const counts = new Map<string, ControlCounts>();
  const changes: ResourceChange[] = [];
  let workloads = 0;
  let nodes = 0;
  for (const [id, decision] of decisions) {
    const was = decision.before?.outcomes ?? null;
    const is = decision.after?.outcomes ?? null;
    if (decision.after?.kind === "Node") nodes++;
    if (is === null && was === null) continue;
    const [exemptBefore, exemptAfter] = [exempted.before.get(id), exempted.after.get(id)];
    const cells = is && cellsOf(is, transitions.openAfter.get(id), exemptAfter);
    if (cells) {
      if (appliesToOf(decision.key.kind) === "Workload" || appliesToOf(decision.key.kind) === null) workloads++;
      addStates(totals, groupStates(cells, after));
      addCoverage(coverage, cells, after, (controlId, cell) =>
        addMissing(missing, causeOf(decision.key.kind, cell, controls.get(controlId))),
      );
      for (const [controlId, cell] of cells) countCell(counts, controlId, cell);
      if (exemptAfter !== undefined) addLift(lift, cells, after);
    }
    if (was === is && !recount && exemptBefore === undefined && exemptAfter === undefined) continue;
    changes.push({ before: was && cellsOf(was, transitions.openBefore.get(id), exemptBefore), after: cells });
  }
  const unknown = unknownControls(input, decisions, input.distribution);
  addUnknownKind(
    coverage,
    unknown.map(([control]) => control),
  );
  // What nobody could look at is one unit of its control's roll-up too, so that lists say what the coverage says: without it the control would seem not to apply.
  for (const [{ id, maturity }, cause] of unknown) {
    countCell(counts, id, UNSEEN);
    if (maturity === "stable") addMissing(missing, cause);
  }
  return {
    totals,
    lift,
    coverage,
    missing,
    counts: [...counts.values()].sort((a, b) => (a.controlId < b.controlId ? -1 : 1)),
    movements: replay(changes, { before, after, changed }),
    workloads,
    nodes,
    sole: countSoleFailures(failingOf(transitions.openAfter, exempted.after, decisions), after),
  };
}
