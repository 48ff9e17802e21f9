import type { PoolClient } from "pg";

/** Deletes invitations that were accepted, withdrawn or expired before `before`. At most `most`; returns how many. */
export async function forgetInvitations(tx: PoolClient, before: Date, most: number): Promise<number> {
  const { rowCount } = await tx.query(
    `DELETE FROM "Invitation" WHERE id IN (SELECT id FROM "Invitation" WHERE least("acceptedAt", "withdrawnAt", "expiresAt") < $1 LIMIT $2)`,
    [before, most],
  );
  return rowCount ?? 0;
}
