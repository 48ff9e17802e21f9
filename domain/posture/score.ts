import { type Control, type NotEvaluatedReason, SCORE_GROUP_IDS, SCORE_GROUPS, type ScoreGroup } from "./schema";

/** An assessment as it is stored: healthy, unhealthy, not applicable, not evaluated with its reason. */
export type OutcomeCode = "h" | "u" | "n" | `e:${NotEvaluatedReason}`;
export type Exemption = "mitigated" | "waiver";
export type ScoredControl = Pick<Control, "id" | "scoreGroup" | "maturity">;

/** One control × resource as the score sees it. `open`: its finding is open after this scan. */
export interface Cell {
  outcome: OutcomeCode;
  open: boolean;
  exemption?: Exemption | undefined;
}
/** The cells of one resource by control id. */
export type Cells = ReadonlyMap<string, Cell>;

export type GroupState = "healthy" | "unhealthy" | "out";
export type GroupCounts = Record<GroupState, number>;
/** Resources by score group and state. A group without resources may be absent. */
export type Totals = Partial<Record<ScoreGroup, GroupCounts>>;
/** Maximum points by group. */
export type Points = Readonly<Record<ScoreGroup, number>>;

export const POINTS = Object.fromEntries(SCORE_GROUP_IDS.map((id) => [id, SCORE_GROUPS[id].points])) as Points;

/**
 * Scores are multiples of 2⁻²⁰ (a millionth of a point): sums and differences of such numbers are exact in doubles, so
 * that ledger entries add up to the change exactly.
 */
export const quantise = (value: number): number => Math.round(value * 2 ** 20) / 2 ** 20;

/** What one cell says about its resource; null when it stays out of the calculation. */
export function cellState(cell: Cell): GroupState | null {
  if (cell.exemption === "waiver" || cell.outcome === "n") return null;
  if (cell.outcome === "h") return "healthy";
  if (cell.outcome === "u") return cell.exemption === "mitigated" ? "healthy" : "unhealthy";
  // Not re-checked: an open finding still counts; a mitigated one is neither failing nor known to be fine.
  return cell.open && cell.exemption !== "mitigated" ? "unhealthy" : "out";
}

/**
 * State of one resource in each group it belongs to: unhealthy if any stable control fails or has an open finding that was
 * not re-checked; otherwise out if any could not be evaluated; otherwise healthy.
 */
export function groupStates(
  cells: Cells,
  controls: ReadonlyMap<string, ScoredControl>,
): Partial<Record<ScoreGroup, GroupState>> {
  const states: Partial<Record<ScoreGroup, GroupState>> = {};
  for (const [id, cell] of cells) {
    const control = controls.get(id);
    if (control?.maturity !== "stable") continue;
    const state = cellState(cell);
    if (state === null) continue;
    const known = states[control.scoreGroup];
    if (known === undefined || state === "unhealthy" || (state === "out" && known === "healthy")) {
      states[control.scoreGroup] = state;
    }
  }
  return states;
}

/** Adds `sign` resources with these group states to `totals`, in place. */
export function addStates(totals: Totals, states: Partial<Record<ScoreGroup, GroupState>>, sign: 1 | -1 = 1): void {
  for (const id of SCORE_GROUP_IDS) {
    const state = states[id];
    if (state === undefined) continue;
    totals[id] ??= { healthy: 0, unhealthy: 0, out: 0 };
    totals[id][state] += sign;
  }
}

/** Totals of several scopes added up, e.g. the clusters of an account. */
export function sumTotals(parts: Iterable<Totals>): Totals {
  const sum: Totals = {};
  for (const part of parts) {
    for (const id of SCORE_GROUP_IDS) {
      const counts = part[id];
      if (counts === undefined) continue;
      sum[id] ??= { healthy: 0, unhealthy: 0, out: 0 };
      sum[id].healthy += counts.healthy;
      sum[id].unhealthy += counts.unhealthy;
      sum[id].out += counts.out;
    }
  }
  return sum;
}

/** `max × healthy ÷ (healthy + unhealthy)`; null when nothing of the group was assessed. */
export function groupCurrent(counts: GroupCounts | undefined, max: number): number | null {
  const assessed = counts === undefined ? 0 : counts.healthy + counts.unhealthy;
  return counts === undefined || assessed <= 0 ? null : (max * counts.healthy) / assessed;
}

/** Score of an account or a cluster, 0–100: Σ current ÷ Σ max over the groups that have assessments; null without any. */
export function scoreOf(totals: Totals, points: Points = POINTS): number | null {
  let current = 0;
  let max = 0;
  for (const id of SCORE_GROUP_IDS) {
    const group = groupCurrent(totals[id], points[id]);
    if (group === null) continue;
    current += group;
    max += points[id];
  }
  return max === 0 ? null : quantise((current / max) * 100);
}

/**
 * Weight of an account in the fleet: its resources in scored groups, those that could not be evaluated included. Left out,
 * losing a permission in a bad account would make it light and so raise the fleet's score.
 */
export function weightOf(totals: Totals, points: Points = POINTS): number {
  let weight = 0;
  for (const id of SCORE_GROUP_IDS) {
    const counts = totals[id];
    if (counts !== undefined && points[id] > 0) weight += counts.healthy + counts.unhealthy + counts.out;
  }
  return weight;
}

export interface AccountWeight {
  score: number | null;
  weight: number;
}

/** Mean of the account scores by weight; null when no account has a score. */
export function fleetScore(accounts: Iterable<AccountWeight>): number | null {
  let sum = 0;
  let weights = 0;
  for (const { score, weight } of accounts) {
    if (score === null || weight <= 0) continue;
    sum += score * weight;
    weights += weight;
  }
  return weights === 0 ? null : quantise(sum / weights);
}

/** Points that an account's score gains when the `unhealthy` resources of one stable control of `group` are all healthy. */
export function potentialIncrease(
  totals: Totals,
  group: ScoreGroup,
  unhealthy: number,
  points: Points = POINTS,
): number {
  const counts = totals[group];
  const before = scoreOf(totals, points);
  if (counts === undefined || before === null) return 0;
  const moved = Math.min(unhealthy, counts.unhealthy);
  const fixed = { ...counts, healthy: counts.healthy + moved, unhealthy: counts.unhealthy - moved };
  return (scoreOf({ ...totals, [group]: fixed }, points) ?? before) - before;
}

/**
 * Points that the score of all these accounts gains when every resource of a group is healthy, by group: together they are what it
 * lacks of 100. `byAccount`: totals by account.
 */
export function groupIncreases(byAccount: ReadonlyMap<string, Totals>): Map<ScoreGroup, number> {
  const scored = [...byAccount.values()].filter((totals) => scoreOf(totals) !== null);
  const all = scored.reduce((sum, totals) => sum + weightOf(totals), 0);
  const increaseOf = (id: ScoreGroup): number =>
    scored.reduce((sum, totals) => {
      const gain = potentialIncrease(totals, id, totals[id]?.unhealthy ?? 0);
      return sum + (gain * weightOf(totals)) / all;
    }, 0);
  return new Map(SCORE_GROUP_IDS.map((id) => [id, increaseOf(id)]));
}

/** A score point's groups as they are stored and shown. */
export function scoredGroups(totals: Totals, points: Points = POINTS) {
  const groups: Partial<Record<ScoreGroup, GroupCounts & { current: number | null; max: number }>> = {};
  for (const id of SCORE_GROUP_IDS) {
    const counts = totals[id];
    if (counts === undefined || counts.healthy + counts.unhealthy + counts.out === 0) continue;
    groups[id] = { ...counts, current: groupCurrent(counts, points[id]), max: points[id] };
  }
  return groups;
}
