import "server-only";
import { appendAudit } from "@/domain/access/audit";
import type { AccountScope } from "@/domain/access/scope";
import { inTransaction, pool } from "@/lib/db";
import { announce } from "@/lib/events";
import { enqueue } from "@/lib/jobs";
import { sender } from "@/lib/sender";
import { AccountError } from "../account-error";
import { lockAnyAccount } from "../mutations";

/**
 * Removes an account. In this transaction its credentials and settings are destroyed, its clusters leave every list and score, and
 * whatever runs on them is fenced off: it can write nothing more. The rest (clusters, findings, history) is deleted by the job
 * `remove-account`. `typed` has to be the account's name. Removing it again changes nothing. Throws AccountError, ForbiddenError.
 *
 * This is no offboarding: nothing is done, and nothing proven, in the cloud.
 */
export async function removeAccount(scope: AccountScope, accountId: string, typed: string): Promise<void> {
  const boss = await sender();
  await inTransaction(pool(), async (tx) => {
    const account = await lockAnyAccount(tx, scope, accountId);
    if (account.removedAt !== null) return;
    if (typed.trim() !== account.name.trim())
      throw new AccountError("Type the account's name exactly as it is written here.", {
        name: "This is not its name.",
      });
    const secrets = await tx.query<{ field: string }>(`DELETE FROM "Secret" WHERE "accountId" = $1 RETURNING field`, [
      accountId,
    ]);
    await tx.query(`DELETE FROM "AccountDraft" WHERE "accountId" = $1`, [accountId]);
    const clusters = await tx.query<{ id: string; name: string }>(
      `UPDATE "Cluster" SET "goneAt" = coalesce("goneAt", now()), uid = NULL, authority = NULL, fence = fence + 1, "leaseOwner" = NULL, "leaseUntil" = NULL
       WHERE "accountId" = $1 RETURNING id, name`,
      [accountId],
    );
    await tx.query(
      `UPDATE "Account" SET enabled = false, "removedAt" = now(), settings = '{}', "nextScanAt" = NULL, "waitUntil" = NULL, "updatedAt" = now() WHERE id = $1`,
      [accountId],
    );
    await tx.query(
      `DELETE FROM jobs.job WHERE state < 'active' AND (name IN ('discover-account', 'scan-cluster', 'test-connection') AND singleton_key = ANY($1)
         OR name = 'dead-letter' AND coalesce(data ->> 'clusterId', data ->> 'accountId') = ANY($1))`,
      [[accountId, ...clusters.rows.map(({ id }) => id)]],
    );
    await appendAudit(tx, scope, {
      action: "account.removed",
      target: account.name,
      accountId,
      detail: {
        provider: account.provider,
        clusters: clusters.rows.length,
        destroyed: secrets.rows.map(({ field }) => field),
      },
    });
    await enqueue(boss, tx, "remove-account", { accountId });
    await announce(tx, "account");
  });
}
