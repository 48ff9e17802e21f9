import "server-only";
import { inTransaction, pool } from "@/lib/db";
import { appendAudit } from "../audit";
import { endSessions } from "../people/mutations";
import { type AccountScope, ForbiddenError, hasRole } from "../scope";

function requirePerson(scope: AccountScope): string {
  if (scope.userId === null || scope.tokenId !== null) throw new ForbiddenError("Sign in to manage sessions.");
  return scope.userId;
}

/** Ends a session at once; false when it had ended. One's own, or anybody's for an Owner of everything. */
export async function revokeSession(scope: AccountScope, id: string): Promise<boolean> {
  const userId = requirePerson(scope);
  return inTransaction(pool(), async (tx) => {
    const { rows } = await tx.query<{ email: string; address: string | null }>(
      `DELETE FROM "Session" s USING "User" u WHERE u.id = s."userId" AND s.id = $1 AND ($3 OR s."userId" = $2)
       RETURNING u.email, nullif(s."ipAddress", '') AS address`,
      [id, userId, hasRole(scope, "Owner")],
    );
    const ended = rows[0];
    if (ended === undefined) return false;
    await appendAudit(tx, scope, {
      action: "access.session-revoked",
      target: ended.email,
      detail: { sessionId: id, signedInFrom: ended.address },
    });
    return true;
  });
}

/** Ends all of one's sessions but the one that asks; returns how many. */
export async function revokeOtherSessions(scope: AccountScope): Promise<number> {
  const userId = requirePerson(scope);
  return inTransaction(pool(), async (tx) => {
    const ended = await endSessions(tx, userId, scope.sessionId);
    if (ended > 0)
      await appendAudit(tx, scope, {
        action: "access.sessions-revoked",
        target: scope.actor,
        detail: { sessionsEnded: ended },
      });
    return ended;
  });
}

/** Sets a person's own password and ends the other sessions with it. `passwordHash` comes from the sign-in library. */
export async function setPassword(scope: AccountScope, passwordHash: string): Promise<void> {
  const userId = requirePerson(scope);
  await inTransaction(pool(), async (tx) => {
    const { rowCount } = await tx.query(
      `UPDATE "SignInMethod" SET password = $2, "updatedAt" = now() WHERE "userId" = $1 AND "providerId" = 'credential'`,
      [userId, passwordHash],
    );
    if (rowCount !== 1) throw new ForbiddenError("You do not sign in with a password.");
    const ended = await endSessions(tx, userId, scope.sessionId);
    await appendAudit(tx, scope, {
      action: "access.password-changed",
      target: scope.actor,
      detail: { sessionsEnded: ended },
    });
  });
}
