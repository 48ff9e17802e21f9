import "server-only";
import type { PoolClient } from "pg";
import { inTransaction, pool } from "@/lib/db";
import { publish } from "@/lib/events";
import { countLiveTokens, revokeOwnTokens } from "../api-token/store";
import { appendAudit } from "../audit";
import { TokenError } from "../mutations";
import type { Origin } from "../origin";
import { endSessions } from "../people/mutations";
import { type AccountScope, ForbiddenError, mintScope, requireRole } from "../scope";
import { hashToken } from "../token";
import { type Factor, forgetRecoveryLink, makeRecovery, PURPOSES, RecoveryError } from "./store";

/**
 * An Owner of everything hands somebody a way back in: a link good once, for a day; returns its path, the only time it is seen here. The
 * event `person.recovery` takes it to the mail room. Errors: ForbiddenError, RecoveryError for oneself, for nobody and for who signs in
 * without a password.
 */
export async function handOutRecovery(scope: AccountScope, userId: string, factor: Factor): Promise<string> {
  if (scope.userId === null || scope.tokenId !== null) throw new ForbiddenError("Sign in to manage people.");
  requireRole(scope, "Owner");
  if (userId === scope.userId)
    throw new RecoveryError("You are signed in: change your own password under Settings, Sign-in.");
  return inTransaction(pool(), async (tx) => {
    const { person, link, expiresAt } = await makeRecovery(tx, scope, { id: userId }, factor);
    await publish(tx, [
      {
        kind: "person.recovery",
        payload: { person: person.id, email: person.email, owner: scope.actor, link, expiresAt },
      },
    ]);
    return link;
  });
}

/** Takes a person's second factor off, proved or begun; false when there was none. */
async function takeFactorOff(tx: PoolClient, userId: string): Promise<boolean> {
  await tx.query(`UPDATE "User" SET "twoFactorEnabled" = false, "updatedAt" = now() WHERE id = $1`, [userId]);
  const { rowCount } = await tx.query(`DELETE FROM "TwoFactor" WHERE "userId" = $1`, [userId]);
  return (rowCount ?? 0) > 0;
}

/**
 * Spends a way back in: sets the new password, ends all sessions of its person and, where the link says so, takes the second factor off.
 * Its person says what becomes of the API tokens that still work. `passwordHash` comes from the sign-in library. Throws TokenError.
 */
export async function recover(
  token: string,
  passwordHash: string,
  origin: Origin,
  apiTokens: "keep" | "revoke",
): Promise<void> {
  await inTransaction(pool(), async (tx) => {
    const { rows } = await tx.query<{ id: string; name: string; email: string; purpose: string }>(
      `UPDATE "OneTimeToken" t SET "usedAt" = now() FROM "User" u
       WHERE u.id = t."userId" AND t.hash = $1 AND t.purpose = ANY($2) AND t."usedAt" IS NULL AND t."expiresAt" > now()
       RETURNING u.id, u.name, u.email, t.purpose`,
      [hashToken(token), Object.values(PURPOSES)],
    );
    const found = rows[0];
    if (found === undefined)
      throw new TokenError("This link was used already or has expired. Ask an Owner for a new one.");
    const { rowCount } = await tx.query(
      `UPDATE "SignInMethod" SET password = $2, "updatedAt" = now() WHERE "userId" = $1 AND "providerId" = 'credential'`,
      [found.id, passwordHash],
    );
    if (rowCount !== 1) throw new TokenError("This person does not sign in with a password any more.");
    const takenOff = found.purpose === PURPOSES.off && (await takeFactorOff(tx, found.id));
    const ended = await endSessions(tx, found.id, null);
    await forgetRecoveryLink(tx, found.id);
    const scope = mintScope(found.id, found.name, [], { origin });
    const revoked = apiTokens === "revoke" ? await revokeOwnTokens(tx, scope) : 0;
    const apiTokensLeft = await countLiveTokens(tx, found.id);
    await appendAudit(tx, scope, {
      action: "access.recovered",
      target: found.email,
      detail: { secondFactorTakenOff: takenOff, sessionsEnded: ended, apiTokensRevoked: revoked, apiTokensLeft },
    });
  });
}
