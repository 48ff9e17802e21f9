import "server-only";
import type { PoolClient } from "pg";
import { pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { hashToken, newToken } from "../token";

/** Makes a one-time token that lasts `hours`, and resolves with it; only its hash is stored. */
export async function issueToken(purpose: "setup" | "sign-in", userId: string | null, hours: number): Promise<string> {
  const token = newToken();
  // Only the newest link works: an older one may lie in a terminal's history.
  await pool().query(`UPDATE "OneTimeToken" SET "usedAt" = now() WHERE "purpose" = $1 AND "usedAt" IS NULL`, [purpose]);
  await pool().query(
    `INSERT INTO "OneTimeToken" ("id", "purpose", "hash", "userId", "expiresAt") VALUES ($1, $2, $3, $4, now() + make_interval(hours => $5))`,
    [uuidv7(), purpose, hashToken(token), userId, hours],
  );
  return token;
}

/** Whether anybody is Owner of everything. */
export async function hasOwner(): Promise<boolean> {
  const { rows } = await pool().query(`SELECT 1 FROM "RoleGrant" WHERE "role" = 'Owner' AND "accountId" IS NULL`);
  return rows.length > 0;
}

/** Makes a person without a password an Owner of everything, unless there already is one of that address; resolves with the id. */
export async function ensureOwner(name: string, email: string): Promise<string> {
  const id = uuidv7();
  await pool().query(
    `INSERT INTO "User" ("id", "name", "email", "emailVerified", "updatedAt") VALUES ($1, $2, $3, true, now()) ON CONFLICT ("email") DO NOTHING`,
    [id, name, email],
  );
  const { rows } = await pool().query<{ id: string }>(`SELECT "id" FROM "User" WHERE "email" = $1`, [email]);
  const userId = rows[0]?.id ?? id;
  await pool().query(
    `INSERT INTO "RoleGrant" ("id", "userId", "role") SELECT $1, $2, 'Owner' WHERE NOT EXISTS (SELECT 1 FROM "RoleGrant" WHERE "userId" = $2)`,
    [uuidv7(), userId],
  );
  return userId;
}

/** Deletes one-time tokens, and codes of sign-ins in hand, that ran out before `before`. At most `most` of each; returns how many. */
export async function forgetTokens(tx: PoolClient, before: Date, most: number): Promise<number> {
  let gone = 0;
  for (const table of ["OneTimeToken", "Verification"]) {
    const { rowCount } = await tx.query(
      `DELETE FROM "${table}" WHERE "id" IN (SELECT "id" FROM "${table}" WHERE "expiresAt" < $1 LIMIT $2)`,
      [before, most],
    );
    gone += rowCount ?? 0;
  }
  return gone;
}
