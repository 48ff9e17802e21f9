import "server-only";
import { byName } from "@/lib/by-name";
import { pool } from "@/lib/db";
import { type AccountScope, accountsWith, ForbiddenError, ROLES, type Role } from "../scope";
import { hashToken } from "../token";
import type { HeldRole, InvitationRow, PersonRow } from "./schema";

/** Accounts whose people an Owner manages; null is everything. Throws ForbiddenError when the scope is nobody's Owner. */
export function ownedAccounts(scope: AccountScope): string[] | null {
  const ids = accountsWith(scope, "Owner");
  if (ids?.length === 0) throw new ForbiddenError("This needs the role Owner. Ask an Owner for it.");
  return ids;
}

/**
 * People with their roles, by name. An Owner of some accounts sees who reaches those: people with a role on everything, and on his
 * accounts, without what they hold elsewhere. Throws ForbiddenError.
 */
export async function listPeople(scope: AccountScope): Promise<PersonRow[]> {
  const owned = ownedAccounts(scope);
  const { rows } = await pool().query<Omit<PersonRow, "grants"> & { grants: HeldRole[] | null }>(
    `SELECT u.id, u.name, u.email, coalesce(u."twoFactorEnabled", false) AS "secondFactor",
            EXISTS (SELECT 1 FROM "SignInMethod" m WHERE m."userId" = u.id AND m."providerId" = 'credential') AS password,
            EXISTS (SELECT 1 FROM "SignInMethod" m WHERE m."userId" = u.id AND m."providerId" <> 'credential') AS oidc,
            (SELECT max(s."updatedAt") FROM "Session" s WHERE s."userId" = u.id) AS "lastSeenAt", g.grants
     FROM "User" u LEFT JOIN LATERAL (
       SELECT jsonb_agg(jsonb_build_object('role', r.role, 'accountId', r."accountId", 'account', a.name, 'source', r.source)
                        ORDER BY r."accountId" IS NOT NULL, a.name, r.source DESC) AS grants
       FROM "RoleGrant" r LEFT JOIN "Account" a ON a.id = r."accountId"
       WHERE r."userId" = u.id AND ($1::uuid[] IS NULL OR r."accountId" IS NULL OR r."accountId" = ANY($1))) g ON true
     WHERE $1::uuid[] IS NULL OR g.grants IS NOT NULL
     ORDER BY lower(u.name), u.id LIMIT 2000`,
    [owned],
  );
  return rows.map((row) => ({ ...row, grants: (row.grants ?? []).filter((grant) => ROLES.includes(grant.role)) }));
}

/** Open and expired invitations, newest first; those accepted or withdrawn are in the audit log. Throws ForbiddenError. */
export async function listInvitations(scope: AccountScope): Promise<InvitationRow[]> {
  const { rows } = await pool().query<InvitationRow>(
    `SELECT i.id, i.email, i.role, i.inviter, i."createdAt", i."expiresAt", i."expiresAt" <= now() AS expired,
            CASE WHEN i.everything THEN NULL
                 ELSE ARRAY(SELECT a.name FROM "Account" a WHERE a.id = ANY(i."accountIds") ORDER BY a.name) END AS accounts
     FROM "Invitation" i
     WHERE i."acceptedAt" IS NULL AND i."withdrawnAt" IS NULL AND i."expiresAt" > now() - interval '30 days'
       AND ($1::uuid[] IS NULL OR (NOT i.everything AND i."accountIds" <@ $1))
     ORDER BY i.id DESC LIMIT 500`,
    [ownedAccounts(scope)],
  );
  return rows;
}

/** Accounts on which the scope may grant roles, by name. Throws ForbiddenError. */
export async function grantableAccounts(scope: AccountScope): Promise<{ id: string; name: string }[]> {
  const { rows } = await pool().query<{ id: string; name: string }>(
    `SELECT id, name FROM "Account" WHERE $1::uuid[] IS NULL OR id = ANY($1) ORDER BY id`,
    [ownedAccounts(scope)],
  );
  return rows.sort(byName);
}

/** The invitation that a link opens, while it may be accepted. Looking accepts nothing. */
export async function openInvitation(token: string): Promise<{ email: string; role: Role; inviter: string } | null> {
  const { rows } = await pool().query<{ email: string; role: Role; inviter: string }>(
    `SELECT email, role, inviter FROM "Invitation"
     WHERE hash = $1 AND "acceptedAt" IS NULL AND "withdrawnAt" IS NULL AND "expiresAt" > now()`,
    [hashToken(token)],
  );
  return rows[0] ?? null;
}
