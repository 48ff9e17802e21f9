import type pg from "pg";
import type { Gap } from "@/domain/inventory/schema";

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
  const { rows } = await pool.query<{ fence: string }>(
    `UPDATE "Cluster" SET "leaseOwner" = $2, "leaseUntil" = now() + make_interval(secs => $3), "fence" = "fence" + 1
     WHERE "id" = $1 AND "goneAt" IS NULL AND ("leaseUntil" IS NULL OR "leaseUntil" < now()) RETURNING "fence"`,
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

const ABANDONED: Gap = {
  code: "error",
  what: "scan",
  message: "The worker stopped in the middle. A later scan takes over.",
};

/**
 * Ends scans that still say `running` although their worker died: those of the cluster whose lease the caller holds, or,
 * without `clusterId`, those of every cluster that nobody holds (it went, or its account was switched off).
 */
export async function closeAbandoned(pool: pg.Pool, now: Date, clusterId?: string): Promise<void> {
  await pool.query(
    `UPDATE "Scan" s SET "status" = 'failed', "reasons" = $1, "finishedAt" = $2 FROM "Cluster" c
     WHERE c."id" = s."clusterId" AND s."kind" = 'cluster' AND s."status" = 'running'
       AND (c."id" = $3 OR ($3::uuid IS NULL AND (c."leaseUntil" IS NULL OR c."leaseUntil" < now())))`,
    [JSON.stringify([ABANDONED]), now, clusterId ?? null],
  );
}
