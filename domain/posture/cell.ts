import {
  addStates,
  type Cell,
  type Cells,
  cellState,
  type Exemption,
  groupStates,
  type OutcomeCode,
  type ScoredControl,
  type Totals,
} from "./score";
import type { ControlCounts } from "./store";

/** A control as a scan leaves it behind for the ledger of the next one: `version|scoreGroup|maturity`. */
export type ControlStamp = Readonly<Record<string, string>>;

/** The score-relevant part of a stamp. */
export const scoredOf = (stamp: ControlStamp): Map<string, ScoredControl> =>
  new Map(
    Object.entries(stamp).map(([id, text]) => {
      const [, scoreGroup, maturity] = text.split("|") as [
        string,
        ScoredControl["scoreGroup"],
        ScoredControl["maturity"],
      ];
      return [id, { id, scoreGroup, maturity }];
    }),
  );

/** A stored outcome code; anything else in the column counts as not evaluated. */
export const outcomeCode = (code: string): OutcomeCode =>
  code === "h" || code === "u" || code === "n" || code.startsWith("e:") ? (code as OutcomeCode) : "e:error";

/** One resource's stored outcomes, with its open findings and their exemptions, as the score sees them. */
export function cellsOf(
  outcomes: Readonly<Record<string, string>>,
  open: { has(controlId: string): boolean } | undefined,
  exempt?: ReadonlyMap<string, { type: Exemption }> | undefined,
): Cells {
  const cells = new Map<string, Cell>();
  for (const id of Object.keys(outcomes)) {
    const cell = cellOf(outcomes[id] ?? "", open?.has(id) ?? false);
    const exemption = exempt?.get(id)?.type;
    cells.set(id, exemption !== undefined && cell.open ? { ...cell, exemption } : cell);
  }
  return cells;
}

/** Few cells differ, and a scan counts a hundred thousand of them. */
const CELLS = { open: new Map<string, Cell>(), closed: new Map<string, Cell>() };
function cellOf(code: string, open: boolean): Cell {
  const outcome = outcomeCode(code);
  const known = open ? CELLS.open : CELLS.closed;
  let cell = known.get(outcome);
  if (cell === undefined) {
    cell = { outcome, open };
    if (known.size < 100) known.set(outcome, cell);
  }
  return cell;
}

const NOTHING = {
  ...{ healthy: 0, unhealthy: 0, notApplicable: 0, notEvaluated: 0 },
  ...{ liftHealthy: 0, liftNotApplicable: 0, liftNotEvaluated: 0 },
} satisfies Omit<ControlCounts, "controlId">;
const COUNTED = Object.keys(NOTHING) as (keyof typeof NOTHING)[];
const LIFT = {
  healthy: "liftHealthy",
  notApplicable: "liftNotApplicable",
  notEvaluated: "liftNotEvaluated",
} as const;

/** The amount of its control's roll-up that a cell is counted in. */
function amountOf(cell: Cell): keyof typeof LIFT | "unhealthy" {
  const state = cellState(cell);
  return state === null ? "notApplicable" : state === "out" ? "notEvaluated" : state;
}

/** Adds a cell to (or with -1 takes it from) its control's counts, in place. */
export function countCell(counts: Map<string, ControlCounts>, controlId: string, cell: Cell, sign: 1 | -1 = 1): void {
  let row = counts.get(controlId);
  if (row === undefined) {
    row = { ...NOTHING, controlId };
    counts.set(controlId, row);
  }
  const amount = amountOf(cell);
  row[amount] += sign;
  if (cell.exemption === undefined || amount === "unhealthy") return;
  if (amountOf({ outcome: cell.outcome, open: cell.open }) !== amount) row[LIFT[amount]] += sign;
}

/** Adds up what two counts of one control say. */
export function sumCounts(one: ControlCounts, add: ControlCounts): ControlCounts {
  const sum = { ...one };
  for (const amount of COUNTED) sum[amount] += add[amount];
  return sum;
}

/** Adds what exemptions do to a resource's groups to `lift`, in place. */
export function addLift(lift: Totals, cells: Cells, controls: ReadonlyMap<string, ScoredControl>): void {
  const bare = new Map([...cells].map(([id, { outcome, open }]) => [id, { outcome, open }]));
  addStates(lift, groupStates(cells, controls));
  addStates(lift, groupStates(bare, controls), -1);
}
