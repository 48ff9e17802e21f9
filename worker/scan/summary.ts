import { CONTROL_PLANE_KINDS, isManagedVersion } from "@/domain/inventory/control-plane";
import { CONFIG_MAPS, LISTED_KINDS } from "@/domain/inventory/schema";
import { addLift, type ControlStamp, cellsOf, countCell, scoredOf } from "@/domain/posture/cell";
import { addCoverage, addUnknownKind, type Coverage } from "@/domain/posture/coverage";
import { type Movements, type ResourceChange, replay } from "@/domain/posture/ledger";
import { countSoleFailures, type Sole } from "@/domain/posture/recommendation/sole";
import type { Control } from "@/domain/posture/schema";
import { addStates, groupStates, type Totals } from "@/domain/posture/score";
import type { ControlCounts } from "@/domain/posture/store";
import { type Exempted, failingOf } from "./exempt";
import { appliesToOf } from "./judge";
import { KUBELET_KIND } from "./part";
import type { Decision, PlanInput } from "./plan";
import type { Transitions } from "./transition";

export interface Summary {
  totals: Totals;
  /** What exemptions add to the totals. */
  lift: Totals;
  coverage: Coverage;
  counts: ControlCounts[];
  movements: Movements;
  workloads: number;
  nodes: number;
  /** Resources by the only control that keeps them unhealthy in its group. */
  sole: Map<string, Sole>;
}

/** Controls that would have applied to kinds which could not be listed and of which nothing is known. */
function unknownControls(input: PlanInput, decisions: ReadonlyMap<string, Decision>, distribution: string): Control[] {
  const known = new Set<string>();
  for (const { key, after } of decisions.values()) if (after) known.add(key.kind);
  const missing = LISTED_KINDS.filter(({ kind }) => !input.collected.complete.has(kind) && !known.has(kind));
  const words = new Set<string | null>(missing.map(({ kind }) => appliesToOf(kind)));
  // A control plane of one's own whose processes were not seen runs as something else than static pods, or could not be looked at.
  const ownControlPlane = distribution === "arc" && !isManagedVersion(input.collected.version ?? "");
  if (ownControlPlane && !CONTROL_PLANE_KINDS.some((kind) => known.has(kind)))
    for (const kind of CONTROL_PLANE_KINDS) words.add(appliesToOf(kind));
  // Once for the cluster, not for each node: see docs/decisions/0012-configz.md.
  if (!known.has(KUBELET_KIND) && known.has("Node")) words.add(KUBELET_KIND);
  // The same of ConfigMaps: docs/decisions/0016-config-maps.md.
  if (!known.has(CONFIG_MAPS.kind) && !input.collected.complete.has(CONFIG_MAPS.kind)) words.add(CONFIG_MAPS.kind);
  if (input.managed === null && !known.has("ManagedCluster")) words.add("ManagedCluster");
  return input.controls.filter(
    ({ appliesTo }) =>
      appliesTo.resources.some((word) => words.has(word)) &&
      (appliesTo.distributions?.some((name) => name === distribution) ?? true),
  );
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
      addCoverage(coverage, cells, after);
      for (const [controlId, cell] of cells) countCell(counts, controlId, cell);
      if (exemptAfter !== undefined) addLift(lift, cells, after);
    }
    if (was === is && !recount && exemptBefore === undefined && exemptAfter === undefined) continue;
    changes.push({ before: was && cellsOf(was, transitions.openBefore.get(id), exemptBefore), after: cells });
  }
  addUnknownKind(coverage, unknownControls(input, decisions, input.distribution));
  return {
    totals,
    lift,
    coverage,
    counts: [...counts.values()].sort((a, b) => (a.controlId < b.controlId ? -1 : 1)),
    movements: replay(changes, { before, after, changed }),
    workloads,
    nodes,
    sole: countSoleFailures(failingOf(transitions.openAfter, exempted.after, decisions), after),
  };
}
