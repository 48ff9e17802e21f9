import type { PoolClient } from "pg";
import { AMOUNTS } from "../../store";

const COUNTS = ["open", "unchecked", "resolved"];
/** Sums over an account, what each row is of, and what is added up. */
const ROLLUPS: readonly (readonly [table: string, key: string, amounts: readonly string[]])[] = [
  ["AccountFindingByControl", `"controlId", "kind", "severity", "scoreGroup", "again"`, COUNTS],
  ["AccountFindingByNamespace", `"namespace", "owner", "severity"`, COUNTS],
  ["AccountControlRollup", `"controlId"`, ["clusters", ...AMOUNTS]],
];

/**
 * Adds the parts that transactions left in an account's sums up to one. The sums say the same before and after; they are only shorter. The
 * caller holds the lock of all account points: nobody else writes what is added up, and nobody who writes a part waits.
 */
export async function addUpParts(tx: PoolClient, accountId: string): Promise<void> {
  for (const [table, key, amounts] of ROLLUPS) {
    const each = (sql: (name: string) => string): string => amounts.map((name) => sql(`"${name}"`)).join(", ");
    const nothing = `(${each((name) => `r.${name}`)}) = (${each(() => "0")})`;
    const { rows } = await tx.query<{ none: boolean }>(
      `WITH parts AS (DELETE FROM "${table}" WHERE "accountId" = $1 AND "part" <> 0 RETURNING *)
       INSERT INTO "${table}" AS r ("accountId", ${key}, "part", ${each((name) => name)})
       SELECT "accountId", ${key}, 0, ${each((name) => `sum(${name})`)} FROM parts GROUP BY "accountId", ${key}
       HAVING (${each((name) => `sum(${name})`)}) <> (${each(() => "0")})
       ON CONFLICT ("accountId", ${key}, "part") DO UPDATE SET ${each((name) => `${name} = r.${name} + excluded.${name}`)}
       RETURNING ${nothing} AS none`,
      [accountId],
    );
    if (rows.some(({ none }) => none))
      await tx.query(`DELETE FROM "${table}" r WHERE "accountId" = $1 AND "part" = 0 AND ${nothing}`, [accountId]);
  }
}

/** Deletes the sums of an account whose clusters and findings are all deleted. */
export async function deleteAccountCounts(tx: Pick<PoolClient, "query">, accountId: string): Promise<void> {
  for (const [table] of ROLLUPS) await tx.query(`DELETE FROM "${table}" WHERE "accountId" = $1`, [accountId]);
}
