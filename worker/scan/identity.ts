import type pg from "pg";
import type { Distribution } from "@/domain/inventory/schema";
import { rescoreAccount } from "@/domain/posture/point-store";
import { inTransaction } from "@/lib/db";

/**
 * A cluster is its kube-system UID. When another row has this UID already (an EKS cluster that is also Arc-enabled), the two
 * become one: the cloud's own view wins over Arc's, the other row's ids become aliases, and its row goes. Returns whether
 * `id` was the row that went.
 */
export async function mergeSameCluster(
  pool: pg.Pool,
  id: string,
  distribution: Distribution,
  uid: string,
  now: Date,
): Promise<boolean> {
  return inTransaction(pool, async (tx) => {
    await tx.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 7))", [uid]);
    const { rows } = await tx.query<{ id: string; accountId: string }>(
      `SELECT "id", "accountId" FROM "Cluster" WHERE "uid" = $1 AND "id" <> $2 FOR UPDATE`,
      [uid, id],
    );
    const other = rows[0];
    if (other === undefined) {
      await tx.query(`UPDATE "Cluster" SET "uid" = $2 WHERE "id" = $1`, [id, uid]);
      return false;
    }
    const arcGoes = distribution === "arc";
    const [stays, goes] = arcGoes ? [other.id, id] : [id, other.id];
    await tx.query(
      `UPDATE "Cluster" s SET "aliases" = (SELECT array_agg(DISTINCT x) FROM unnest(s."aliases" || g."aliases") x), "uid" = NULL
       FROM "Cluster" g WHERE s."id" = $1 AND g."id" = $2`,
      [stays, goes],
    );
    // The row that goes is kept, marked, so that the next discovery of its account finds it by alias instead of making it anew.
    await tx.query(`UPDATE "Cluster" SET "uid" = NULL, "goneAt" = $2, "status" = 'alias' WHERE "id" = $1`, [goes, now]);
    await tx.query(`UPDATE "Cluster" SET "uid" = $2 WHERE "id" = $1`, [stays, uid]);
    // What was judged under the second name would count twice; the row that stays holds or will hold the same.
    for (const table of ["Finding", "Resource", "RunningImage", "ControlRollup", "GroupRollup"]) {
      await tx.query(`DELETE FROM "${table}" WHERE "clusterId" = $1`, [goes]);
    }
    const { rows: gone } = await tx.query<{ accountId: string }>(`SELECT "accountId" FROM "Cluster" WHERE "id" = $1`, [
      goes,
    ]);
    for (const { accountId } of gone) await rescoreAccount(tx, { accountId, scanId: null, now });
    return arcGoes;
  });
}
