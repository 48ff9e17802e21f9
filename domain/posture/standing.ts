import { SCORE_GROUP_IDS, type ScoreGroup } from "./schema";
import { type GroupCounts, POINTS, type Points, scoreOf, sumTotals, type Totals } from "./score";

/** Where a cluster, an account or the fleet stands: its totals, and what exemptions add to them. */
export interface Standing {
  totals: Totals;
  lift: Totals;
}
/** A score group's roll-up, of one cluster or summed. */
export interface GroupRow extends GroupCounts {
  scoreGroup: string;
  liftHealthy: number;
  liftUnhealthy: number;
  liftOut: number;
}
/** `scoreWithoutExemptions`: as if there were none. Null where nothing could be scored. */
export interface Scores {
  score: number | null;
  scoreWithoutExemptions: number | null;
}

/** SQL of a GroupRow's sums over "GroupRollup" g. */
export const GROUP_SUMS = `sum(g."healthy")::int AS "healthy", sum(g."unhealthy")::int AS "unhealthy", sum(g."out")::int AS "out",
  sum(g."liftHealthy")::int AS "liftHealthy", sum(g."liftUnhealthy")::int AS "liftUnhealthy", sum(g."liftOut")::int AS "liftOut"`;

const isGroup = (id: string): id is ScoreGroup => (SCORE_GROUP_IDS as readonly string[]).includes(id);

/** Roll-ups of different groups together; groups that are not known any more are left out. */
export function standingOf(rows: Iterable<GroupRow>): Standing {
  const standing: Standing = { totals: {}, lift: {} };
  for (const { scoreGroup, healthy, unhealthy, out, liftHealthy, liftUnhealthy, liftOut } of rows) {
    if (!isGroup(scoreGroup)) continue;
    standing.totals[scoreGroup] = { healthy, unhealthy, out };
    standing.lift[scoreGroup] = { healthy: liftHealthy, unhealthy: liftUnhealthy, out: liftOut };
  }
  return standing;
}

/** The totals as if no exemption existed: what is mitigated is unhealthy, and what is waived counts. */
export function withoutExemptions({ totals, lift }: Standing): Totals {
  const less: Totals = {};
  for (const id of SCORE_GROUP_IDS) {
    const add = lift[id];
    if (add) less[id] = { healthy: -add.healthy, unhealthy: -add.unhealthy, out: -add.out };
  }
  return sumTotals([totals, less]);
}

/** The score of an account or a cluster with exemptions, and as if there were none: the one place where both are made. */
export const scoresOf = (standing: Standing, points: Points = POINTS): Scores => ({
  score: scoreOf(standing.totals, points),
  scoreWithoutExemptions: scoreOf(withoutExemptions(standing), points),
});

/** What exemptions add, in the order of the groups and without those that they leave alone: one spelling for one lift. */
export function storedLift(lift: Totals): Totals {
  const stored: Totals = {};
  for (const id of SCORE_GROUP_IDS) {
    const { healthy = 0, unhealthy = 0, out = 0 } = lift[id] ?? {};
    if (healthy !== 0 || unhealthy !== 0 || out !== 0) stored[id] = { healthy, unhealthy, out };
  }
  return stored;
}
