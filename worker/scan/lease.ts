import type pg from "pg";

/** A held lease: `fence` must be unchanged when the scan commits. `lost` aborts when the lease could not be renewed. */
export interface Lease {
  fence: bigint;
  lost: AbortSignal;
  release(): Promise<void>;
}

const LEASE_SECONDS = 45;
const RENEW_MS = 10_000;

/**
 * Takes the lease of a cluster, or resolves with null while another worker holds it. A worker that dies lets it run out; the next
 * holder has a higher fence, and what the dead one might still write is refused by the commit's fencing check.
 */
export async function takeLease(pool: pg.Pool, clusterId: string, owner: string): Promise<Lease | null> {
  const { rows } = await pool.query<{ fence: string }>(
    `UPDATE "Cluster" SET "leaseOwner" = $2, "leaseUntil" = now() + make_interval(secs => $3), "fence" = "fence" + 1
     WHERE "id" = $1 AND ("leaseUntil" IS NULL OR "leaseUntil" < now()) RETURNING "fence"`,
    [clusterId, owner, LEASE_SECONDS],
  );
  const text = rows[0]?.fence;
  if (text === undefined) return null;
  const fence = BigInt(text);
  const lost = new AbortController();
  const timer = setInterval(() => {
    pool
      .query(`UPDATE "Cluster" SET "leaseUntil" = now() + make_interval(secs => $3) WHERE "id" = $1 AND "fence" = $2`, [
        clusterId,
        text,
        LEASE_SECONDS,
      ])
      .then(({ rowCount }) => {
        if (rowCount === 0) lost.abort(new Error("The lease of this scan was taken over."));
      })
      .catch((error: unknown) => lost.abort(error)); // no database: nothing could be committed anyway
  }, RENEW_MS);
  return {
    fence,
    lost: lost.signal,
    release: async () => {
      clearInterval(timer);
      await pool.query(
        `UPDATE "Cluster" SET "leaseOwner" = NULL, "leaseUntil" = NULL WHERE "id" = $1 AND "fence" = $2`,
        [clusterId, text],
      );
    },
  };
}
