import "server-only";
import type pg from "pg";
import { inTransaction, pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { appendAudit } from "../audit";
import { type AccountScope, effectOf, ForbiddenError, type Grant, type Role, requireRole } from "../scope";

/** A change of people that cannot be made; the message says why. */
export class PeopleError extends Error {
  override name = "PeopleError";
  readonly code = "people";
}

export interface Person {
  id: string;
  name: string;
  email: string;
}

/** Roles are given by people: a token must not be able to widen what its maker may. */
function requireOwner(scope: AccountScope, accountId: string | null): void {
  if (scope.tokenId !== null) throw new ForbiddenError("Sign in to manage people.");
  requireRole(scope, "Owner", accountId ?? undefined);
}

/** Locks a person, so that two changes of the same grants come one after the other. Throws PeopleError when there is none. */
async function lockPerson(tx: pg.PoolClient, userId: string): Promise<Person> {
  const { rows } = await tx.query<Person>(`SELECT id, name, email FROM "User" WHERE id = $1 FOR UPDATE`, [userId]);
  if (rows[0] === undefined) throw new PeopleError("This person is gone.");
  return rows[0];
}

/** Throws PeopleError when nobody but `userId` is Owner of everything. Locks all such grants: of two last Owners only one can go. */
export async function keepAnOwner(tx: pg.PoolClient, userId: string): Promise<void> {
  const { rows } = await tx.query<{ userId: string }>(
    `SELECT "userId" FROM "RoleGrant" WHERE role = 'Owner' AND "accountId" IS NULL ORDER BY id FOR UPDATE`,
  );
  if (rows.some((row) => row.userId === userId) && rows.every((row) => row.userId === userId))
    throw new PeopleError("This is the last Owner of everything. Make somebody else Owner first.");
}

/** Ends a person's sessions but the one that acts, so that no session outlives the rights it began with. */
export async function endSessions(tx: pg.PoolClient, userId: string, but: string | null): Promise<number> {
  const { rowCount } = await tx.query(`DELETE FROM "Session" WHERE "userId" = $1 AND id IS DISTINCT FROM $2`, [
    userId,
    but,
  ]);
  return rowCount ?? 0;
}

async function accountName(tx: pg.PoolClient, accountId: string | null): Promise<string> {
  if (accountId === null) return "everything";
  const { rows } = await tx.query<{ name: string }>(`SELECT name FROM "Account" WHERE id = $1`, [accountId]);
  if (rows[0] === undefined) throw new PeopleError("This account is gone.");
  return rows[0].name;
}

/** What all grants of a person allow, given and claimed ones together. */
async function rightsOf(tx: pg.PoolClient, userId: string): Promise<string> {
  const { rows } = await tx.query<Grant>(`SELECT role, "accountId" FROM "RoleGrant" WHERE "userId" = $1`, [userId]);
  return effectOf(rows);
}

/**
 * Gives `role` on an account or (null) on everything, in place of what the person was given there; null takes it away. Sessions end
 * when the person may do something else by it: an Owner of one account must not sign out whoever holds more than they can give.
 */
async function place(
  tx: pg.PoolClient,
  scope: AccountScope,
  person: Person,
  role: Role | null,
  accountId: string | null,
): Promise<boolean> {
  const { rows } = await tx.query<{ role: string }>(
    `SELECT role FROM "RoleGrant" WHERE "userId" = $1 AND "accountId" IS NOT DISTINCT FROM $2 AND source = 'given' FOR UPDATE`,
    [person.id, accountId],
  );
  const held = rows[0]?.role ?? null;
  if (held === role) return false;
  if (held === "Owner" && accountId === null) await keepAnOwner(tx, person.id);
  const on = await accountName(tx, accountId);
  const before = await rightsOf(tx, person.id);
  await tx.query(
    `DELETE FROM "RoleGrant" WHERE "userId" = $1 AND "accountId" IS NOT DISTINCT FROM $2 AND source = 'given'`,
    [person.id, accountId],
  );
  if (role !== null)
    await tx.query(`INSERT INTO "RoleGrant" (id, "userId", role, "accountId") VALUES ($1, $2, $3, $4)`, [
      uuidv7(),
      person.id,
      role,
      accountId,
    ]);
  const isChanged = (await rightsOf(tx, person.id)) !== before;
  const kept = person.id === scope.userId ? scope.sessionId : null;
  const ended = isChanged ? await endSessions(tx, person.id, kept) : 0;
  await appendAudit(tx, scope, {
    action: role === null ? "access.role-withdrawn" : held === null ? "access.role-granted" : "access.role-changed",
    target: person.email,
    ...(accountId === null ? {} : { accountId }),
    before: { role: held },
    after: { role },
    detail: { on, person: person.id, sessionsEnded: ended },
  });
  return true;
}

/**
 * Grants a role on everything (null) or on accounts, or changes it there. The person's sessions end when their rights change by it. Returns how many
 * places changed; the same again changes none. Errors: ForbiddenError above what the scope holds, PeopleError.
 */
export async function grantRole(
  scope: AccountScope,
  userId: string,
  role: Role,
  accountIds: readonly string[] | null,
): Promise<number> {
  const places = accountIds ?? [null];
  for (const accountId of places) requireOwner(scope, accountId);
  return inTransaction(pool(), async (tx) => {
    const person = await lockPerson(tx, userId);
    let changed = 0;
    for (const accountId of places) if (await place(tx, scope, person, role, accountId)) changed += 1;
    return changed;
  });
}

/** Withdraws the role that a person was given on an account or (null) on everything; false when there was none. Errors as `grantRole`. */
export async function withdrawRole(scope: AccountScope, userId: string, accountId: string | null): Promise<boolean> {
  requireOwner(scope, accountId);
  return inTransaction(pool(), async (tx) => place(tx, scope, await lockPerson(tx, userId), null, accountId));
}

/**
 * Takes every role from a person, ends all sessions and revokes all API tokens. Whoever comes back through a claim has only what
 * that brings. For an Owner of everything; not for oneself. Errors: ForbiddenError, PeopleError.
 */
export async function removePerson(scope: AccountScope, userId: string): Promise<void> {
  requireOwner(scope, null);
  if (userId === scope.userId) throw new PeopleError("You cannot remove yourself. Ask another Owner.");
  await inTransaction(pool(), async (tx) => {
    const person = await lockPerson(tx, userId);
    await keepAnOwner(tx, userId);
    const { rows: grants } = await tx.query(`DELETE FROM "RoleGrant" WHERE "userId" = $1 RETURNING role, "accountId"`, [
      userId,
    ]);
    const { rowCount: tokens } = await tx.query(
      `UPDATE "ApiToken" SET "revokedAt" = now() WHERE "userId" = $1 AND "revokedAt" IS NULL`,
      [userId],
    );
    const sessions = await endSessions(tx, userId, null);
    if (grants.length + (tokens ?? 0) + sessions === 0) return;
    await appendAudit(tx, scope, {
      action: "access.person-removed",
      target: person.email,
      before: { grants },
      after: { grants: [] },
      detail: { person: person.id, tokensRevoked: tokens ?? 0, sessionsEnded: sessions },
    });
  });
}
