import type pg from "pg";
import type { Gap } from "@/domain/inventory/schema";

/** So often within `WINDOW_DAYS` a cluster is believed to be another one though its cloud does not say that it was made anew. */
const MOST_UNPROVEN = 2;
const WINDOW_DAYS = 30;

/**
 * Whether another kube-system UID at a cluster's address is believed to mean another cluster. The API server itself is no witness: it
 * may tell a new one with every scan, and each would leave a row behind. The cloud is: it says when it made the cluster. Where it
 * says nothing new (an etcd that was restored, say), only a few changes are believed.
 */
export async function isBelievable(tx: pg.PoolClient, clusterId: string, now: Date): Promise<boolean> {
  const { rows } = await tx.query<{ createdAt: string | null; firstSeenAt: Date; unproven: number }>(
    `SELECT c."managed" ->> 'createdAt' AS "createdAt", c."firstSeenAt",
       (SELECT count(*)::int FROM "Cluster" o WHERE o."accountId" = c."accountId" AND o."distribution" = c."distribution" AND o."name" = c."name"
          AND o."goneAt" > $2::timestamptz - make_interval(days => $3) AND o."aliases" = '{}') AS unproven
     FROM "Cluster" c WHERE c."id" = $1`,
    [clusterId, now, WINDOW_DAYS],
  );
  const [row] = rows;
  if (row === undefined) return false;
  const isRemade = Date.parse(row.createdAt ?? "") > row.firstSeenAt.getTime(); // not a date: not a witness
  return isRemade || row.unproven < MOST_UNPROVEN;
}

export const unsteady: Gap = {
  code: "error",
  what: "kube-system",
  message: `The API server keeps telling another kube-system UID, although its cloud does not say that the cluster was made anew: ${MOST_UNPROVEN} changes within ${WINDOW_DAYS} days are believed, not more. Nothing is read from it until it tells its last UID again. Find out what answers at its address.`,
};
