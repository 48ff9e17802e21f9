import "server-only";
import type pg from "pg";
import { inTransaction, pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { appendAudit } from "./audit";
import type { Origin } from "./origin";
import type { OwnerInput } from "./schema";
import { mintScope } from "./scope";
import { hashToken } from "./token";

/** Why a one-time token was refused; the person is told no more than this. */
export class TokenError extends Error {
  override name = "TokenError";
  readonly code = "token";
}

/** Marks a token used, once: the conditional update lets exactly one of two simultaneous requests through. */
async function spend(
  tx: pg.PoolClient,
  purpose: "setup" | "sign-in",
  token: string,
): Promise<{ userId: string | null }> {
  const { rows } = await tx.query<{ userId: string | null }>(
    `UPDATE "OneTimeToken" SET "usedAt" = now() WHERE hash = $1 AND purpose = $2 AND "usedAt" IS NULL AND "expiresAt" > now() RETURNING "userId"`,
    [hashToken(token), purpose],
  );
  if (rows[0] === undefined)
    throw new TokenError("This link was used already or has expired. Start Seawall again to print a new one.");
  return rows[0];
}

/** Writes a person with a password. `passwordHash` comes from the sign-in library. */
export async function insertPerson(
  tx: pg.PoolClient,
  person: { name: string; email: string },
  passwordHash: string,
): Promise<string> {
  const id = uuidv7();
  await tx.query(
    `INSERT INTO "User" (id, name, email, "emailVerified", "updatedAt") VALUES ($1, $2, $3, true, now())`,
    [id, person.name, person.email],
  );
  await tx.query(
    `INSERT INTO "SignInMethod" (id, "userId", "accountId", "providerId", password, "updatedAt") VALUES ($1, $2, $2, 'credential', $3, now())`,
    [uuidv7(), id, passwordHash],
  );
  return id;
}

/** Creates the first Owner. Throws TokenError. */
export async function createOwner(
  input: Omit<OwnerInput, "password">,
  passwordHash: string,
  origin: Origin,
): Promise<string> {
  return inTransaction(pool(), async (tx) => {
    // Two starts on one database may each have printed a link; used at once, neither would see the other's Owner.
    await tx.query("SELECT pg_advisory_xact_lock(hashtextextended('first owner', 0))");
    await spend(tx, "setup", input.token);
    const { rowCount } = await tx.query(`SELECT 1 FROM "RoleGrant" WHERE role = 'Owner' AND "accountId" IS NULL`);
    if ((rowCount ?? 0) > 0) throw new TokenError("This installation already has an Owner. Sign in instead.");
    const id = await insertPerson(tx, input, passwordHash);
    await tx.query(`INSERT INTO "RoleGrant" (id, "userId", role) VALUES ($1, $2, 'Owner')`, [uuidv7(), id]);
    const scope = mintScope(id, input.name, [], { origin });
    await appendAudit(tx, scope, { action: "access.owner-created", target: input.email });
    return id;
  });
}

/** Spends a sign-in token and names its user. Throws TokenError. */
export async function spendSignInToken(token: string, origin: Origin): Promise<string> {
  return inTransaction(pool(), async (tx) => {
    const { userId } = await spend(tx, "sign-in", token);
    const { rows } = await tx.query<{ id: string; name: string; email: string }>(
      `SELECT id, name, email FROM "User" WHERE id = $1`,
      [userId],
    );
    const user = rows[0];
    if (user === undefined)
      throw new TokenError("This link belongs to nobody. Start Seawall again to print a new one.");
    const scope = mintScope(user.id, user.name, [], { origin });
    await appendAudit(tx, scope, { action: "access.signed-in-by-link", target: user.email });
    return user.id;
  });
}
