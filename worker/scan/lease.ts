import type pg from "pg";
import { claimLease, renewLease, returnLease } from "@/domain/inventory/lease/store";

/** A held lease: `fence` must be unchanged when the scan commits. `lost` aborts when another took it over, or it ran out unrenewed. */
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
  let until = performance.now() + LEASE_SECONDS * 1000;
  let trouble: unknown;
  const timer = setInterval(() => {
    const asked = performance.now();
    if (asked >= until) lost.abort(new Error("The lease of this scan ran out unrenewed.", { cause: trouble }));
    renewLease(pool, clusterId, fence, LEASE_SECONDS)
      .then((held) => {
        if (held) until = asked + LEASE_SECONDS * 1000;
        else lost.abort(new Error("The lease of this scan was taken over."));
      })
      // A database that is away for a moment takes nothing: the lease holds until it runs out, and is asked for again before.
      .catch((error: unknown) => {
        trouble = error;
      });
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
