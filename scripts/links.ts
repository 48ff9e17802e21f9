import { hashToken, newToken } from "@/domain/access/token";
import { pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";

async function issue(purpose: "setup" | "sign-in", userId: string | null, hours: number): Promise<string> {
  const token = newToken();
  // Only the newest link works: an older one may lie in a terminal's history.
  await pool().query(`UPDATE "OneTimeToken" SET "usedAt" = now() WHERE "purpose" = $1 AND "usedAt" IS NULL`, [purpose]);
  await pool().query(
    `INSERT INTO "OneTimeToken" ("id", "purpose", "hash", "userId", "expiresAt") VALUES ($1, $2, $3, $4, now() + make_interval(hours => $5))`,
    [uuidv7(), purpose, hashToken(token), userId, hours],
  );
  return token;
}

/** The link that makes the first Owner, or null when there is one. */
export async function setupLink(url: string): Promise<string | null> {
  const { rowCount } = await pool().query(`SELECT 1 FROM "RoleGrant" WHERE "role" = 'Owner' AND "accountId" IS NULL`);
  if ((rowCount ?? 0) > 0) return null;
  return `${url}/setup?token=${await issue("setup", null, 24)}`;
}

/** A link that signs the demo's Owner in, once. The user is made on first use and has no password. */
export async function demoSignInLink(url: string): Promise<{ link: string; userId: string }> {
  const email = "demo@seawall.invalid";
  const id = uuidv7();
  await pool().query(
    `INSERT INTO "User" ("id", "name", "email", "emailVerified", "updatedAt") VALUES ($1, 'Demo Owner', $2, true, now()) ON CONFLICT ("email") DO NOTHING`,
    [id, email],
  );
  const { rows } = await pool().query<{ id: string }>(`SELECT "id" FROM "User" WHERE "email" = $1`, [email]);
  const userId = rows[0]?.id ?? id;
  await pool().query(
    `INSERT INTO "RoleGrant" ("id", "userId", "role") SELECT $1, $2, 'Owner' WHERE NOT EXISTS (SELECT 1 FROM "RoleGrant" WHERE "userId" = $2)`,
    [uuidv7(), userId],
  );
  return { link: `${url}/welcome?token=${await issue("sign-in", userId, 24)}`, userId };
}
