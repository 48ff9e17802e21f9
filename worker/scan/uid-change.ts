import type pg from "pg";
import { readUidChanges } from "@/domain/inventory/identity/store";
import type { Gap } from "@/domain/inventory/schema";

/** So often within `WINDOW_DAYS` a cluster is believed to be another one though its cloud does not say that it was made anew. */
const MOST_UNPROVEN = 2;
const WINDOW_DAYS = 30;
const DAY_MS = 86_400_000;

/**
 * Whether another kube-system UID at a cluster's address is believed to mean another cluster. The API server itself is no witness: it
 * may tell a new one with every scan, and each would leave a row behind. The cloud is: it says when it made the cluster. Where it
 * says nothing new (an etcd that was restored, say), only a few changes are believed.
 */
export async function isBelievable(tx: pg.PoolClient, clusterId: string, now: Date): Promise<boolean> {
  const row = await readUidChanges(tx, clusterId, new Date(now.getTime() - WINDOW_DAYS * DAY_MS));
  if (row === null) return false;
  const isRemade = Date.parse(row.createdAt ?? "") > row.firstSeenAt.getTime(); // not a date: not a witness
  return isRemade || row.unproven < MOST_UNPROVEN;
}

export const unsteady: Gap = {
  code: "error",
  what: "kube-system",
  message: `The API server keeps telling another kube-system UID, although its cloud does not say that the cluster was made anew: ${MOST_UNPROVEN} changes within ${WINDOW_DAYS} days are believed, not more. Nothing is read from it until it tells its last UID again. Find out what answers at its address.`,
};
