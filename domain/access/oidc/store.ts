import "server-only";
import type { PoolClient } from "pg";
import { appendAudit } from "../audit";
import { endSessions, keepAnOwner, PeopleError } from "../people/mutations";
import { mintScope } from "../scope";

/** Whether a person's grants may go: somebody else must be Owner of everything. */
async function mayGo(tx: PoolClient, userId: string): Promise<boolean> {
  try {
    await keepAnOwner(tx, userId);
    return true;
  } catch (error) {
    if (error instanceof PeopleError) return false;
    throw error;
  }
}

/**
 * Takes the roles that a claim brought from people who have not signed in through the provider since `before`, and ends their
 * sessions; their API tokens hold no more than they do. The last Owner of everything stays. At most `most`; returns how many.
 */
export async function lapseClaims(tx: PoolClient, before: Date, most: number): Promise<number> {
  const { rows } = await tx.query<{ id: string; userId: string; email: string; role: string; confirmedAt: Date }>(
    `SELECT g.id, g."userId", u.email, g.role, g."confirmedAt" FROM "RoleGrant" g JOIN "User" u ON u.id = g."userId"
     WHERE g.source = 'claim' AND g."confirmedAt" < $1 ORDER BY g."confirmedAt", g.id LIMIT $2 FOR UPDATE OF g`,
    [before, most],
  );
  let lapsed = 0;
  for (const { id, userId, email, role, confirmedAt } of rows) {
    if (role === "Owner" && !(await mayGo(tx, userId))) continue;
    await tx.query(`DELETE FROM "RoleGrant" WHERE id = $1`, [id]);
    const ended = await endSessions(tx, userId, null);
    await appendAudit(tx, mintScope(null, "Seawall", []), {
      action: "access.role-lapsed",
      target: email,
      before: { role },
      after: { role: null },
      detail: { person: userId, lastSignIn: confirmedAt.toISOString(), sessionsEnded: ended },
    });
    lapsed += 1;
  }
  return lapsed;
}
