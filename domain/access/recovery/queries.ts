import "server-only";
import { pool } from "@/lib/db";
import { hashToken } from "../token";
import { type Factor, PURPOSES } from "./store";

/** Names of the API tokens that still work, of the person whose way back in a link opens: a new password does not end them. */
export async function tokensBehind(token: string): Promise<string[]> {
  const { rows } = await pool().query<{ name: string }>(
    `SELECT a.name FROM "OneTimeToken" t JOIN "ApiToken" a ON a."userId" = t."userId"
     WHERE t.hash = $1 AND t.purpose = ANY($2) AND t."usedAt" IS NULL AND t."expiresAt" > now() AND a."revokedAt" IS NULL AND a."expiresAt" > now()
     ORDER BY a.id DESC`,
    [hashToken(token), Object.values(PURPOSES)],
  );
  return rows.map(({ name }) => name);
}

/** Whose way back in a link opens, while it is open. Looking spends nothing. */
export async function openRecovery(token: string): Promise<{ email: string; factor: Factor } | null> {
  const { rows } = await pool().query<{ email: string; factor: Factor }>(
    `SELECT u.email, CASE WHEN t.purpose = $3 THEN 'off' ELSE 'keep' END AS factor FROM "OneTimeToken" t JOIN "User" u ON u.id = t."userId"
     WHERE t.hash = $1 AND t.purpose = ANY($2) AND t."usedAt" IS NULL AND t."expiresAt" > now()`,
    [hashToken(token), Object.values(PURPOSES), PURPOSES.off],
  );
  return rows[0] ?? null;
}
