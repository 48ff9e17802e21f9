import "server-only";
import { inTransaction, pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { appendAudit } from "../audit";
import { type AccountScope, ForbiddenError, hasRole } from "../scope";
import { hashToken } from "../token";
import { newApiToken } from "./format";
import { MAX_OPEN_TOKENS, type NewToken } from "./schema";

/** A token cannot be made as asked; the message says why. */
export class ApiTokenError extends Error {
  override name = "ApiTokenError";
  readonly code = "api-token";
}

/** Tokens are made and revoked by people who are signed in: a stolen token must not be able to make its successor. */
function requirePerson(scope: AccountScope): string {
  if (scope.userId === null || scope.tokenId !== null) throw new ForbiddenError("Sign in to manage API tokens.");
  return scope.userId;
}

/** Makes a token and returns it, the only time it is seen. Errors: ApiTokenError, ForbiddenError for more than its maker holds. */
export async function createApiToken(scope: AccountScope, input: NewToken): Promise<string> {
  const userId = requirePerson(scope);
  const { name, scopes, accountIds, days } = input;
  if (scope.grants.length === 0) throw new ForbiddenError("You hold no role, so a token of yours could see nothing.");
  for (const accountId of accountIds ?? []) {
    if (!hasRole(scope, "Security Reader", accountId))
      throw new ForbiddenError("A token cannot reach an account that you do not see.");
  }
  const writes = accountIds ?? scope.grants.map((grant) => grant.accountId);
  if (scopes.includes("write") && !writes.some((id) => hasRole(scope, "Security Admin", id ?? undefined)))
    throw new ForbiddenError("A token that writes needs the role Security Admin on one of its accounts.");
  const token = newApiToken();
  await inTransaction(pool(), async (tx) => {
    await tx.query(`SELECT 1 FROM "User" WHERE id = $1 FOR UPDATE`, [userId]); // so that two requests cannot both be the last allowed
    const { rows: open } = await tx.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM "ApiToken" WHERE "userId" = $1 AND "revokedAt" IS NULL AND "expiresAt" > now()`,
      [userId],
    );
    if ((open[0]?.n ?? 0) >= MAX_OPEN_TOKENS)
      throw new ApiTokenError(`You have ${MAX_OPEN_TOKENS} tokens already. Revoke one first.`);
    const id = uuidv7();
    const hint = token.slice(-4);
    const { rows } = await tx.query<{ expiresAt: Date }>(
      `INSERT INTO "ApiToken" (id, "userId", name, hash, hint, scopes, everything, "accountIds", "expiresAt")
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now() + make_interval(days => $9)) RETURNING "expiresAt"`,
      [id, userId, name, hashToken(token), hint, scopes, accountIds === null, accountIds ?? [], days],
    );
    await appendAudit(tx, scope, {
      action: "access.token-created",
      target: name,
      detail: {
        tokenId: id,
        hint,
        scopes,
        accountIds: accountIds ?? "every account",
        expiresAt: rows[0]?.expiresAt.toISOString(),
      },
    });
  });
  return token;
}

/** Revokes a token at once; false when it was revoked before. One's own, or anybody's for an Owner of everything. */
export async function revokeApiToken(scope: AccountScope, id: string): Promise<boolean> {
  const userId = requirePerson(scope);
  return inTransaction(pool(), async (tx) => {
    const { rows } = await tx.query<{ name: string; hint: string; maker: string }>(
      `UPDATE "ApiToken" t SET "revokedAt" = now() FROM "User" u
       WHERE u.id = t."userId" AND t.id = $1 AND t."revokedAt" IS NULL AND ($3 OR t."userId" = $2)
       RETURNING t.name, t.hint, u.email AS maker`,
      [id, userId, hasRole(scope, "Owner")],
    );
    const revoked = rows[0];
    if (revoked === undefined) return false;
    const { name, ...detail } = revoked;
    await appendAudit(tx, scope, { action: "access.token-revoked", target: name, detail: { tokenId: id, ...detail } });
    return true;
  });
}

/** Notes that a token was used; at most once a minute for each, so that a busy client costs no write per request. */
export async function noteTokenUse(id: string, address: string | null): Promise<void> {
  await pool().query(
    `UPDATE "ApiToken" SET "lastUsedAt" = now(), "lastUsedAddress" = $2
     WHERE id = $1 AND ("lastUsedAt" IS NULL OR "lastUsedAt" < now() - interval '1 minute')`,
    [id, address],
  );
}
