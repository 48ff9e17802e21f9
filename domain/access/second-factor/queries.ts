import "server-only";
import { pool } from "@/lib/db";
import { auth } from "../auth";
import type { AccountScope } from "../scope";

export interface OwnSignIn {
  email: string;
  password: boolean;
  oidc: boolean;
  secondFactor: boolean;
  /** An Owner requires a second factor of everybody with a password. */
  required: boolean;
}

/** How the scope's own person signs in; null for a job. */
export async function ownSignIn(scope: AccountScope): Promise<OwnSignIn | null> {
  const { rows } = await pool().query<OwnSignIn>(
    `SELECT u.email, coalesce(u."twoFactorEnabled", false) AS "secondFactor", p."requireSecondFactor" AS required,
            EXISTS (SELECT 1 FROM "SignInMethod" m WHERE m."userId" = u.id AND m."providerId" = 'credential') AS password,
            EXISTS (SELECT 1 FROM "SignInMethod" m WHERE m."userId" = u.id AND m."providerId" <> 'credential') AS oidc
     FROM "User" u CROSS JOIN "SignInPolicy" p WHERE u.id = $1 AND p.id = 1`,
    [scope.userId],
  );
  return rows[0] ?? null;
}

/** How many backup codes the scope's own person has left; null without a second factor. */
export async function backupCodesLeft(scope: AccountScope): Promise<number | null> {
  if ((await ownSignIn(scope))?.secondFactor !== true || scope.userId === null) return null;
  const { backupCodes } = await auth().api.viewBackupCodes({ body: { userId: scope.userId } });
  return backupCodes.length;
}
