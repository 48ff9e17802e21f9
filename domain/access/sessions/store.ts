import type { PoolClient } from "pg";

/** Deletes sessions that ended before `before` but each person's last, which says when he was seen. At most `most`; returns how many. */
export async function forgetSessions(tx: PoolClient, before: Date, most: number): Promise<number> {
  const { rowCount } = await tx.query(
    `DELETE FROM "Session" WHERE id IN (SELECT s.id FROM "Session" s WHERE s."expiresAt" < $1
       AND EXISTS (SELECT FROM "Session" n WHERE n."userId" = s."userId" AND (n."updatedAt", n.id) > (s."updatedAt", s.id)) LIMIT $2)`,
    [before, most],
  );
  return rowCount ?? 0;
}
