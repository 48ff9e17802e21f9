import "server-only";
import type { PoolClient } from "pg";
import { appendAudit } from "../audit";
import type { AccountScope } from "../scope";

/** How many API tokens of a person still work. */
export async function countLiveTokens(tx: PoolClient, userId: string): Promise<number> {
  const { rows } = await tx.query<{ live: number }>(
    `SELECT count(*)::int AS live FROM "ApiToken" WHERE "userId" = $1 AND "revokedAt" IS NULL AND "expiresAt" > now()`,
    [userId],
  );
  return rows[0]?.live ?? 0;
}

/** Revokes all API tokens of the scope's own person that still work, each with its audit entry; returns how many. */
export async function revokeOwnTokens(tx: PoolClient, scope: AccountScope): Promise<number> {
  const { rows } = await tx.query<{ id: string; name: string; hint: string; maker: string }>(
    `UPDATE "ApiToken" t SET "revokedAt" = now() FROM "User" u
     WHERE u.id = t."userId" AND t."userId" = $1 AND t."revokedAt" IS NULL AND t."expiresAt" > now()
     RETURNING t.id, t.name, t.hint, u.email AS maker`,
    [scope.userId],
  );
  for (const { id, name, ...detail } of rows)
    await appendAudit(tx, scope, { action: "access.token-revoked", target: name, detail: { tokenId: id, ...detail } });
  return rows.length;
}
