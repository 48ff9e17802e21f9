import "server-only";
import { pool } from "@/lib/db";
import { type AccountScope, hasRole } from "../scope";
import { hashToken } from "../token";
import { isApiTokenShape } from "./format";
import { TOKEN_SCOPES, type TokenRow, type TokenScope } from "./schema";

const knownScopes = (scopes: readonly string[]): TokenScope[] => TOKEN_SCOPES.filter((scope) => scopes.includes(scope));

export interface LiveToken {
  id: string;
  userId: string;
  /** The maker's name. */
  maker: string;
  name: string;
  scopes: TokenScope[];
  accountIds: string[] | null;
  lastUsedAt: Date | null;
}

/** The token that may still be used, or null: unknown, mistyped, expired and revoked look alike. */
export async function liveToken(token: string): Promise<LiveToken | null> {
  if (!isApiTokenShape(token)) return null;
  const { rows } = await pool().query<Omit<LiveToken, "scopes"> & { scopes: string[] }>(
    `SELECT t.id, t."userId", u.name AS maker, t.name, t.scopes, t."lastUsedAt",
            CASE WHEN t.everything THEN NULL ELSE t."accountIds" END AS "accountIds"
     FROM "ApiToken" t JOIN "User" u ON u.id = t."userId"
     WHERE t.hash = $1 AND t."revokedAt" IS NULL AND t."expiresAt" > now()`,
    [hashToken(token)],
  );
  const row = rows[0];
  return row === undefined ? null : { ...row, scopes: knownScopes(row.scopes) };
}

/** Tokens, newest first: one's own, and for an Owner of everything those of all people. Ended ones for 90 days. */
export async function listTokens(scope: AccountScope): Promise<TokenRow[]> {
  const { rows } = await pool().query<Omit<TokenRow, "scopes"> & { scopes: string[] }>(
    `SELECT t.id, t."userId", u.name AS maker, t.name, t.hint, t.scopes, t."createdAt", t."expiresAt", t."lastUsedAt", t."lastUsedAddress",
            CASE WHEN t.everything THEN NULL
                 ELSE ARRAY(SELECT a.name FROM "Account" a WHERE a.id = ANY(t."accountIds") ORDER BY a.name) END AS accounts,
            CASE WHEN t."revokedAt" IS NOT NULL THEN 'revoked' WHEN t."expiresAt" <= now() THEN 'expired' ELSE 'active' END AS state
     FROM "ApiToken" t JOIN "User" u ON u.id = t."userId"
     WHERE ($2 OR t."userId" = $1) AND least(t."revokedAt", t."expiresAt") > now() - interval '90 days'
     ORDER BY t.id DESC LIMIT 500`,
    [scope.userId, hasRole(scope, "Owner")],
  );
  return rows.map((row) => ({ ...row, scopes: knownScopes(row.scopes) }));
}
