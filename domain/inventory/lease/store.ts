import type { Pool, PoolClient } from "pg";

/** Takes a cluster's lease for `seconds` under a higher fence, which it resolves with; null while another holds it, or the cluster is gone. */
export async function claimLease(db: Pool, clusterId: string, owner: string, seconds: number): Promise<bigint | null> {
  const { rows } = await db.query<{ fence: string }>(
    `UPDATE "Cluster" SET "leaseOwner" = $2, "leaseUntil" = now() + make_interval(secs => $3), "fence" = "fence" + 1
     WHERE "id" = $1 AND "goneAt" IS NULL AND ("leaseUntil" IS NULL OR "leaseUntil" < now()) RETURNING "fence"`,
    [clusterId, owner, seconds],
  );
  const [row] = rows;
  return row === undefined ? null : BigInt(row.fence);
}

/** Keeps a held lease for `seconds` from now; false when another fence took it over. */
export async function renewLease(db: Pool, clusterId: string, fence: bigint, seconds: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE "Cluster" SET "leaseUntil" = now() + make_interval(secs => $3) WHERE "id" = $1 AND "fence" = $2`,
    [clusterId, String(fence), seconds],
  );
  return rowCount !== 0;
}

/** Gives a lease back, when it is still held under that fence. */
export async function returnLease(db: Pool, clusterId: string, fence: bigint): Promise<void> {
  await db.query(`UPDATE "Cluster" SET "leaseOwner" = NULL, "leaseUntil" = NULL WHERE "id" = $1 AND "fence" = $2`, [
    clusterId,
    String(fence),
  ]);
}

/** Takes the lease from whoever holds it and frees it: what he has looked at can be committed no more. */
export async function breakLease(tx: PoolClient, clusterId: string): Promise<void> {
  await tx.query(
    `UPDATE "Cluster" SET "leaseOwner" = NULL, "leaseUntil" = NULL, "fence" = "fence" + 1 WHERE "id" = $1`,
    [clusterId],
  );
}

/** Whether the cluster is there and nobody holds its lease. */
export async function isFree(db: Pool, clusterId: string): Promise<boolean> {
  const { rows } = await db.query(
    `SELECT 1 FROM "Cluster" WHERE "id" = $1 AND "goneAt" IS NULL AND ("leaseUntil" IS NULL OR "leaseUntil" < now())`,
    [clusterId],
  );
  return rows.length > 0;
}

/** Whether the cluster is still there under that fence. */
export async function holdsFence(tx: PoolClient, clusterId: string, fence: bigint): Promise<boolean> {
  const { rows } = await tx.query(`SELECT 1 FROM "Cluster" WHERE "id" = $1 AND "fence" = $2`, [
    clusterId,
    String(fence),
  ]);
  return rows.length > 0;
}
