import "server-only";
import { pool } from "@/lib/db";
import { type Grant, ROLES, type Role } from "./scope";
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
