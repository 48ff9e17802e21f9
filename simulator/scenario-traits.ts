import { type Random, random } from "./random";
import type { Care } from "./scenario-clusters";

/** What is wrong (or not) with a workload's pods. `true` is bad for all of them. */
export const TRAITS = [
  "privileged",
  "hostNetwork",
  "hostPid",
  "hostPath",
  "root",
  "escalation",
  "capabilities",
  "writableRoot",
  "noSeccomp",
  "noLimits",
  "noRequests",
  "noProbes",
  "latestTag",
  "publicRegistry",
  "mountsToken",
  "plainSecret",
  "secretVariable",
  "tagOnly",
  "noStorageLimit",
  "unsizedVolume",
  "unspread",
  "noBudget",
] as const;
export type Trait = (typeof TRAITS)[number];
export type Traits = Record<Trait, boolean>;

/** How likely each fault is in a new workload of a good, a middling and a bad team. */
const ODDS: Record<Trait, readonly [good: number, middling: number, bad: number]> = {
  privileged: [0, 0.015, 0.14],
  hostNetwork: [0, 0.01, 0.14],
  hostPid: [0, 0.005, 0.06],
  hostPath: [0, 0.02, 0.2],
  root: [0.01, 0.15, 0.85],
  escalation: [0.01, 0.2, 0.92],
  capabilities: [0, 0.03, 0.22],
  writableRoot: [0.03, 0.35, 0.96],
  noSeccomp: [0.01, 0.2, 0.96],
  noLimits: [0.02, 0.15, 0.8],
  noRequests: [0.01, 0.08, 0.55],
  noProbes: [0.03, 0.15, 0.65],
  latestTag: [0, 0.05, 0.68],
  publicRegistry: [0, 0.1, 0.5],
  mountsToken: [0.03, 0.3, 0.95],
  plainSecret: [0, 0.03, 0.4],
  secretVariable: [0.12, 0.55, 0.9],
  tagOnly: [0.1, 0.75, 0.99],
  noStorageLimit: [0.15, 0.7, 0.97],
  unsizedVolume: [0.1, 0.65, 0.97],
  unspread: [0.05, 0.35, 0.97],
  noBudget: [0.05, 0.4, 1],
};
const column: Record<Care, 0 | 1 | 2> = { good: 0, middling: 1, bad: 2 };

export const cleanTraits = (): Traits => Object.fromEntries(TRAITS.map((trait) => [trait, false])) as Traits;

const drawTraits = (care: Care, rng: Random): Traits => {
  const traits = cleanTraits();
  for (const trait of TRAITS) traits[trait] = rng.chance(ODDS[trait][column[care]]);
  return traits;
};

export interface TraitChange {
  /** Simulated day, with fraction. */
  day: number;
  set: Partial<Traits>;
}

const FIRST_WEEK = -6;
/** Chance per workload and week that someone fixes, or breaks, one thing. */
const FIX = { good: 0.12, middling: 0.06, bad: 0.02 } as const;
const BREAK = { good: 0.004, middling: 0.015, bad: 0.03 } as const;

/** The dated trait changes of one workload up to a day: the weekly pattern, plus the story's own. Pure in (seed text, day). */
export function traitTimeline(seed: string, care: Care, until: number, story: readonly TraitChange[]): TraitChange[] {
  const changes: TraitChange[] = story.filter((change) => change.day <= until);
  for (let week = FIRST_WEEK; week * 7 <= until; week += 1) {
    const rng = random(`${seed}/week/${week}`);
    const draw = rng.next();
    const fixes = draw < FIX[care];
    if (!fixes && draw >= FIX[care] + BREAK[care]) continue;
    const day = week * 7 + rng.integer(0, 4) + rng.integer(8 * 60, 17 * 60) / 1440;
    if (day <= until) changes.push({ day, set: { [rng.pick(TRAITS)]: !fixes } });
  }
  return changes.sort((left, right) => left.day - right.day);
}

/** The traits on a day and the day they last really changed (`born` when never). */
export function traitsOn(
  seed: string,
  care: Care,
  born: number,
  until: number,
  story: readonly TraitChange[],
): { traits: Traits; changed: number } {
  const traits = drawTraits(care, random(`${seed}/traits`));
  let changed = born;
  for (const change of traitTimeline(seed, care, until, story)) {
    let differs = false;
    for (const [trait, value] of Object.entries(change.set) as [Trait, boolean][]) {
      if (traits[trait] !== value) {
        traits[trait] = value;
        differs = true;
      }
    }
    if (differs && change.day > changed) changed = change.day;
  }
  return { traits, changed };
}

/** The last roll-out of a new image on or before the day; none at weekends. `number` counts them. */
export function lastDeploy(seed: string, born: number, until: number): { day: number; number: number } {
  const rng = random(`${seed}/deploys`);
  const period = rng.integer(3, 16);
  const phase = rng.next() * period;
  const minute = rng.integer(8 * 60, 17 * 60) / 1440;
  // One turn more than the quotient: rounding down to a day moves a turn before its own phase.
  for (let turn = Math.floor((until - phase) / period) + 1; ; turn -= 1) {
    let day = Math.floor(phase + turn * period) + minute;
    const weekday = ((Math.floor(day) % 7) + 7) % 7;
    if (weekday >= 5) day += 2;
    if (day <= born) return { day: born, number: 0 };
    if (day <= until) return { day, number: turn + 1000 };
  }
}
