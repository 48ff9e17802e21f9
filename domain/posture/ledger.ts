import { SCORE_GROUP_IDS, type ScoreGroup } from "./schema";
import {
  type AccountWeight,
  addStates,
  type Cell,
  type Cells,
  fleetScore,
  type GroupState,
  groupStates,
  POINTS,
  type Points,
  type ScoredControl,
  scoreOf,
  sumTotals,
  type Totals,
} from "./score";

/** Why a score moved, in the order in which a change is replayed. */
export const LEDGER_STEPS = [
  "gone",
  "appeared",
  "controls",
  "exemptions",
  "fixed",
  "broken",
  "coverage",
  "weights",
] as const;
export type LedgerStep = (typeof LEDGER_STEPS)[number];
/** `delta` in points; the deltas of a point sum to its change, where no score counts as 0. `resources`: how many moved a group. */
export interface LedgerEntry {
  step: LedgerStep;
  delta: number;
  resources: number;
  /** With `coverage`: how many of them were lost sight of; the others were seen again. Absent in points from before it was told apart. */
  lost?: number | undefined;
}

/** One resource before and after a scan; null when it did not exist or is gone. */
export interface ResourceChange {
  before: Cells | null;
  after: Cells | null;
}
/** Score-relevant controls before and after; `changed` are those whose expression or parameters are another version. */
export interface ControlChange {
  before: ReadonlyMap<string, ScoredControl>;
  after: ReadonlyMap<string, ScoredControl>;
  changed: ReadonlySet<string>;
}
export type Movements = Record<LedgerStep, { totals: Totals; resources: number; lost: number }>;

type States = Partial<Record<ScoreGroup, GroupState>>;

const noMovements = (): Movements =>
  Object.fromEntries(LEDGER_STEPS.map((step) => [step, { totals: {}, resources: 0, lost: 0 }])) as Movements;

/** Word of a cell that decides its step: an open finding that was not re-checked is still a failure. */
const word = (cell: Cell | undefined): "h" | "u" | "n" | "e" =>
  cell === undefined ? "n" : cell.outcome.startsWith("e") ? (cell.open ? "u" : "e") : (cell.outcome as "h" | "u" | "n");

function stepOf(before: Cell | undefined, after: Cell | undefined): LedgerStep | null {
  const [was, is] = [word(before), word(after)];
  if (was === is) return null;
  if (was === "e" || is === "e") return "coverage";
  if (is === "u") return "broken";
  if (was === "u" || is === "h") return "fixed";
  return "broken";
}

function move(movements: Movements, step: LedgerStep, from: States, to: States): void {
  if (SCORE_GROUP_IDS.every((id) => from[id] === to[id])) return;
  addStates(movements[step].totals, from, -1);
  addStates(movements[step].totals, to);
  movements[step].resources++;
  if (step === "coverage" && SCORE_GROUP_IDS.some((id) => to[id] === "out" && from[id] !== "out"))
    movements[step].lost++;
}

/** Replays the changes of resources in the fixed order; returns how each step moved the totals. */
export function replay(changes: Iterable<ResourceChange>, controls: ControlChange): Movements {
  const movements = noMovements();
  for (const { before, after } of changes) {
    if (before === null || after === null) {
      if (before !== null) move(movements, "gone", groupStates(before, controls.before), {});
      if (after !== null) move(movements, "appeared", {}, groupStates(after, controls.after));
      continue;
    }
    const working = new Map(before);
    let states = groupStates(working, controls.before);
    const settle = (step: LedgerStep) => {
      const next = groupStates(working, controls.after);
      move(movements, step, states, next);
      states = next;
    };
    const put = (id: string, cell: Cell | undefined, exemption: Cell["exemption"]) => {
      if (cell === undefined) working.delete(id);
      else working.set(id, { ...cell, exemption });
    };
    const ids = new Set([...before.keys(), ...after.keys()]);
    for (const id of ids) {
      if (controls.changed.has(id) || controls.before.has(id) !== controls.after.has(id)) {
        put(id, after.get(id), before.get(id)?.exemption);
      }
    }
    settle("controls");
    for (const [id, cell] of working) {
      // A finding that was resolved lost its exemption with it: that is no step of its own.
      if (cell.exemption !== undefined && cell.open && after.get(id)?.open !== true) continue;
      working.set(id, { ...cell, exemption: after.get(id)?.exemption });
    }
    settle("exemptions");
    for (const step of ["fixed", "broken", "coverage"] as const) {
      for (const id of ids) {
        const target = after.get(id);
        if (stepOf(working.get(id), target) === step) put(id, target, target?.exemption);
      }
      settle(step);
    }
    for (const id of ids) put(id, after.get(id), after.get(id)?.exemption);
    settle("coverage");
  }
  return movements;
}

/** The difference that the scanned resources do not explain (a cluster left or joined the scope), split by sign. */
function residual(before: Totals, movements: Movements, after: Totals): { minus: Totals; plus: Totals } {
  const explained = sumTotals([before, ...LEDGER_STEPS.map((step) => movements[step].totals)]);
  const minus: Totals = {};
  const plus: Totals = {};
  for (const id of SCORE_GROUP_IDS) {
    minus[id] = { healthy: 0, unhealthy: 0, out: 0 };
    plus[id] = { healthy: 0, unhealthy: 0, out: 0 };
    for (const state of ["healthy", "unhealthy", "out"] as const) {
      const gap = (after[id]?.[state] ?? 0) - (explained[id]?.[state] ?? 0);
      (gap < 0 ? minus : plus)[id] = {
        ...((gap < 0 ? minus : plus)[id] ?? { healthy: 0, unhealthy: 0, out: 0 }),
        [state]: gap,
      };
    }
  }
  return { minus, plus };
}

/** The totals after each step, the state before the first step first; the last ones are `after`. */
export function replayedTotals(before: Totals, movements: Movements, after: Totals): Totals[] {
  const { minus, plus } = residual(before, movements, after);
  const states = [before];
  let totals = before;
  for (const step of LEDGER_STEPS) {
    const extra = step === "gone" ? [minus] : step === "appeared" ? [plus] : [];
    totals = sumTotals([totals, movements[step].totals, ...extra]);
    states.push(totals);
  }
  return states;
}

/** Scores after each step: the old points apply until the last step, `weights`. */
export function replayedScores(
  states: Totals[],
  pointsBefore: Points = POINTS,
  points: Points = POINTS,
): (number | null)[] {
  return states.map((totals, at) => scoreOf(totals, at === states.length - 1 ? points : pointsBefore));
}

/** Ledger entries from the scores before the first and after each step. Steps that moved nothing are left out. */
export function entriesOf(scores: (number | null)[], movements: Movements): LedgerEntry[] {
  const entries: LedgerEntry[] = [];
  LEDGER_STEPS.forEach((step, at) => {
    const delta = (scores[at + 1] ?? 0) - (scores[at] ?? 0);
    const { resources, lost } = movements[step];
    if (delta === 0 && resources === 0) return;
    entries.push({ step, delta, resources, ...(step === "coverage" ? { lost } : {}) });
  });
  return entries;
}

/**
 * Ledger of the fleet when one account moves through `scores`: every step counts with the account's old weight, and the
 * last one is the change of its weight. `previous` is the fleet's last stored score; what it does not explain is `gone`.
 */
export function fleetLedger(
  account: { scores: (number | null)[]; weightBefore: number; weightAfter: number },
  others: readonly AccountWeight[],
  movements: Movements,
  previous: number | null,
): { score: number | null; entries: LedgerEntry[] } {
  const last = account.scores.length - 1;
  const scores = account.scores.map((score, at) =>
    at === 0
      ? previous
      : fleetScore([...others, { score, weight: at === last ? account.weightAfter : account.weightBefore }]),
  );
  return { score: scores[last] ?? null, entries: entriesOf(scores, movements) };
}
