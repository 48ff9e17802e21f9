import type { Pool } from "pg";
import type { StoredOverride } from "./resolve";

/** Every override that holds for one cluster or for a namespace of it. For the scan. */
export async function loadOverrides(pool: Pool, accountId: string, clusterId: string): Promise<StoredOverride[]> {
  const { rows } = await pool.query<StoredOverride>(
    `SELECT "controlId", "scope", "namespace", "params" FROM "ParameterOverride"
     WHERE "scope" = 'fleet' OR ("scope" = 'account' AND "accountId" = $1) OR "clusterId" = $2
     ORDER BY "controlId", "scopeKey"`,
    [accountId, clusterId],
  );
  return rows;
}
