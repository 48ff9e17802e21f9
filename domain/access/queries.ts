import "server-only";
import { byName } from "@/lib/by-name";
import { pool } from "@/lib/db";
import { type AccountScope, type Grant, ROLES, type Role } from "./scope";
import { hashToken } from "./token";

const isRole = (role: string): role is Role => (ROLES as readonly string[]).includes(role);

/** Grants of a user. A role this version does not know grants nothing. */
export async function grantsOf(userId: string): Promise<Grant[]> {
  const { rows } = await pool().query<{ role: string; accountId: string | null }>(
    `SELECT role, "accountId" FROM "RoleGrant" WHERE "userId" = $1`,
    [userId],
  );
  return rows.flatMap(({ role, accountId }) => (isRole(role) ? [{ role, accountId }] : []));
}

/** True while a token may still be spent. Looking does not spend it. */
export async function isTokenOpen(purpose: "setup" | "sign-in", token: string): Promise<boolean> {
  const { rowCount } = await pool().query(
    `SELECT 1 FROM "OneTimeToken" WHERE hash = $1 AND purpose = $2 AND "usedAt" IS NULL AND "expiresAt" > now()`,
    [hashToken(token), purpose],
  );
  return rowCount === 1;
}

/** Of User `u` and SignInPolicy `p`: an Owner requires a second factor, and this person signs in with a password alone. */
const MUST_ENROL = `p."requireSecondFactor" AND u."twoFactorEnabled" IS NOT TRUE
  AND EXISTS (SELECT 1 FROM "SignInMethod" m WHERE m."userId" = u.id AND m."providerId" = 'credential')`;

/**
 * A user's grants, and whether a second factor must be set up before anything else: an Owner requires it, and this person signs in with a
 * password alone. Who comes through OIDC proves theirs to the issuer.
 */
export async function standingOf(userId: string): Promise<{ grants: Grant[]; mustEnrol: boolean }> {
  const { rows } = await pool().query<{ role: string | null; accountId: string | null; mustEnrol: boolean }>(
    `SELECT r.role, r."accountId", ${MUST_ENROL} AS "mustEnrol"
     FROM "User" u CROSS JOIN "SignInPolicy" p LEFT JOIN "RoleGrant" r ON r."userId" = u.id WHERE u.id = $1 AND p.id = 1`,
    [userId],
  );
  return {
    grants: rows.flatMap(({ role, accountId }) => (role !== null && isRole(role) ? [{ role, accountId }] : [])),
    mustEnrol: rows[0]?.mustEnrol ?? true,
  };
}

/**
 * Those of these scopes whom the gate would let read now: the session or the token lives, and its person holds a role within its reach.
 * One query for however many; unlike the gate it prolongs no session and notes no use.
 */
export async function stillAdmitted(scopes: readonly AccountScope[]): Promise<ReadonlySet<AccountScope>> {
  const { rows } = await pool().query<{ by: string }>(
    `WITH asks AS (
       SELECT s.id AS by, s."userId", true AS "inPerson", NULL::uuid[] AS within FROM "Session" s WHERE s.id = ANY($1) AND s."expiresAt" > now()
       UNION ALL
       SELECT t.id::text, t."userId", false, CASE WHEN t.everything THEN NULL ELSE t."accountIds" END FROM "ApiToken" t
       WHERE t.id = ANY($2::uuid[]) AND t."revokedAt" IS NULL AND t."expiresAt" > now() AND 'read' = ANY(t.scopes))
     SELECT a.by FROM asks a JOIN "User" u ON u.id = a."userId" CROSS JOIN "SignInPolicy" p
     WHERE p.id = 1 AND NOT (a."inPerson" AND ${MUST_ENROL})
       AND EXISTS (SELECT 1 FROM "RoleGrant" r WHERE r."userId" = u.id AND r.role = ANY($3)
         AND (a.within IS NULL OR (r."accountId" IS NULL AND a.within <> '{}') OR r."accountId" = ANY(a.within)))`,
    [scopes.flatMap((scope) => scope.sessionId ?? []), scopes.flatMap((scope) => scope.tokenId ?? []), ROLES],
  );
  const admitted = new Set(rows.map(({ by }) => by));
  return new Set(scopes.filter((scope) => admitted.has(scope.tokenId ?? scope.sessionId ?? "")));
}

/** Accounts that the scope sees, by name. */
export async function visibleAccounts(scope: AccountScope): Promise<{ id: string; name: string }[]> {
  const { rows } = await pool().query<{ id: string; name: string }>(
    `SELECT id, name FROM "Account" WHERE $1::uuid[] IS NULL OR id = ANY($1) ORDER BY lower(name), id LIMIT 2000`,
    [scope.accountIds],
  );
  return rows.sort(byName);
}
