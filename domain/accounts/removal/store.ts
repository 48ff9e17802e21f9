import type { SqlRunner } from "@/lib/jobs";

/** Accounts that were removed and are not deleted yet. */
export async function removedAccounts(tx: SqlRunner): Promise<string[]> {
  const { rows } = await tx.query(`SELECT "id" FROM "Account" WHERE "removedAt" IS NOT NULL ORDER BY "removedAt"`);
  return rows.map((row) => (row as { id: string }).id);
}

/** The clusters of an account that was removed; null when it is deleted already, or was not removed. */
export async function clustersOfRemoved(tx: SqlRunner, accountId: string): Promise<string[] | null> {
  const { rows } = await tx.query(
    `SELECT ARRAY(SELECT c."id" FROM "Cluster" c WHERE c."accountId" = a."id" ORDER BY c."id") AS clusters FROM "Account" a
     WHERE a."id" = $1 AND a."removedAt" IS NOT NULL`,
    [accountId],
  );
  return (rows[0] as { clusters: string[] } | undefined)?.clusters ?? null;
}

/** Deletes the account itself, with its scans, roles and whatever else hangs on it. Its entries in the audit log stay. */
export async function deleteAccount(tx: SqlRunner, accountId: string): Promise<void> {
  await tx.query(`DELETE FROM "Account" WHERE "id" = $1 AND "removedAt" IS NOT NULL`, [accountId]);
}
