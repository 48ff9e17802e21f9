import "server-only";
import { appendAudit } from "@/domain/access/audit";
import { type AccountScope, ForbiddenError } from "@/domain/access/scope";
import { inTransaction, pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { RaceError } from "../notification-error";
import type { PreferenceInput } from "../schema";
import { choicesOf, versionOf } from "./choice";
import { preferencesOf } from "./queries";

/**
 * What a person chooses for himself: pace, digest, quiet hours, zone, and whether he is mailed at all. Everybody may, for himself only.
 * Stores it over the version `begun` and resolves with the new one; the same again changes nothing. Throws ForbiddenError, and RaceError
 * when it was changed since, in another tab or by a link in a mail.
 */
export async function savePreferences(
  scope: AccountScope,
  input: PreferenceInput,
  begun: string | null,
): Promise<string> {
  if (scope.userId === null || scope.tokenId !== null) throw new ForbiddenError("Sign in to change what you get.");
  const { userId } = scope;
  const quiet = input.quiet && input.quietFrom !== input.quietTo;
  const chosen = choicesOf({
    ...input,
    quietFrom: quiet ? input.quietFrom : null,
    quietTo: quiet ? input.quietTo : null,
  });
  const version = versionOf(chosen);
  return inTransaction(pool(), async (tx) => {
    // The row is made first, so that there is always one to lock.
    await tx.query(
      `INSERT INTO "Recipient" (id, "userId", "updatedAt") VALUES ($1, $2, now()) ON CONFLICT ("userId") DO NOTHING`,
      [uuidv7(), userId],
    );
    await tx.query(`SELECT FROM "Recipient" WHERE "userId" = $1 FOR UPDATE`, [userId]);
    const before = await preferencesOf(tx, userId);
    if (before?.version === version) return version;
    if (before?.version !== begun)
      throw new RaceError("What you get was changed, in another tab or by a link in a mail,");
    await tx.query(
      `UPDATE "Recipient" SET pace = $2, "digestDay" = $3, "digestHour" = $4, "quietFrom" = $5, "quietTo" = $6, "timeZone" = $7, "criticalAtOnce" = $8,
         "unsubscribedAt" = CASE WHEN $9 THEN NULL ELSE coalesce("unsubscribedAt", now()) END, "updatedAt" = now() WHERE "userId" = $1`,
      [
        ...[userId, chosen.pace, chosen.digestDay, chosen.digestHour, chosen.quietFrom, chosen.quietTo],
        ...[chosen.timeZone, chosen.criticalAtOnce, chosen.subscribed],
      ],
    );
    const { pace, timeZone, subscribed } = chosen;
    await appendAudit(tx, scope, {
      action: "notifications.preferences-saved",
      target: scope.actor,
      detail: { pace, quiet, timeZone, subscribed },
    });
    return version;
  });
}
