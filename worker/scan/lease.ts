import type pg from "pg";
import { claimLease, renewLease, returnLease } from "@/domain/inventory/lease/store";

/** A held lease: `fence` must be unchanged when the scan commits. `lost` aborts when the lease could not be renewed. */
export interface Lease {
  fence: bigint;
  lost: AbortSignal;
  release(): Promise<void>;
}

const LEASE_SECONDS = 45;
const RENEW_MS = 10_000;

/**
 * Takes the lease of a cluster, or resolves with null while another worker holds it, and when the cluster is gone or removed. A worker that dies lets it run out; the next
 * holder has a higher fence, and what the dead one might still write is refused by the commit's fencing check.
 */
export async function takeLease(pool: pg.Pool, clusterId: string, owner: string): Promise<Lease | null> {
  const fence = await claimLease(pool, clusterId, owner, LEASE_SECONDS);
  if (fence === null) return null;
  const lost = new AbortController();
  const timer = setInterval(() => {
    renewLease(pool, clusterId, fence, LEASE_SECONDS)
      .then((held) => {
        if (!held) lost.abort(new Error("The lease of this scan was taken over."));
      })
      .catch((error: unknown) => lost.abort(error)); // no database: nothing could be committed anyway
  }, RENEW_MS);
  return {
    fence,
    lost: lost.signal,
    release: async () => {
      clearInterval(timer);
      await returnLease(pool, clusterId, fence);
    },
  };
}
