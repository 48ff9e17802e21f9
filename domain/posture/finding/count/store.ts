import type { PoolClient } from "pg";

const ROLLUPS = [
  ["AccountFindingByControl", `"controlId", "kind", "severity", "scoreGroup", "again"`],
  ["AccountFindingByNamespace", `"namespace", "owner", "severity"`],
] as const;
const ADDED = `sum("open"), sum("unchecked"), sum("resolved")`;

/**
 * Adds the parts that transactions left in an account's counts up to one. The counts say the same before and after; they are only shorter. The
 * caller holds the lock of all account points: nobody else writes what is added up, and nobody who writes a part waits.
 */
export async function addUpParts(tx: PoolClient, accountId: string): Promise<void> {
  for (const [table, key] of ROLLUPS) {
    const { rows } = await tx.query<{ none: boolean }>(
      `WITH parts AS (DELETE FROM "${table}" WHERE "accountId" = $1 AND "part" <> 0 RETURNING *)
       INSERT INTO "${table}" AS r ("accountId", ${key}, "part", "open", "unchecked", "resolved")
       SELECT "accountId", ${key}, 0, ${ADDED} FROM parts GROUP BY "accountId", ${key} HAVING (${ADDED}) <> (0, 0, 0)
       ON CONFLICT ("accountId", ${key}, "part") DO UPDATE SET "open" = r."open" + excluded."open",
         "unchecked" = r."unchecked" + excluded."unchecked", "resolved" = r."resolved" + excluded."resolved"
       RETURNING r."open" = 0 AND r."resolved" = 0 AS none`,
      [accountId],
    );
    if (rows.some(({ none }) => none))
      await tx.query(`DELETE FROM "${table}" WHERE "accountId" = $1 AND "part" = 0 AND "open" = 0 AND "resolved" = 0`, [
        accountId,
      ]);
  }
}

/** Deletes the counts of an account whose findings are all deleted. */
export async function deleteAccountCounts(tx: Pick<PoolClient, "query">, accountId: string): Promise<void> {
  for (const [table] of ROLLUPS) await tx.query(`DELETE FROM "${table}" WHERE "accountId" = $1`, [accountId]);
}
