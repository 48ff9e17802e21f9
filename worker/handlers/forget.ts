import type { PoolClient } from "pg";
import { forgetInvitations } from "@/domain/access/invitation/store";
import { forgetTokens } from "@/domain/access/link/store";
import { lapseClaims } from "@/domain/access/oidc/store";
import { forgetSessions } from "@/domain/access/sessions/store";
import { forgetCompliance } from "@/domain/benchmark/history/store";
import { deleteCompliance } from "@/domain/benchmark/removal/store";
import { forgetChanges } from "@/domain/inventory/history/store";
import { deleteCluster, longGoneCluster } from "@/domain/inventory/removal/store";
import { forgetScans } from "@/domain/inventory/scan/store";
import { forgetDeliveries, forgetNotices } from "@/domain/notifications/delivery/store";
import { forgetEvents, forgetLinks } from "@/domain/notifications/outbox/store";
import { forgetPoints, forgetResolved, forgetTransitions, mergeDays } from "@/domain/posture/past/store";
import { deleteFindings, deleteScores } from "@/domain/posture/removal/store";
import { inTransaction } from "@/lib/db";
import { env } from "@/lib/env";
import type { JobContext } from "@/lib/jobs";
import { horizon, KEPT } from "../retention";
import type { World } from "../world";

/** Rows that one transaction deletes, and days of scores that it merges: a day of a large fleet is thousands of points. */
const BATCH = 2000;
const DAYS = 50;
/** Transactions of one rule in one run; what is left waits for the next. */
const MOST_BATCHES = 200;

/** Deletes one long-gone cluster with all that hangs on it, as the removal of an account does. */
async function forgetCluster(tx: PoolClient, before: Date): Promise<number> {
  const id = await longGoneCluster(tx, before);
  if (id === null) return 0;
  await deleteFindings(tx, id);
  await deleteCluster(tx, id);
  await deleteScores(tx, [id]);
  await deleteCompliance(tx, [id]);
  return 1;
}

type Forget = (tx: PoolClient, before: Date, most: number) => Promise<number>;
const RULES: { [what in keyof typeof KEPT]: readonly Forget[] } = {
  scans: [forgetScans],
  changes: [forgetChanges],
  everyPoint: [(tx, before) => mergeDays(tx, before, env().SEAWALL_TIME_ZONE, DAYS)],
  points: [forgetPoints],
  compliance: [forgetCompliance],
  transitions: [forgetTransitions],
  resolvedFindings: [forgetResolved],
  goneClusters: [forgetCluster],
  mails: [forgetDeliveries, forgetNotices],
  events: [forgetEvents],
  invitationLinks: [forgetLinks],
  invitations: [forgetInvitations],
  sessions: [forgetSessions],
  claimedRoles: [lapseClaims],
  tokens: [forgetTokens],
};

/** Every hour: deletes what was kept long enough, in small transactions. Resolves with how much went by rule; those with nothing are left out. */
export async function forget(
  world: Pick<World, "pool" | "clock">,
  { signal }: Pick<JobContext, "signal">,
): Promise<Partial<Record<keyof typeof KEPT, number>>> {
  const gone: Partial<Record<keyof typeof KEPT, number>> = {};
  for (const what of Object.keys(KEPT) as (keyof typeof KEPT)[]) {
    const before = horizon(what, world.clock());
    for (const rule of RULES[what])
      for (let batch = 0; batch < MOST_BATCHES; batch++) {
        signal.throwIfAborted();
        const done = await inTransaction(world.pool, (tx) => rule(tx, before, BATCH));
        if (done === 0) break;
        gone[what] = (gone[what] ?? 0) + done;
      }
  }
  return gone;
}
