import type pg from "pg";
import { reasonOf } from "@/lib/log";
import { sleep } from "@/lib/time";
import { discoverClusters } from "@/worker/handlers/discover-account";
import { recordToday } from "@/worker/handlers/record-compliance";
import { ClusterBusy, scanOneCluster } from "@/worker/handlers/scan-cluster";
import type { World } from "@/worker/world";
import { daysLeft, type HistoryPlan } from "./demo-plan";
import type { Estate } from "./estate";

const DAY = 86_400_000;
const LANES = 3;
const DAY_LIMIT_MS = 240_000;

/** The last day of the plan on which an account was asked. */
export async function lastDayBegun(pool: pg.Pool, plan: HistoryPlan): Promise<Date | null> {
  const { rows } = await pool.query<{ last: Date | null }>(
    `SELECT max("startedAt") AS last FROM "Scan" WHERE "kind" = 'account' AND "startedAt" <= $1`,
    [plan.today],
  );
  return rows[0]?.last ?? null;
}

/** A day is tried so often: the database or the estate may be away for the seconds of a restart. */
const TRIES = 60;
const PAUSE_MS = 2000;

/**
 * Makes the demo's past by living through it: for each day the estate's clock is set, and the very handlers of the worker
 * discover and scan under that clock. No row is written by hand. A day that was begun earlier is finished: what it scanned
 * is not scanned again.
 */
export async function liveThroughHistory(
  world: World,
  estate: Estate,
  accountIds: readonly string[],
  plan: HistoryPlan,
  stopping: AbortSignal,
  say: (line: string) => void,
): Promise<void> {
  const days = daysLeft(plan, await lastDayBegun(world.pool, plan));
  if (days.length <= plan.days)
    say(`${plan.days + 1 - days.length} of these days are there already; going on from then`);
  for (const now of days) {
    const ago = Math.round((new Date(plan.today).getTime() - now.getTime()) / DAY);
    for (let attempt = 1; ; attempt++) {
      try {
        await estate.setClock(now);
        const count = await liveThroughDay(world, accountIds, now, stopping);
        await recordToday({ ...world, clock: () => now });
        if (ago % (plan.days > 10 ? 5 : 1) === 0)
          say(`history: ${ago === 0 ? "today" : `${ago} days ago`}, ${count} clusters scanned`);
        break;
      } catch (error) {
        stopping.throwIfAborted();
        if (attempt === TRIES) throw error;
        if (attempt === 1) say(`history: ${ago} days ago was cut off, going on with it: ${reasonOf(error)}`);
        await sleep(PAUSE_MS);
      }
    }
  }
  await estate.setClock(null);
}

/** One day: every account is asked, then every cluster scanned that was not on that day. Resolves with how many there are. */
async function liveThroughDay(
  world: World,
  accountIds: readonly string[],
  now: Date,
  stopping: AbortSignal,
): Promise<number> {
  const then = { ...world, clock: () => now };
  const signal = AbortSignal.any([AbortSignal.timeout(DAY_LIMIT_MS), stopping]);
  const clusters = (
    await Promise.all(
      accountIds.map((accountId) => discoverClusters(then, { accountId, trigger: "schedule" }, { signal })),
    )
  ).flatMap((seen) => seen ?? []);
  // Arc's view of a cluster comes after the cloud's own, so that the two are seen to be one before any is judged twice.
  const { rows } = await world.pool.query<{ id: string }>(
    `SELECT "id" FROM "Cluster" WHERE "id" = ANY($1::uuid[]) AND ("lastScanAt" IS NULL OR "lastScanAt" < $2)
     ORDER BY "distribution" = 'arc', "id"`,
    [clusters, now],
  );
  const queue = rows.map((row) => row.id);
  const lane = async (): Promise<void> => {
    for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
      signal.throwIfAborted();
      try {
        await scanOneCluster(then, { clusterId: id, trigger: "schedule" }, { signal });
      } catch (error) {
        if (!(error instanceof ClusterBusy)) throw error;
        queue.push(id); // a start that was killed held it; its lease runs out within a minute
        await sleep(1000);
      }
    }
  };
  // All lanes end before the day does: none may go on scanning under a clock that moved.
  const ends = await Promise.allSettled(Array.from({ length: LANES }, lane));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return clusters.length;
}
