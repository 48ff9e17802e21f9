import "server-only";
import type pg from "pg";
import { inTransaction, pool } from "@/lib/db";
import { publish } from "@/lib/events";
import { uuidv7 } from "@/lib/id";
import { appendAudit } from "../audit";
import { insertPerson, TokenError } from "../mutations";
import type { Origin } from "../origin";
import { PeopleError } from "../people/mutations";
import { INVITATION_DAYS, type NewInvitation } from "../people/schema";
import { type AccountScope, ForbiddenError, mintScope, requireRole } from "../scope";
import { hashToken, newToken } from "../token";

/** Path of the page that an invitation's link opens. */
export const invitationPath = (token: string): string => `/welcome?invitation=${token}`;

/** The link is a secret: it leaves the outbox as soon as nobody can or need use it. */
const forgetLink = (tx: pg.PoolClient, id: string) =>
  tx.query(
    `UPDATE "OutboxEvent" SET payload = payload - 'link' WHERE kind = 'person.invited' AND payload->>'invitationId' = $1`,
    [id],
  );

/**
 * Invites somebody by a one-time link, good for seven days; returns its path, the only time it is seen here. The event
 * `person.invited` takes it to the mail room. Errors: ForbiddenError above what the scope holds, PeopleError for a person who is
 * here already.
 */
export async function invite(scope: AccountScope, input: NewInvitation): Promise<string> {
  if (scope.userId === null || scope.tokenId !== null) throw new ForbiddenError("Sign in to invite people.");
  for (const accountId of input.accountIds ?? [undefined]) requireRole(scope, "Owner", accountId);
  const { email, role, accountIds } = input;
  const token = newToken();
  const id = uuidv7();
  await inTransaction(pool(), async (tx) => {
    const { rowCount: here } = await tx.query(`SELECT 1 FROM "User" WHERE email = $1`, [email]);
    if ((here ?? 0) > 0) throw new PeopleError("This person is here already. Give the role to them in the list.");
    const { rowCount: accounts } = await tx.query(`SELECT 1 FROM "Account" WHERE id = ANY($1)`, [accountIds ?? []]);
    if ((accounts ?? 0) !== (accountIds ?? []).length) throw new PeopleError("One of these accounts is gone.");
    await tx.query(
      `INSERT INTO "Invitation" (id, email, role, everything, "accountIds", hash, "inviterId", inviter, "expiresAt")
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now() + make_interval(days => $9))`,
      [
        id,
        email,
        role,
        accountIds === null,
        accountIds ?? [],
        hashToken(token),
        scope.userId,
        scope.actor,
        INVITATION_DAYS,
      ],
    );
    await appendAudit(tx, scope, { action: "access.person-invited", target: email, detail: { role, accountIds } });
    await publish(tx, [
      {
        kind: "person.invited",
        payload: { invitationId: id, email, role, inviter: scope.actor, link: invitationPath(token) },
      },
    ]);
  });
  return invitationPath(token);
}

/** Withdraws an open invitation; false when it was accepted or withdrawn before. The scope must be able to grant what it offers. */
export async function withdrawInvitation(scope: AccountScope, id: string): Promise<boolean> {
  if (scope.tokenId !== null) throw new ForbiddenError("Sign in to manage invitations.");
  return inTransaction(pool(), async (tx) => {
    const { rows } = await tx.query<{ email: string; role: string; everything: boolean; accountIds: string[] }>(
      `UPDATE "Invitation" SET "withdrawnAt" = now() WHERE id = $1 AND "acceptedAt" IS NULL AND "withdrawnAt" IS NULL
       RETURNING email, role, everything, "accountIds"`,
      [id],
    );
    const row = rows[0];
    if (row === undefined) return false;
    for (const accountId of row.everything ? [undefined] : row.accountIds) requireRole(scope, "Owner", accountId);
    await forgetLink(tx, id);
    await appendAudit(tx, scope, {
      action: "access.invitation-withdrawn",
      target: row.email,
      detail: { role: row.role, accountIds: row.everything ? null : row.accountIds },
    });
    return true;
  });
}

interface Accepted {
  id: string;
  email: string;
  role: string;
  inviterId: string;
  /** Null for everything. */
  accountIds: string[] | null;
}

/** What an invitation offers is its inviter's to give at this moment, not only when it was written. */
async function stillTheirs(
  tx: pg.PoolClient,
  inviterId: string,
  accountIds: readonly string[] | null,
): Promise<boolean> {
  const { rows } = await tx.query<{ accountId: string | null }>(
    `SELECT "accountId" FROM "RoleGrant" WHERE "userId" = $1 AND role = 'Owner' FOR SHARE`,
    [inviterId],
  );
  const owned = new Set(rows.map((row) => row.accountId));
  return owned.has(null) || (accountIds?.every((id) => owned.has(id)) ?? false);
}

/** Spends an invitation: makes the person with the roles it offers. `passwordHash` comes from the sign-in library. Throws TokenError. */
export async function acceptInvitation(
  token: string,
  name: string,
  passwordHash: string,
  origin: Origin,
): Promise<{ email: string }> {
  return inTransaction(pool(), async (tx) => {
    const { rows } = await tx.query<Accepted>(
      `UPDATE "Invitation" SET "acceptedAt" = now()
       WHERE hash = $1 AND "acceptedAt" IS NULL AND "withdrawnAt" IS NULL AND "expiresAt" > now()
       RETURNING id, email, role, "inviterId", CASE WHEN everything THEN NULL ELSE "accountIds" END AS "accountIds"`,
      [hashToken(token)],
    );
    const found = rows[0];
    if (found === undefined)
      throw new TokenError("This invitation was used, withdrawn or has expired. Ask for a new one.");
    if (!(await stillTheirs(tx, found.inviterId, found.accountIds)))
      throw new TokenError("Who invited you can no longer give this role. Ask for a new invitation.");
    const { rowCount: here } = await tx.query(`SELECT 1 FROM "User" WHERE email = $1`, [found.email]);
    if ((here ?? 0) > 0) throw new TokenError("This person is here already. Sign in instead.");
    const userId = await insertPerson(tx, { name, email: found.email }, passwordHash);
    await tx.query(
      `INSERT INTO "RoleGrant" (id, "userId", role, "accountId")
       SELECT gen_random_uuid(), $1, $2, a.id FROM "Account" a WHERE a.id = ANY($3::uuid[])
       UNION ALL SELECT gen_random_uuid(), $1, $2, NULL WHERE $3::uuid[] IS NULL`,
      [userId, found.role, found.accountIds],
    );
    await forgetLink(tx, found.id);
    await appendAudit(tx, mintScope(userId, name, [], { origin }), {
      action: "access.invitation-accepted",
      target: found.email,
      after: { role: found.role, accountIds: found.accountIds },
    });
    return { email: found.email };
  });
}
