import "server-only";
import { inTransaction, pool } from "@/lib/db";
import { appendAudit } from "../audit";
import { type AccountScope, ForbiddenError, requireRole } from "../scope";
import { allowAttempt } from "../throttle/store";

/** Requires a second factor of everybody who signs in with a password, or no longer; the same again changes nothing. */
export async function requireSecondFactor(scope: AccountScope, required: boolean): Promise<void> {
  if (scope.tokenId !== null) throw new ForbiddenError("Sign in to change this.");
  requireRole(scope, "Owner");
  await inTransaction(pool(), async (tx) => {
    const { rowCount } = await tx.query(
      `UPDATE "SignInPolicy" SET "requireSecondFactor" = $1 WHERE id = 1 AND "requireSecondFactor" <> $1`,
      [required],
    );
    if (rowCount === 0) return;
    await appendAudit(tx, scope, {
      action: "access.policy-changed",
      target: "second factor",
      before: { required: !required },
      after: { required },
    });
  });
}

/**
 * Spends a code of the authenticator app; false when it was spent before. The library takes one as often as its half minute
 * lasts, but a watcher must not be able to use it after its owner.
 */
export const spendAppCode = (userId: string, code: string): Promise<boolean> =>
  allowAttempt(`totp:${userId}:${code}`, 1, 2 * 60 * 1000);

/** Notes what a person did with the own second factor. */
export async function noteFactorChange(
  scope: AccountScope,
  action: "second-factor-disabled" | "backup-codes-renewed",
): Promise<void> {
  await inTransaction(pool(), (tx) => appendAudit(tx, scope, { action: `access.${action}`, target: scope.actor }));
}
